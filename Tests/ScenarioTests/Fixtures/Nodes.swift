import Kith

/// Nodes with directed links to each other.
enum Nodes {
  struct Node: Row {
    var id: Int

    static let table = Table("nodes", Self.init, Column("id", \.id))

    static let links = Association(
      "node_links", from: Node.self, "parent_id", to: Node.self, "child_id")
    static let children = hasMany(through: links)
    static let parents = hasMany(through: links.inverse)
  }

  // 1 → 2, 3, 4; 2 → 3, 6, 7; 3 → 5, 4
  static let links = [(1, 2), (1, 3), (1, 4), (2, 3), (2, 6), (2, 7), (3, 5), (3, 4)]

  static func graph(count: Int = 7, links: [(Int, Int)] = links) throws -> Graph {
    let schema = try Schema {
      Node.self
      Node.links
    }
    var graph = Graph(schema)
    try graph.insert(contentsOf: (1...count).map { Node(id: $0) })
    try graph.load(Node.links, links, allOrNothing: true)
    return graph
  }
}
