import Kith
import Synchronization

/// A group with a great many members, each of whom counts how often it is read.
enum Crowd {
  static let touches = Atomic(0)

  struct Group: Row {
    var id: Int

    static let table = Table("groups", Self.init, Column("id", \.id))
    static let memberships = Association(
      "memberships", from: Group.self, "group_id", to: Member.self, "member_id")
    static let members = hasMany(through: memberships)
  }

  struct Member: Row {
    var id: Int
    private let text: String

    init(id: Int, name: String) {
      self.id = id
      text = name
    }

    var name: String {
      touches.wrappingAdd(1, ordering: .relaxed)
      return text
    }

    static let table = Table("members", Self.init, Column("id", \.id), Column("name", \.name))
  }

  /// Members 1…count, all but the last of whom belong to group 1.
  static func graph(_ count: Int) throws -> Graph {
    var graph = Graph(
      try Schema {
        Group.self
        Member.self
        Group.memberships
      })
    try graph.insert(Group(id: 1))
    try graph.insert(contentsOf: (1...count).map { Member(id: $0, name: "member \($0)") })
    try graph.load(Group.memberships, (1..<count).map { (1, $0) }, allOrNothing: true)
    return graph
  }
}
