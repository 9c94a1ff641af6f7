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
private struct Validation {
  private let graph: Graph
  private(set) var faults: [String] = []
  private static let mostFaults = 100

  init(_ graph: Graph) {
    self.graph = graph
  }

  private mutating func require(_ holds: Bool, _ fault: @autoclosure () -> String) {
    if !holds, faults.count < Validation.mostFaults { faults.append(fault()) }
  }

  // MARK: Tables

  mutating func checkTable(_ number: Int) {
    let (info, state) = (graph.layout.tables[number], graph.table(number))
    let slots = state.allSlots()
    require(
      slots.count == state.count, "\(info.name) counts \(state.count) rows and has \(slots.count)")
    var last: StoredValue?
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
      let values = state.values(at: slot)
      for (index, unique) in info.uniques.enumerated() {
        let value = unique.value(of: values)
        require(
          value.isNull || state.slot(ofUnique: value, in: index) == slot,
          "\(unique.name) does not find \(value) in the row \(key)")
      }
      if let fault = state.rows.fault(at: slot, info) { require(false, "\(fault)") }
    }
    let entries = state.indexEntryCounts
    require(
      entries.keys == slots.count,
      "\(info.primaryKeyName) has \(entries.keys) entries for \(slots.count) rows")
    for (index, unique) in info.uniques.enumerated() {
      let rows = slots.count { !unique.value(of: state.values(at: $0)).isNull }
      require(
        entries.uniques[index] == rows,
        "\(unique.name) has \(entries.uniques[index]) entries for \(rows) rows")
    }
    for (place, index) in info.indexes.enumerated() { checkIndex(number, place, index, slots) }
  }

  private mutating func checkIndex(
    _ number: Int, _ place: Int, _ index: IndexInfo, _ slots: [UInt32]
  ) {
    let state = graph.table(number)
    var expected: [UInt32: [UInt32]] = [:]
    for slot in slots {
      guard let link = index.parentLink else {
        expected[0, default: []].append(slot)
        continue
      }
      if let parent = graph.links(link).targets(of: slot, .forward).first {
        expected[parent, default: []].append(slot)
      }
    }
    var found: [UInt32: [UInt32]] = [:]
    if index.isRanked {
      state.orderedIndexes[place].forEachRun { found[$0, default: []] += $1 }
    } else if state.comparedIndexes[place].count > 0 {
      let count = state.comparedIndexes[place].count
      found[0] = state.comparedIndexes[place].slots(in: 0..<count)
    }
    for parent in Set(expected.keys).union(found.keys).sorted() {
      let rows = expected[parent] ?? []
      let inOrder = rows.sorted { left, right in
        let values = (
          state.value(of: index.column, at: left),
          state.value(of: index.column, at: right)
        )
        if index.isRanked, values.0.rank != values.1.rank { return values.0.rank < values.1.rank }
        if !index.isRanked, values.0 != values.1 { return values.0 < values.1 }
        return left < right
      }
      require(
        found[parent] ?? [] == inOrder,
        "\(index.name) does not have its \(rows.count) rows in order")
    }
  }

  // MARK: Links

  mutating func checkLinks(_ number: Int) {
    let (info, links) = (graph.layout.links[number], graph.links(number))
    let name = info.column == nil ? info.tableName : info.targetConstraint
    let (sources, targets) = (graph.table(info.source), graph.table(info.target))
    var count = 0
    var last: (source: UInt32, target: UInt32)?
    links.forEachLink { source, target in
      count += 1
      let isSound = sources.isLive(source) && targets.isLive(target)
      require(isSound, "\(name) has a link between rows that don't exist")
      let ascends = last.map { $0.source < source || ($0.source == source && $0.target < target) }
      require(ascends ?? true, "\(name) has links out of order")
      last = (source, target)
      require(
        links.contains(source, from: target, .backward), "\(name) has a link in one direction only")
      require(
        info.allowsSelfLinks || info.source != info.target || source != target,
        "\(info.selfLinkConstraint) is broken")
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

  private mutating func checkForeignKey(_ number: Int, _ info: Frozen<LinkInfo>, _ column: Int) {
    let (rows, parents) = (graph.table(info.source), graph.table(info.target))
    for slot in rows.allSlots() {
      let value = rows.value(of: column, at: slot)
      let expected = value.isNull ? nil : parents.slot(ofKey: value)
      require(
        value.isNull || expected != nil, "\(info.targetConstraint): \(value) does not exist")
      require(
        graph.links(number).targets(of: slot, .forward) == (expected.map { [$0] } ?? []),
        "\(info.targetConstraint) does not link the row \(rows.key(at: slot)) to \(value)")
    }
  }
}
