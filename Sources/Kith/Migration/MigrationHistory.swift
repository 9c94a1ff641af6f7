/// The migrations of a program and how they follow each other, beside those that a folder has had.
struct MigrationHistory: Sendable {
  let migrations: [Migration]
  /// The places of the migrations that each follows. They stand before it in the list.
  private let predecessors: [[Int]]
  /// The names of those that were done, in the order in which they were.
  let applied: [String]

  /// - Throws: `GraphError.migrationUnreachable` if two have one name, or one follows what does not
  ///   stand before it.
  init(_ migrations: [Migration], applied: [String]) throws(GraphError) {
    var places: [String: Int] = [:]
    var predecessors: [[Int]] = []
    for (place, migration) in migrations.enumerated() {
      if migration.name.isEmpty {
        throw .migrationUnreachable(reason: "a migration needs a name")
      }
      var before: [Int] = []
      for name in migration.predecessors ?? (place == 0 ? [] : [migrations[place - 1].name]) {
        guard let predecessor = places[name] else {
          throw .migrationUnreachable(
            reason: "\(migration.name) follows \(name), which does not stand before it in the list")
        }
        before.append(predecessor)
      }
      guard places.updateValue(place, forKey: migration.name) == nil else {
        throw .migrationUnreachable(reason: "two migrations are named \(migration.name)")
      }
      predecessors.append(before)
    }
    self.migrations = migrations
    self.predecessors = predecessors
    self.applied = applied
  }

  // MARK: Where it stands

  /// Those that were done and that this program does not have.
  var unknown: [String] {
    applied.filter { name in !migrations.contains { $0.name == name } }
  }

  /// Those that none follows.
  var heads: [String] { names(heads(of: Set(migrations.indices))) }

  /// The last applied migration of each branch, after the applied ones that this program does not
  /// have.
  var current: [String] { unknown + names(heads(of: done)) }

  /// The migrations that are still to be applied.
  var pending: [String] { names(migrations.indices.filter { !done.contains($0) }) }

  /// One sentence for each pending migration.
  var reasons: [String] { pending.map { "\($0) is to be done" } }

  /// The names of those that a migration follows.
  func predecessors(of place: Int) -> [String] { names(predecessors[place]) }

  private var done: Set<Int> {
    let names = Set(applied)
    return Set(migrations.indices.filter { names.contains(migrations[$0].name) })
  }

  private func names(_ places: some Sequence<Int>) -> [String] {
    places.sorted().map { migrations[$0].name }
  }

  private func heads(of places: Set<Int>) -> Set<Int> {
    places.subtracting(places.flatMap { predecessors[$0] })
  }

  private func withAncestors(_ places: some Sequence<Int>) -> Set<Int> {
    var found: Set<Int> = []
    var left = Array(places)
    while let place = left.popLast() {
      if found.insert(place).inserted { left += predecessors[place] }
    }
    return found
  }

  // MARK: Ways

  /// What is to be done, in order, to get to a target.
  func upgrade(to target: Migration.Target) throws(GraphError) -> [Migration] {
    try requireKnown()
    try requireInOrder()
    let needed: Set<Int>
    switch target {
    case .head, .heads: needed = withAncestors(try places(of: target))
    case .named(let name): needed = withAncestors([try place(of: name)])
    case .steps(let count) where count > 0:
      return try next(count.magnitude).map { migrations[$0] }
    case .steps, .base:
      throw .migrationUnreachable(reason: "an upgrade leads to a later migration, not back")
    }
    return needed.subtracting(done).sorted().map { migrations[$0] }
  }

  /// What is to be undone, in order, to get back to a target.
  func downgrade(to target: Migration.Target) throws(GraphError) -> [Migration] {
    try requireKnown()
    try requireInOrder()
    let undone: [Int]
    switch target {
    case .base: undone = done.sorted()
    case .named(let name):
      let place = try place(of: name)
      guard done.contains(place) else {
        throw .migrationUnreachable(
          reason:
            "\(migrations[place].name) was not done: a downgrade leads to an earlier migration")
      }
      undone = done.filter { $0 != place && withAncestors([$0]).contains(place) }.sorted()
    case .steps(let count) where count < 0: undone = try last(count.magnitude)
    case .head, .heads, .steps:
      throw .migrationUnreachable(reason: "a downgrade leads to an earlier migration")
    }
    guard !undone.isEmpty else {
      throw .migrationUnreachable(reason: "nothing is to be undone on the way to \(target.words)")
    }
    for place in undone where migrations[place].down == nil {
      throw .migrationUnreachable(
        reason: "\(migrations[place].name) can't be undone: it does not say how")
    }
    return undone.reversed().map { migrations[$0] }
  }

