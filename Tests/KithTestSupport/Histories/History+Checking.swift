extension History {
  /// All anomalies of the history, one of each kind and place at least.
  package func anomalies() -> [FoundAnomaly] {
    var check = HistoryCheck(self)
    check.checkInside()
    check.findOrders()
    check.checkReads()
    check.checkLostUpdates()
    return check.found + DependencyGraph(check).anomalies()
  }
}

/// What is known of a history: who appended what, and in which order the values of each list stand.
struct HistoryCheck {
  struct Place: Hashable {
    let list: Int
    let value: Int
  }

  /// A version of a list that a transaction saw before it appended to it itself.
  struct Read: Hashable {
    let transaction: Int
    let list: Int
    let values: [Int]
  }

  let history: History
  private(set) var found: [FoundAnomaly] = []
  /// The transaction that appended a value.
  private(set) var writers: [Place: Int] = [:]
  /// The value that a transaction appended to a list last, by the value that it appended there.
  private var lastOfWriter: [Place: Int] = [:]
  private(set) var reads: [Read] = []
  /// The values of each list in their order, as far as anybody has read them.
  private(set) var orders: [Int: [Int]] = [:]

  init(_ history: History) {
    self.history = history
    for (number, transaction) in history.transactions.enumerated() {
      var lasts: [Int: Int] = [:]
      for case .append(let value, let list) in transaction.steps { lasts[list] = value }
      for case .append(let value, let list) in transaction.steps {
        let place = Place(list: list, value: value)
        precondition(writers[place] == nil, "a value is appended once")
        writers[place] = number
        lastOfWriter[place] = lasts[list]
      }
    }
  }

  private mutating func note(_ kind: Anomaly, _ transactions: [Int], _ reason: String) {
    found.append(FoundAnomaly(kind: kind, transactions: transactions, reason: reason))
  }

  /// Compares what each transaction saw with what it had done, and collects what it saw of others.
  mutating func checkInside() {
    for (number, transaction) in history.transactions.enumerated() {
      var own: [Int: [Int]] = [:]
      var seen: [Int: [Int]] = [:]
      for step in transaction.steps {
        switch step {
        case .append(let value, let list): own[list, default: []].append(value)
        case .read(let values, let list):
          let mine = own[list] ?? []
          let before = Array(values.dropLast(mine.count))
          let isMine =
            Array(values.suffix(mine.count)) == mine && Set(mine).isDisjoint(with: before)
          if !isMine || (seen[list] ?? before) != before {
            note(.inside, [number], "list \(list) was read as \(values)")
          } else if transaction.isCommitted, seen[list] == nil {
            reads.append(Read(transaction: number, list: list, values: before))
          }
          seen[list] = seen[list] ?? before
        }
      }
    }
  }

  /// Puts the values of each list in order: every read is the start of the longest one.
  mutating func findOrders() {
    for read in reads where read.values.count > orders[read.list]?.count ?? -1 {
      orders[read.list] = read.values
    }
    for read in reads {
      let order = orders[read.list] ?? []
      if !order.starts(with: read.values) {
        note(.order, [read.transaction], "list \(read.list) is \(order) and \(read.values)")
      }
    }
    for (list, order) in orders.sorted(by: { $0.key < $1.key }) {
      if Set(order).count < order.count { note(.order, [], "list \(list) repeats: \(order)") }
      for value in order where writers[Place(list: list, value: value)] == nil {
        note(.order, [], "nobody appended \(value) to list \(list)")
      }
    }
  }

  /// Finds what was read of transactions that were not committed, or not over.
  mutating func checkReads() {
    for read in reads {
      for value in read.values {
        guard let writer = writers[Place(list: read.list, value: value)] else { continue }
        if !history.transactions[writer].isCommitted {
          note(
            .abortedRead, [writer, read.transaction], "\(value) was read in list \(read.list)")
        }
      }
      guard let last = read.values.last else { continue }
      let place = Place(list: read.list, value: last)
      if let writer = writers[place], lastOfWriter[place] != last {
        note(
          .intermediateRead, [writer, read.transaction],
          "list \(read.list) was read up to \(last), before its writer had ended")
      }
    }
  }

  /// Finds transactions that appended to the same version of a list.
  mutating func checkLostUpdates() {
    struct Version: Hashable {
      let list: Int
      let length: Int
    }
    var writers: [Version: [Int]] = [:]
    for read in reads {
      let appends = history.transactions[read.transaction].steps.contains { step in
        if case .append(_, read.list) = step { true } else { false }
      }
      let version = Version(list: read.list, length: read.values.count)
      if appends { writers[version, default: []].append(read.transaction) }
    }
    for (version, writers) in writers where writers.count > 1 {
      note(
        .lostUpdate, writers.sorted(),
        "all read \(version.length) values of list \(version.list), and appended to them")
    }
  }
}
