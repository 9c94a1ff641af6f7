/// The transactions of a history that were committed, and which must have come before which.
///
/// ```
/// write → read     the second saw what the first had appended
/// write → write    the second appended right behind the first
/// read → write     the second appended what the first had not seen yet
/// time             the second began when the first had ended
/// ```
struct DependencyGraph {
  struct Kinds: OptionSet, Hashable {
    let rawValue: Int
    static let writeWrite = Kinds(rawValue: 1)
    static let writeRead = Kinds(rawValue: 2)
    static let readWrite = Kinds(rawValue: 4)
    static let time = Kinds(rawValue: 8)
    static let writes: Kinds = [.writeWrite, .writeRead]
    static let data: Kinds = [.writeWrite, .writeRead, .readWrite]
    static let all: Kinds = [.writeWrite, .writeRead, .readWrite, .time]
  }

  /// The transactions that must come after one, and why.
  private var next: [[Int: Kinds]]

  init(_ check: HistoryCheck) {
    next = Array(repeating: [:], count: check.history.transactions.count)
    addOrders(check)
    addReads(check)
    addTime(check.history)
  }

  private mutating func add(_ kind: Kinds, from source: Int?, to target: Int?) {
    guard let source, let target, source != target else { return }
    next[source][target, default: []].insert(kind)
  }

  private mutating func addOrders(_ check: HistoryCheck) {
    for (list, order) in check.orders {
      let writers = order.map { check.writers[.init(list: list, value: $0)] }
      for (first, second) in zip(writers, writers.dropFirst()) {
        add(.writeWrite, from: first, to: second)
      }
    }
  }

  private mutating func addReads(_ check: HistoryCheck) {
    for read in check.reads {
      let order = check.orders[read.list] ?? []
      if let last = read.values.last {
        add(
          .writeRead, from: check.writers[.init(list: read.list, value: last)],
          to: read.transaction)
      }
      // A transaction that appends itself comes before those whose values follow its own.
      let unseen = order.dropFirst(read.values.count).lazy.map {
        check.writers[.init(list: read.list, value: $0)]
      }
      if let writer = unseen.first(where: { $0 != read.transaction }) {
        add(.readWrite, from: read.transaction, to: writer)
      }
    }
  }

  /// Adds who came after whom, without those that follow from others.
  private mutating func addTime(_ history: History) {
    let timed = history.transactions.indices.filter {
      !history.transactions[$0].time.isEmpty && history.transactions[$0].isCommitted
    }
    let times = history.transactions.map(\.time)
    let moments =
      (timed.map { (times[$0].lowerBound, $0, true) }
      + timed.map { (times[$0].upperBound, $0, false) }).sorted { $0.0 < $1.0 }
    var ended: [Int] = []
    for (_, number, begins) in moments {
      if begins {
        for earlier in ended { add(.time, from: earlier, to: number) }
      } else {
        ended.removeAll { times[$0].upperBound < times[number].lowerBound }
        ended.append(number)
      }
    }
  }

  // MARK: Cycles

  /// The cycles of the graph, classified by what closes them; the worst of each component.
  func anomalies() -> [FoundAnomaly] {
    let sought: [(Anomaly, Kinds, back: Kinds)] = [
      (.writeCycle, .writeWrite, .writeWrite), (.informationCycle, .writeRead, .writes),
      (.singleSkew, .readWrite, .writes), (.writeSkew, .readWrite, .data),
      (.staleRead, .time, .all),
    ]
    var found: [FoundAnomaly] = []
    // What a cycle explains already is no other anomaly.
    var explained: Set<Int> = []
    for (kind, closing, back) in sought {
      for component in components(closing.union(back)) where explained.isDisjoint(with: component) {
        guard let cycle = cycle(in: component, closing, back) else { continue }
        found.append(
          FoundAnomaly(
            kind: kind, transactions: cycle,
            reason: "\(cycle.map { "\($0) → " }.joined())\(cycle[0])"))
        explained.formUnion(component)
      }
    }
    return found
  }

  /// A cycle of one edge of some kinds, and of the shortest way back over edges of others.
  private func cycle(in component: Set<Int>, _ closing: Kinds, _ back: Kinds) -> [Int]? {
    for source in component.sorted() {
      for (target, kinds) in next[source].sorted(by: { $0.key < $1.key })
      where component.contains(target) && !kinds.isDisjoint(with: closing) {
        if let path = path(from: target, to: source, back) { return [source] + path.dropLast() }
      }
    }
    return nil
  }

  /// The shortest way from one transaction to another.
  private func path(from start: Int, to end: Int, _ kinds: Kinds) -> [Int]? {
    var before: [Int: Int] = [start: start]
    var level = [start]
    while !level.isEmpty, before[end] == nil {
      var reached: [Int] = []
      for source in level {
        for (target, found) in next[source].sorted(by: { $0.key < $1.key })
        where !found.isDisjoint(with: kinds) && before[target] == nil {
          before[target] = source
          reached.append(target)
        }
      }
      level = reached
    }
    guard before[end] != nil else { return nil }
    var path = [end]
    while let last = path.last, last != start { path.append(before[last] ?? start) }
    return path.reversed()
  }

  /// The sets of several transactions each of which must come before all others of the set: strongly
  /// connected components (Tarjan, *Depth-First Search and Linear Graph Algorithms*, 1972), without
  /// recursion.
  func components(_ kinds: Kinds) -> [Set<Int>] {
    var search = ComponentSearch(
      next.map { targets in
        targets.filter { !$0.value.isDisjoint(with: kinds) }.map(\.key).sorted()
      })
    return search.run()
  }
}