  /// The names to remember if all up to a target were done.
  func stamped(_ target: Migration.Target) throws(GraphError) -> [String] {
    switch target {
    case .base: return []
    case .named(let name): return names(withAncestors([try place(of: name)]))
    case .head, .heads: return names(withAncestors(try places(of: target)))
    case .steps:
      throw .migrationUnreachable(reason: "a stamp names a migration, head, heads or base")
    }
  }

  private func requireKnown() throws(GraphError) {
    if !unknown.isEmpty {
      throw .migrationUnreachable(
        reason:
          "\(unknown.joined(separator: ", ")) was done and is not in the list: a newer program has "
          + "done it, or it was removed from the list")
    }
  }

  /// Requires that nothing was done without what it follows, as it is when a migration was put
  /// between two that a folder has had, or before it, as when two have exchanged their places: it would
  /// be done to other tables than it was written for.
  private func requireInOrder() throws(GraphError) {
    let turns = Dictionary(zip(applied, 0...)) { first, _ in first }
    for place in done.sorted() {
      let name = migrations[place].name
      let missing = predecessors[place].filter { !done.contains($0) }
      if !missing.isEmpty {
        let names = names(missing).joined(separator: ", ")
        throw .migrationUnreachable(
          reason: "\(name) was done, and \(names), which it follows, was not: put \(names) behind "
            + "it, make both branches with after:, or stamp the folder")
      }
      let late = names(predecessors[place]).first {
        turns[$0, default: 0] > turns[name, default: 0]
      }
      if let late {
        throw .migrationUnreachable(
          reason: "\(name) was done before \(late), which it follows in the list: list both in the "
            + "order in which they were done, or stamp the folder")
      }
    }
  }

  private func places(of target: Migration.Target) throws(GraphError) -> Set<Int> {
    let heads = heads(of: Set(migrations.indices))
    if target == .head, heads.count > 1 {
      throw .migrationUnreachable(
        reason: "there are several heads, \(names(heads).joined(separator: ", ")): name one, say "
          + "heads, or merge them")
    }
    return heads
  }

  /// The place of the migration with a name, or of the only one whose name starts so.
  private func place(of name: String) throws(GraphError) -> Int {
    if let place = migrations.firstIndex(where: { $0.name == name }) { return place }
    let places =
      name.isEmpty ? [] : migrations.indices.filter { migrations[$0].name.hasPrefix(name) }
    if let place = places.first, places.count == 1 { return place }
    throw .migrationUnreachable(
      reason: places.isEmpty
        ? "there is no migration \(name)"
        : "\(name) may be any of \(names(places).joined(separator: ", "))")
  }

  /// The next migrations, one after the other, as long as there is one way to go.
  private func next(_ count: UInt) throws(GraphError) -> [Int] {
    var (reached, way): (Set<Int>, [Int]) = (done, [])
    for _ in 0..<count {
      let ready = migrations.indices.filter {
        !reached.contains($0) && reached.isSuperset(of: predecessors[$0])
      }
      let place = try only(ready, orNone: "no migration is left to be done", advice: "name one")
      reached.insert(place)
      way.append(place)
    }
    return way
  }

  /// The last migrations that were done, as long as there is one way back, the last one last.
  private func last(_ count: UInt) throws(GraphError) -> [Int] {
    var (left, way): (Set<Int>, [Int]) = (done, [])
    for _ in 0..<count {
      let place = try only(
        heads(of: left).sorted(), orNone: "no migration is left to be undone",
        advice: "name the migration to go back to, and all that follow it are undone")
      left.remove(place)
      way.insert(place, at: 0)
    }
    return way
  }

  private func only(
    _ places: [Int], orNone none: String, advice: String
  ) throws(GraphError) -> Int {
    guard let first = places.first else { throw .migrationUnreachable(reason: none) }
    if places.count == 1 { return first }
    throw .migrationUnreachable(
      reason: "there are several ways, \(names(places).joined(separator: ", ")): \(advice)")
  }
}

extension Migration.Target {
  fileprivate var words: String {
    switch self {
    case .head: "head"
    case .heads: "heads"
    case .base: "base"
    case .named(let name): name
    case .steps(let count): count > 0 ? "+\(count)" : "\(count)"
    }
  }
}
