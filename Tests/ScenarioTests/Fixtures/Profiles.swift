import Kith

/// Users who have a profile or none, and profiles that have a motto or none.
enum Profiles {
  struct User: Row {
    var id: Int
    var profile: Profile.ID?

    static let table = Table(
      "users", Self.init,
      Column("id", \.id),
      Column("profile_id", \.profile, references: Profile.self, onDelete: .setNull))
    static let profiles = belongsTo(Profile.self, \.profile)
  }

  struct Profile: Row {
    var id: Int
    var motto: String?

    static let table = Table(
      "profiles", Self.init, Column("id", \.id), Column("motto", \.motto))
  }

  /// User 1 has the motto "x", user 2 the motto "y", user 3 a profile without one, user 4 nothing.
  static func graph() throws -> Graph {
    var graph = Graph(
      try Schema {
        User.self
        Profile.self
      })
    try graph.insert(contentsOf: [
      Profile(id: 1, motto: "x"), Profile(id: 2, motto: "y"), Profile(id: 3, motto: nil),
    ])
    try graph.insert(contentsOf: [
      User(id: 1, profile: 1), User(id: 2, profile: 2), User(id: 3, profile: 3),
      User(id: 4, profile: nil),
    ])
    return graph
  }
}
