import Kith
import KithCore
import KithTestSupport

/// Rows and links from which graphs are made in several ways, to compare what these say.
struct LinkedThings: Sendable, CustomStringConvertible {
  struct Link: Hashable, Sendable {
    var source: Int
    var target: Int
  }

  /// In order of insertion, with keys that do not ascend.
  var things: [Thing]
  /// Each once, in no order.
  var links: [Link]
  var structures: Program.Structures

  /// A few rows with many links, or many with few; a third of the links begin or end at one row.
  static let any = Generator<LinkedThings> { choices in
    let structures = choices.pick(Program.Structures.allCases)
    let count = 1 + choices.number(below: choices.chance(30) ? 80 : 12)
    var keys = Array(1...count)
    for place in keys.indices.dropLast() {
      keys.swapAt(place, place + choices.number(below: count - place))
    }
    var things: [Thing] = []
    for key in keys {
      let parent = choices.number(below: things.count * 2 + 1)
      things.append(
        Thing(
          id: key, group: choices.number(below: 4),
          score: choices.chance(60) ? choices.number(below: 3) : nil,
          name: choices.pick(["", "a", "ab", "b"]),
          parent: things.indices.contains(parent) ? things[parent].id : nil))
    }
    let most = choices.chance(30) ? 12 * count : 3 * count
    let links = choices.array(count: 0...most) { choices in
      let hub = choices.number(below: 6)
      let (source, target) = (choices.pick(keys), choices.pick(keys))
      return Link(source: hub == 1 ? keys[0] : source, target: hub == 2 ? keys[0] : target)
    }
    return LinkedThings(things: things, links: Array(Set(links)), structures: structures)
  }

  var keys: [Int] { things.map(\.id) }

  /// The graph, whose links come all at once.
  func graph() throws -> Graph {
    var graph = try rows()
    try graph.load(Thing.links, links.map { ($0.source, $0.target) }, allOrNothing: true)
    return graph
  }

  /// The graph without links.
  func rows() throws -> Graph {
    let schema = try Schema {
      Thing.self
      Thing.links
    }
    var graph = Graph(schema, structures.geometry)
    try graph.insert(contentsOf: things)
    return graph
  }

  /// The same with other keys.
  func renamed(_ name: (Int) -> Int) -> LinkedThings {
    var other = self
    for place in things.indices {
      other.things[place].id = name(things[place].id)
      other.things[place].parent = things[place].parent.map(name)
    }
    other.links = links.map { Link(source: name($0.source), target: name($0.target)) }
    return other
  }

  /// The same with all links turned round.
  var reversed: LinkedThings {
    var other = self
    other.links = links.map { Link(source: $0.target, target: $0.source) }
    return other
  }

  var description: String {
    let rows = things.map { thing in
      "\(thing.id)(\(thing.group), \(thing.score.map(String.init) ?? "nil"), "
        + "\(thing.name.debugDescription), under \(thing.parent.map(String.init) ?? "nil"))"
    }
    return "\(structures.rawValue): \(rows.joined(separator: " "))\n"
      + links.map { "\($0.source)→\($0.target)" }.joined(separator: " ")
  }
}

/// What a graph says, in numbers and sets of keys: what must not depend on how it was made.
struct GraphFacts: Equatable {
  struct Counts: Equatable {
    var paths: [Int]
    var pairs: [Int]
    var triangles: [Int]
  }

  let counts: Counts
  /// For each key: the rows two hops away with their paths, as a ranking lists them.
  private(set) var rankings: [Int: [[Int]]] = [:]
  /// For each key: who is reached in one hop, and in two or three steps.
  private(set) var reached: [Int: [[Int]]] = [:]
  /// For each key: the steps to each key.
  private(set) var distances: [Int: [Int?]] = [:]

  /// Asks all, or what a few of the keys say.
  init(_ graph: Graph, about some: [Int], towards ends: [Int], name: (Int) -> Int = { $0 }) {
    let twice = graph.join(Thing.targets.targets)
    let siblings = graph.join(Thing.targets.sources)
    let three = graph.join(Thing.targets.targets.targets)
    let nephews = graph.join(Thing.parents.children.targets)
    counts = Counts(
      paths: [twice.count, siblings.count, three.count, nephews.count],
      pairs: [
        twice.distinctCount, siblings.distinctCount, three.distinctCount, nephews.distinctCount,
      ],
      triangles: [
        twice.closed(by: Thing.targets).count, twice.open(by: Thing.targets).count,
        siblings.closed(by: Thing.targets).count,
      ])
    for key in some {
      let row = graph[Thing.self, key]
      rankings[name(key)] = row.targets.sources.ranked().map { [name($0.id), $0.paths] }
        .sorted { $0.lexicographicallyPrecedes($1) }
      reached[name(key)] = [
        row.targets.ids, row.sources.ids, row.children.ids, row.targets.targets.ids,
        row.reachable(through: Thing.targets, within: 2...3).ids,
        row.reachable(through: Thing.targets.sources).ids,
      ].map { $0.map(name).sorted() }
      distances[name(key)] = ends.map { graph.distance(from: key, to: $0, through: Thing.targets) }
    }
  }
}
