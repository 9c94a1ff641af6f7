import KithCore

extension Graph {
  /// Compares every index with the rows that it indexes, every link with the rows at its ends, and
  /// every row with the rules of its table.
  ///
  /// A sound graph passes; one that does not was damaged by a fault of Kith or of the machine.
  ///
  /// - Throws: `GraphError.damaged` with all that is wrong, at most a hundred sentences.
  /// - Complexity: O((rows + links) · log).
  public func validate() throws(GraphError) {
    var validation = Validation(self)
    for table in layout.tables.indices { validation.checkTable(table) }
    for link in layout.links.indices { validation.checkLinks(link) }
    if !validation.faults.isEmpty { throw .damaged(validation.faults) }
  }
}

/// An integrity check in progress.
struct Validation {
  let graph: Graph
  private(set) var faults: [String] = []
  private static let mostFaults = 100

  init(_ graph: Graph) {
    self.graph = graph
  }

  mutating func require(_ holds: Bool, _ fault: @autoclosure () -> String) {
    if !holds, faults.count < Validation.mostFaults { faults.append(fault()) }
  }

  // MARK: Tables

  mutating func checkTable(_ number: Int) {
    let (info, state) = (graph.layout.tables[number], graph.table(number))
    let slots = state.allSlots()
    require(
      slots.count == state.count, "\(info.name) counts \(state.count) rows and has \(slots.count)")
    var last: StoredValue?
    var uniqueRows = [Int](repeating: 0, count: info.uniques.count)
    for slot in slots {
      let key = state.storedKey(at: slot)
      require(
        state.slot(ofKey: key) == slot, "\(info.primaryKeyName) does not find the row \(key)")
      require(
        state.key(at: slot) == key,
        "\(info.primaryKeyName) says \(state.key(at: slot)) of the row \(key)")
      if state.keysAscend, let last {
        require(last < key, "\(info.primaryKeyName) is said to ascend from \(last) to \(key)")
      }
      last = key
      if !info.uniques.isEmpty { checkUniques(info, state, slot, key, &uniqueRows) }
      if let fault = state.rows.fault(at: slot, info) { require(false, "\(fault)") }
    }
    let entries = state.indexEntryCounts
    require(
      entries.keys == slots.count,
      "\(info.primaryKeyName) has \(entries.keys) entries for \(slots.count) rows")
    for (index, unique) in info.uniques.enumerated() {
      require(
        entries.uniques[index] == uniqueRows[index],
        "\(unique.name) has \(entries.uniques[index]) entries for \(uniqueRows[index]) rows")
    }
    for (place, index) in info.indexes.enumerated() { checkIndex(number, place, index, slots) }
  }

  /// Looks a row's unique values up, and counts those that are not missing.
  private mutating func checkUniques(
    _ info: Frozen<TableInfo>, _ state: TableState, _ slot: UInt32, _ key: StoredValue,
    _ counts: inout [Int]
  ) {
    let values = state.values(at: slot)
    for (index, unique) in info.uniques.enumerated() {
      let value = unique.value(of: values)
      if value.isNull { continue }
      counts[index] += 1
      require(
        state.slot(ofUnique: value, in: index) == slot,
        "\(unique.name) does not find \(value) in the row \(key)")
    }
  }

  // MARK: Links

  mutating func checkLinks(_ number: Int) {
    let (info, links) = (graph.layout.links[number], graph.links(number))
    let name = info.column == nil ? info.tableName : info.targetConstraint
    let (sources, targets) = (graph.table(info.source), graph.table(info.target))
    let lives = (sources.lives, info.source == info.target ? sources.lives : targets.lives)
    var (count, isOutside) = (0, false)
    var last: (source: UInt32, target: UInt32)?
    links.forward.forEachSource { source, run in
      count += run.count
      let sourceLives = Int(source) < lives.0.count && lives.0[Int(source)]
      for index in run.indices {
        let target = run[index]
        if !sourceLives || Int(target) >= lives.1.count || !lives.1[Int(target)] {
          require(false, "\(name) has a link between rows that don't exist")
          isOutside = isOutside || Int(target) >= lives.1.count
        }
        if let last, last.source > source || (last.source == source && last.target >= target) {
          require(false, "\(name) has links out of order")
        }
        last = (source, target)
        if source == target, info.source == info.target, !info.allowsSelfLinks {
          require(false, "\(info.selfLinkConstraint) is broken")
        }
      }
    }
    // Room is made for the largest target, which may be any number in a page that is damaged.
    if !isOutside {
      links.forEachLinkOfSourceAlone { _, _ in
        require(false, "\(name) has a link in one direction only")
      }
    }
    var backward = 0
    links.backward.forEachSource { backward += $1.count }
    require(
      count == links.count && backward == count,
      "\(name) counts \(links.count) links and has \(count) forward and \(backward) backward")
    for fault in links.forward.validate() + links.backward.validate() {
      require(false, "\(name): \(fault)")
    }
    if let column = info.column { checkForeignKey(number, info, column) }
  }

  /// Compares a column with the links that it makes. The keys of the parents are found where the links
  /// lead, which is one look-up less than to find them by their indexes; those are compared before.
  private mutating func checkForeignKey(_ number: Int, _ info: Frozen<LinkInfo>, _ column: Int) {
    let (rows, parents, links) = (
      graph.table(info.source), graph.table(info.target), graph.links(number)
    )
    for slot in rows.allSlots() {
      let value = rows.value(of: column, at: slot)
      let count = links.count(of: slot, .forward)
      if value.isNull, count == 0 { continue }
      if count == 1, let parent = graph.parent(number, of: slot), parents.isLive(parent),
        parents.storedKey(at: parent) == value
      {
        continue
      }
      let expected = value.isNull ? nil : parents.slot(ofKey: value)
      require(
        value.isNull || expected != nil, "\(info.targetConstraint): \(value) does not exist")
      require(
        links.targets(of: slot, .forward) == (expected.map { [$0] } ?? []),
        "\(info.targetConstraint) does not link the row \(rows.key(at: slot)) to \(value)")
    }
  }
}

extension TableState {
  /// Whether a row lives, for each slot.
  fileprivate var lives: [Bool] {
    var lives = [Bool](repeating: false, count: Int(slotEnd))
    for slot in allSlots() { lives[Int(slot)] = true }
    return lives
  }
}
