/// A query over the naive store: where to start, and what to do then.
package struct Search: Hashable, Sendable {
  package enum Start: Hashable, Sendable {
    case all
    case key(Value)
    case keys([Value])
  }

  package enum Combination: String, Sendable, CaseIterable {
    case union, intersection, subtracting, symmetricDifference
  }

  package struct Term: Hashable, Sendable {
    package let column: Int
    package let isDescending: Bool
  }

  package indirect enum Operation: Hashable, Sendable {
    case hop(Way)
    case filter(Condition)
    /// Refuses rows whose column has a value, by a closure that no plan can look into.
    case closure(column: Int, Value)
    case sort([Term])
    case sortByCount(Way, isDescending: Bool)
    case prefix(Int)
    case dropFirst(Int)
    case excluding(Value)
    case combine(Combination, Search)
    case reachable(Way, ClosedRange<Int>)
  }

  /// The table of the first rows.
  package let table: Int
  package let start: Start
  package internal(set) var operations: [Operation] = []

  /// The table of the rows that are yielded.
  package var target: Int {
    operations.reduce(table) { table, operation in
      if case .hop(let way) = operation { way.target } else { table }
    }
  }
}

/// What a query yields.
package struct Answer: Sendable {
  /// The keys of the rows, in order.
  package let keys: [Value]
  /// The keys of the rows that most paths reach first, and how many those are.
  package let ranking: [Ranked]

  package struct Ranked: Equatable, Sendable {
    package let key: Value
    package let paths: Int

    package init(key: Value, paths: Int) {
      self.key = key
      self.paths = paths
    }
  }
}

extension NaiveStore {
  /// Runs a query by nested loops.
  package func answer(_ search: Search) -> Answer {
    let found = Found(search, self)
    let ranked = found.paths.compactMap { serial, paths in
      key(found.table, serial: serial).map { Answer.Ranked(key: $0, paths: paths) }
    }
    return Answer(
      keys: found.serials.compactMap { key(found.table, serial: $0) },
      ranking: ranked.sorted {
        $0.paths == $1.paths ? $0.key < $1.key : $0.paths > $1.paths
      })
  }
}

/// A query at some step of its operations.
private struct Found {
  var table: Int
  var serials: [Int] = []
  var paths: [Int: Int] = [:]
  let store: NaiveStore

  init(_ search: Search, _ store: NaiveStore) {
    table = search.table
    self.store = store
    switch search.start {
    case .all: serials = store.rows[table].map(\.serial)
    case .key(let key): serials = store.find(table, key).map { [$0.serial] } ?? []
    case .keys(let keys):
      serials = store.inOrder(table, Set(keys.compactMap { store.find(search.table, $0)?.serial }))
    }
    forgetPaths()
    for operation in search.operations { apply(operation) }
  }

  /// From here on a row has one path.
  private mutating func forgetPaths() {
    paths = Dictionary(uniqueKeysWithValues: serials.map { ($0, 1) })
  }

  private mutating func keep(_ accepts: (Int) -> Bool) {
    serials = serials.filter(accepts)
    paths = paths.filter { accepts($0.key) }
  }

  private mutating func apply(_ operation: Search.Operation) {
    switch operation {
    case .hop(let way):
      for hop in way.hops { paths = store.walked(hop, paths) }
      table = way.target
      serials = store.inOrder(table, Set(paths.keys))
    case .filter(let condition):
      let passing = Set(
        store.rows[table].filter { store.passes(condition, $0) }.map(\.serial))
      keep { passing.contains($0) }
    case .closure(let column, let value):
      let passing = Set(store.rows[table].filter { $0.values[column] != value }.map(\.serial))
      keep { passing.contains($0) }
    case .sort(let terms): sort(terms)
    case .sortByCount(let way, let isDescending):
      let counts = Dictionary(
        uniqueKeysWithValues: serials.map { ($0, store.paths(way, from: $0).count) })
      sort(by: counts, isDescending)
    case .prefix(let count):
      serials = Array(serials.prefix(count))
      forgetPaths()
    case .dropFirst(let count):
      serials = Array(serials.dropFirst(count))
      forgetPaths()
    case .excluding(let key):
      let excluded = store.find(table, key)?.serial
      keep { $0 != excluded }
    case .combine(let combination, let search): combine(combination, Found(search, store))
    case .reachable(let way, let steps):
      let distances = store.distances(way, from: serials)
      serials = store.inOrder(table, Set(distances.filter { steps.contains($0.value) }.keys))
      forgetPaths()
    }
  }

  private mutating func combine(_ combination: Search.Combination, _ other: Found) {
    let others = Set(other.serials)
    switch combination {
    case .union:
      serials = store.inOrder(table, others.union(serials))
      paths.merge(other.paths, uniquingKeysWith: +)
    case .intersection: keep { others.contains($0) }
    case .subtracting: keep { !others.contains($0) }
    case .symmetricDifference:
      serials = store.inOrder(table, others.symmetricDifference(serials))
      forgetPaths()
    }
  }

  private mutating func sort(_ terms: [Search.Term]) {
    let rows = store.rows[table].filter { serials.contains($0.serial) }
    serials = rows.sorted { left, right in
      for term in terms where left.values[term.column] != right.values[term.column] {
        return (left.values[term.column] < right.values[term.column]) != term.isDescending
      }
      return store.key(table, left.values) < store.key(table, right.values)
    }.map(\.serial)
  }

  private mutating func sort(by counts: [Int: Int], _ isDescending: Bool) {
    let (store, table) = (store, table)
    serials.sort { left, right in
      let (first, second) = (counts[left] ?? 0, counts[right] ?? 0)
      if first != second { return (first < second) != isDescending }
      let keys = (store.key(table, serial: left), store.key(table, serial: right))
      return (keys.0 ?? .null) < (keys.1 ?? .null)
    }
  }
}

extension Shape {
  /// A query as a reader would write it.
  package func text(_ search: Search) -> String {
    var text =
      switch search.start {
      case .all: "graph[\(tables[search.table].name)]"
      case .key(let key): "graph[\(tables[search.table].name), \(key)]"
      case .keys(let keys): "graph[\(tables[search.table].name), \(keys)]"
      }
    var table = search.table
    for operation in search.operations {
      text += "." + self.text(operation, of: table)
      if case .hop(let way) = operation { table = way.target }
    }
    return text
  }

  private func text(_ operation: Search.Operation, of table: Int) -> String {
    switch operation {
    case .hop(let way): "hop(\(text(way)))"
    case .filter(let condition): "filter(\(text(condition, of: table)))"
    case .closure(let column, let value):
      "filter { $0.\(tables[table].columns[column].name) != \(value) }"
    case .sort(let terms):
      "sorted("
        + terms.map { "\(tables[table].columns[$0.column].name)\($0.isDescending ? " ↓" : "")" }
        .joined(separator: ", ") + ")"
    case .sortByCount(let way, let isDescending):
      "sorted(count of \(text(way))\(isDescending ? " ↓" : ""))"
    case .prefix(let count): "prefix(\(count))"
    case .dropFirst(let count): "dropFirst(\(count))"
    case .excluding(let key): "excluding(\(key))"
    case .combine(let combination, let other): "\(combination.rawValue)(\(text(other)))"
    case .reachable(let way, let steps): "reachable(\(text(way)), within: \(steps))"
    }
  }
}
