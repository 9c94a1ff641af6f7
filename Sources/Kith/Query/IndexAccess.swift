import Foundation
import KithCore

/// The rows of a whole table that an index or a walk finds for a predicate, or a few more.
struct IndexAccess {
  /// The name of the index or constraint, or the walk.
  let name: String
  /// How many rows it finds, or about how many.
  let count: Int
  /// Whether the predicate accepts all of them, so that they need not be tested.
  let isExact: Bool
  /// Whether it finds exactly as many.
  let isCounted: Bool
  /// Finds rows by ascending slot, among them all that the predicate accepts.
  let slots: () -> [UInt32]

  private init(
    _ name: String, count: Int, isExact: Bool = false, isCounted: Bool = true,
    slots: @escaping () -> [UInt32]
  ) {
    self.name = name
    self.count = count
    self.isExact = isExact
    self.isCounted = isCounted
    self.slots = slots
  }

  /// Finds the part of a predicate that an index serves best, or nil if none does.
  init?(_ shape: PredicateShape, _ graph: Graph, table: Int) {
    let finder = Finder(graph: graph, state: graph.table(table))
    guard let access = finder.access(shape) else { return nil }
    self = access
  }

  /// Looks for indexes of one table.
  private struct Finder {
    let graph: Graph
    let state: TableState
    var info: Frozen<TableInfo> { state.info }

    func access(_ shape: PredicateShape) -> IndexAccess? {
      switch shape {
      case .comparison(let column, _, .equal, let value): equal(column, value)
      case .comparison(let column, _, let comparison, let value): range(column, comparison, value)
      case .among(let column, _, let values): among(column, values)
      case .prefix(let column, _, let text): prefix(column, text)
      case .any(let shapes): any(shapes.map { access($0) })
      case .all(let shapes): best(of: shapes)
      case .reaching(let walk, let destination): walked(walk, destination)
      case .count, .negated, .other: nil
      }
    }

    /// The access that finds the fewest rows, among which are those that all of several predicates
    /// accept.
    private func best(of conjuncts: [PredicateShape]) -> IndexAccess? {
      var found = conjuncts.compactMap { access($0) }
      if conjuncts.count > 1 {
        found = found.map { one in
          IndexAccess(one.name, count: one.count, isCounted: one.isCounted, slots: one.slots)
        }
        var values: [Int: StoredValue] = [:]
        for case .comparison(let column, _, .equal, let value) in conjuncts {
          values[column] = value
        }
        found += ranges(conjuncts) + together(values, conjuncts)
        if let whole = wholeKey(values) { found.append(whole) }
      }
      return found.min { $0.count < $1.count }
    }

    /// A primary key or unique constraint of several columns, each of which must equal a value.
    private func wholeKey(_ values: [Int: StoredValue]) -> IndexAccess? {
      func parts(_ columns: [Int]) -> [StoredValue]? {
        let parts = columns.compactMap { values[$0] }.filter { !$0.isNull }
        return columns.count > 1 && parts.count == columns.count ? parts : nil
      }
      if let key = parts(info.primaryKey) {
        return one(info.primaryKeyName, state.slot(ofKey: .key(key)), isExact: false)
      }
      for (index, unique) in info.uniques.enumerated() {
        if let key = parts(unique.columns) {
          return one(
            unique.name, state.slot(ofUnique: .composite(key), in: index), isExact: false)
        }
      }
      return nil
    }

    private func one(_ name: String, _ slot: UInt32?, isExact: Bool) -> IndexAccess {
      let slots = slot.map { [$0] } ?? []
      return IndexAccess(name, count: slots.count, isExact: isExact) { slots }
    }

    /// The rows of any of several accesses, if all parts have one.
    private func any(_ parts: [IndexAccess?]) -> IndexAccess? {
      let found = parts.compactMap(\.self)
      guard found.count == parts.count else { return nil }
      var seen: Set<String> = []
      let distinct = found.map(\.name).filter { seen.insert($0).inserted }
      return IndexAccess(
        distinct.isEmpty ? "nothing to find" : distinct.joined(separator: " and "),
        count: found.reduce(0) { $0 + $1.count }, isExact: found.allSatisfy(\.isExact),
        isCounted: false
      ) {
        DistinctSlots.ascending(found.flatMap { $0.slots() })
      }
    }

    /// The rows of which each has one of some distinct values.
    private func among(_ column: Int, _ values: [StoredValue]) -> IndexAccess? {
      guard !values.isEmpty, !values.contains(where: \.isNull), let only = only(column) else {
        return any(values.map { equal(column, $0) })
      }
      let slots = DistinctSlots.ascending(values.compactMap(only.find))
      let isExact = !values.contains(where: \.isNotANumber)
      return IndexAccess(only.name, count: slots.count, isExact: isExact) { slots }
    }

    /// What finds the only row that has a value in a column; nil if several may have it.
    private func only(_ column: Int) -> (name: String, find: (StoredValue) -> UInt32?)? {
      if info.primaryKey == [column] { return (info.primaryKeyName, { state.slot(ofKey: $0) }) }
      return info.uniques.firstIndex { $0.columns == [column] }.map { unique in
        (info.uniques[unique].name, { state.slot(ofUnique: $0, in: unique) })
      }
    }

