import Foundation
import Kith

/// Parents under keys that nobody counts, and their children.
enum Families {
  struct Parent: Row {
    var id: UUID

    static let table = Table("parents", Self.init, Column("id", \.id))
    static let children = hasMany(\Child.parent)
  }

  struct Child: Row {
    var id: Int
    var parent: Parent.ID

    static let table = Table(
      "children", Self.init,
      Column("id", \.id),
      Column("parent_id", \.parent, references: Parent.self))
  }

  static let first = UUID(uuid: (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1))
  static let second = UUID(uuid: (2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2))

  /// The first parent has children 1…3, the second has none.
  static func store() throws -> GraphStore {
    let store = GraphStore(
      try Schema {
        Parent.self
        Child.self
      })
    try store.write { graph in
      try graph.insert(contentsOf: [Parent(id: first), Parent(id: second)])
      try graph.insert(contentsOf: (1...3).map { Child(id: $0, parent: first) })
    }
    return store
  }
}
