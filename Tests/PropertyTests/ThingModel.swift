import Kith
import KithFixtures

/// A row with all that queries can tell apart: columns with and without an index, empty values, a
/// foreign key to its own table that an ordered index serves, and links.
struct Thing: Row {
  var id: Int
  var group: Int
  var score: Int?
  var name: String
  var parent: Thing.ID?

  static let table = Table(
    "things", Self.init,
    Column("id", \.id),
    Column("group", \.group).indexed(),
    Column("score", \.score),
    Column("name", \.name).indexed(),
    Column("parent_id", \.parent, references: Thing.self)
  )
  .index(\.parent, orderedBy: \.group)
  .index(\.parent, orderedBy: \.name)
  .index(\.group, orderedBy: \.score)
  .index(\.score, orderedBy: \.name)

  static let links = Association(
    "links", from: Thing.self, "source_id", to: Thing.self, "target_id")
  static let targets = hasMany(through: links)
  static let sources = hasMany(through: links.inverse)
  static let children = hasMany(\Thing.parent)
  static let parents = belongsTo(Thing.self, \.parent)
}

/// The same rows and links as arrays, with loops for indexes.
struct ThingModel {
  /// The largest key that a row may have; not every key has a row.
  static let largestKey = 15

  /// In order of insertion.
  private(set) var things: [Thing] = []
  private(set) var links: [(source: Int, target: Int)] = []

  /// Rows whose keys do not ascend, with many equal values.
  init(_ random: inout SplitMix64) {
    let count = 1 + random.number(below: ThingModel.largestKey)
    for key in random.permutation(count) {
      let parent = random.number(below: 2 * count)
      things.append(
        Thing(
          id: key + 1, group: random.number(below: 4),
          score: random.number(below: 3) == 0 ? nil : random.number(below: 4) - 1,
          name: ["", "a", "ab", "b", "c"][random.number(below: 5)],
          parent: things.indices.contains(parent) ? things[parent].id : nil))
    }
    let linkCount = random.number(below: 4) * count
    for _ in 0..<linkCount {
      let (source, target) = (random.number(below: count) + 1, random.number(below: count) + 1)
      if !links.contains(where: { $0 == (source, target) }) { links.append((source, target)) }
    }
    if random.number(below: 2) == 0 { removeLeaf() }
  }

  /// The graph, in which a row that the model does not have had been inserted and deleted.
  func graph() throws -> Graph {
    let schema = try Schema {
      Thing.self
      Thing.links
    }
    var graph = Graph(schema)
    let ghost = Thing(id: 99, group: 2, score: 1, name: "a", parent: nil)
    for (index, thing) in things.enumerated() {
      if index == things.count / 2 { try graph.insert(ghost) }
      try graph.insert(thing)
    }
    try graph.delete(Thing.self, 99)
    try graph.load(Thing.links, links.map { ($0, $1) }, allOrNothing: true)
    return graph
  }

  /// Leaves a key out that others may still ask for.
  private mutating func removeLeaf() {
    let parents = Set(things.compactMap(\.parent))
    guard let place = things.lastIndex(where: { !parents.contains($0.id) }) else { return }
    let key = things.remove(at: place).id
    links.removeAll { $0.source == key || $0.target == key }
  }

  func thing(_ key: Int) -> Thing? { things.first { $0.id == key } }

  /// Keys in order of insertion, each once.
  func inOrder(_ keys: some Sequence<Int>) -> [Int] {
    let keys = Set(keys)
    return things.map(\.id).filter { keys.contains($0) }
  }

  func targets(_ key: Int) -> [Int] { links.filter { $0.source == key }.map(\.target) }
  func sources(_ key: Int) -> [Int] { links.filter { $0.target == key }.map(\.source) }
  func children(_ key: Int) -> [Int] { things.filter { $0.parent == key }.map(\.id) }
  func parents(_ key: Int) -> [Int] { thing(key)?.parent.map { [$0] } ?? [] }

  /// The rows at some distances from others.
  func reachable(_ keys: [Int], within steps: ClosedRange<Int>) -> [Int] {
    var distances = Dictionary(uniqueKeysWithValues: keys.map { ($0, 0) })
    var (level, distance) = (keys, 0)
    while !level.isEmpty {
      distance += 1
      level = Set(level.flatMap { targets($0) }).filter { distances[$0] == nil }
      for key in level { distances[key] = distance }
    }
    return inOrder(distances.filter { steps.contains($0.value) }.keys)
  }
}
