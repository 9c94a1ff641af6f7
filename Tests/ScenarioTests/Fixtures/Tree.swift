import Kith

/// A tree: each node knows its parent.
enum Tree {
  struct Node: Row {
    var id: Int
    var parent: Node.ID?

    static let table = Table(
      "nodes", Self.init,
      Column("id", \.id),
      Column("parent_id", \.parent, references: Node.self, onDelete: .cascade))
    static let children = hasMany(\Node.parent)
    static let parents = belongsTo(Node.self, \.parent)
  }

  /// 1 has the children 3 and 2, in this order; 2 has the child 4.
  static func graph() throws -> Graph {
    var graph = Graph(try Schema { Node.self })
    try graph.insert(contentsOf: [
      Node(id: 1, parent: nil), Node(id: 3, parent: 1), Node(id: 2, parent: 1),
      Node(id: 4, parent: 2),
    ])
    return graph
  }
}
