import Kith

/// Seven nodes, and two kinds of links between them.
enum GraphN {
  struct Node: Row {
    var id: Int

    static let table = Table("nodes", Self.init, Column("id", \.id))
    static let links = Association(
      "links", from: Node.self, "parent_id", to: Node.self, "child_id")
    static let children = hasMany(through: links)
    static let parents = hasMany(through: links.inverse)
    static let blocks = Association(
      "blocks", from: Node.self, "blocker_id", to: Node.self, "blocked_id",
      allowsSelfLinks: false)
    static let blocked = hasMany(through: blocks)
    static let blockers = hasMany(through: blocks.inverse)
  }

  static func schema() throws -> Schema {
    try Schema {
      Node.self
      Node.links
      Node.blocks
    }
  }

  /// 1 → 2, 3, 4; 2 → 3, 6, 7; 3 → 5, 4.
  static func graph() throws -> Graph {
    var graph = Graph(try schema())
    try graph.insert(contentsOf: (1...7).map { Node(id: $0) })
    try graph.load(
      Node.links, [(1, 2), (1, 3), (1, 4), (2, 3), (2, 6), (2, 7), (3, 5), (3, 4)],
      allOrNothing: true)
    return graph
  }

  /// All rows of the table of links.
  static func links(_ graph: Graph) -> [[Int]] {
    var links: [[Int]] = []
    graph.join(Node.children).forEach { links.append([$0, $1]) }
    return links
  }
}