    private func equal(_ column: Int, _ value: StoredValue) -> IndexAccess? {
      if value.isNull { return range(column, .equal, value) }
      // A number that is none is one value to an index, and equals no other as predicates compare.
      let isExact = !value.isNotANumber
      if let only = only(column) { return one(only.name, only.find(value), isExact: isExact) }
      let link = info.foreignKeys.first { graph.layout.links[$0].column == column }
      guard let link else { return range(column, .equal, value) }
      let reference = graph.layout.links[link]
      if reference.isDeferred, !graph.pending.isEmpty { return nil }
      guard let parent = graph.table(reference.target).slot(ofKey: value) else {
        return one(reference.targetConstraint, nil, isExact: isExact)
      }
      return IndexAccess(
        reference.targetConstraint,
        count: graph.linkCount(of: parent, link, .backward), isExact: isExact
      ) { [graph] in
        graph.links(link).targets(of: parent, .backward)
      }
    }

    /// The rows between what several comparisons of one column leave.
    private func ranges(_ conjuncts: [PredicateShape]) -> [IndexAccess] {
      info.indexes.indices.compactMap { number in
        let index = info.indexes[number]
        guard index.isSequence(of: index.column), index.isRanked else { return nil }
        let ranges = conjuncts.compactMap {
          RankRange($0, of: index.column, info.columns[index.column])
        }
        if ranges.count < 2 { return nil }
        let range = ranges.reduce(into: RankRange()) { $0.formIntersection($1) }
        let rows = IndexedRows(state, number)
        return access(rows, rows.places(of: range), isExact: ranges.count == conjuncts.count)
      }
    }

    private func range(
      _ column: Int, _ comparison: PredicateShape.Comparison, _ value: StoredValue
    ) -> IndexAccess? {
      guard comparison != .notEqual else { return nil }
      guard let number = info.indexes.firstIndex(where: { $0.isSequence(of: column) }) else {
        return comparison == .equal ? together(column, value) : nil
      }
      let rows = IndexedRows(state, number)
      let shape = PredicateShape.comparison(column: column, name: "", comparison, value)
      if rows.index.isRanked, let range = RankRange(shape, of: column, info.columns[column]) {
        return access(rows, rows.places(of: range), isExact: true)
      }
      let places: Range<Int> =
        switch comparison {
        case .less: 0..<rows.place(before: value)
        case .lessOrEqual: 0..<rows.place(behind: value)
        case .greater: rows.place(behind: value)..<rows.end
        case .greaterOrEqual: rows.place(before: value)..<rows.end
        case .equal, .notEqual: rows.places(equalTo: value)
        }
      return access(rows, places)
    }

    /// The rows that have a value in the first of the two columns of an index.
    private func together(_ column: Int, _ value: StoredValue) -> IndexAccess? {
      info.indexes.firstIndex { $0.leading == column }.map { number in
        let rows = IndexedRows(state, number, with: value)
        return access(rows, rows.places())
      }
    }

    /// The rows that have a value in the first of the two columns of an index, and in the second one of
    /// the ranks that are left.
    private func together(
      _ values: [Int: StoredValue], _ conjuncts: [PredicateShape]
    ) -> [IndexAccess] {
      info.indexes.indices.compactMap { number in
        let index = info.indexes[number]
        guard let value = index.leading.flatMap({ values[$0] }) else { return nil }
        let range = conjuncts.reduce(into: RankRange()) { range, shape in
          RankRange(shape, of: index.column, info.columns[index.column])
            .map { range.formIntersection($0) }
        }
        if range.isFull { return nil }
        let rows = IndexedRows(state, number, with: value)
        return access(rows, rows.places(of: range))
      }
    }

    private func prefix(_ column: Int, _ text: String) -> IndexAccess? {
      let number = info.indexes.firstIndex { $0.isSequence(of: column) }
      guard let number, !info.indexes[number].isRanked else { return nil }
      let rows = IndexedRows(state, number)
      let end = rows.place { value in
        guard case .text(let other) = value else { return value.isNull }
        return other < text || other.startsInOrder(with: text)
      }
      let start = rows.place(before: .text(text))
      return access(rows, start..<max(start, end))
    }

    /// The rows at some places of an index.
    private func access(
      _ rows: IndexedRows, _ places: Range<Int>, isExact: Bool = false
    ) -> IndexAccess {
      IndexAccess(rows.index.name, count: places.count, isExact: isExact) {
        rows.slots(in: places).sorted()
      }
    }

    /// The rows from which a walk leads to some rows, found by walking back from those.
    private func walked(
      _ walk: PredicateShape.Walk, _ destination: PredicateShape.Destination
    ) -> IndexAccess? {
      let node = destination.node(graph)
        .following(walk.path.reversed().map(\.reversed), graph.layout)
      return IndexAccess(
        "walk back \(walk)", count: Estimate(graph).rows(node), isExact: true, isCounted: false
      ) { [graph] in
        Executor(graph: graph).set(node)
      }
    }
  }
}

extension String {
  /// Whether a text stands, in the order of texts, among those that start with a prefix: all texts
  /// with the prefix do, and they stand side by side. Texts are compared as Swift orders them, by
  /// the scalars of their canonical composition.
  fileprivate func startsInOrder(with prefix: String) -> Bool {
    if utf8.allSatisfy({ $0 < 0x80 }), prefix.utf8.allSatisfy({ $0 < 0x80 }) {
      return utf8.starts(with: prefix.utf8)
    }
    return precomposedStringWithCanonicalMapping.utf8
      .starts(with: prefix.precomposedStringWithCanonicalMapping.utf8)
  }
}
