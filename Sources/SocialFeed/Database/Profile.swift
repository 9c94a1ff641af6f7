import Kith

extension Database {
  /// What a user says about themselves: one row a user.
  struct Profile: Row {
    var user: User.ID
    var displayName: String
    var bio: String?
    var id: User.ID { user }

    static let table = Table(
      "profiles", Self.init,
      Column("user_id", \.user, references: User.self, onDelete: .cascade),
      Column("display_name", \.displayName),
      Column("bio", \.bio)
    )
    .primaryKey(\.user)
  }
}
