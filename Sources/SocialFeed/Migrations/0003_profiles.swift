import Kith

extension Migration {
  /// Profiles
  ///
  /// What users say about themselves moves to a table of its own. Going down, a user without a
  /// profile goes by the handle.
  static let m0003Profiles = Migration("0003_profiles") { tables in
    try tables.create(
      "profiles",
      columns: [
        .column("user_id", .integer),
        .column("display_name", .text),
        .column("bio", .text, isNullable: true),
      ],
      constraints: [
        .primaryKey("pk_profiles", "user_id"),
        .foreignKey(
          "fk_profiles_user_id_users", "user_id", references: "users", onDelete: .cascade),
      ],
      before: "posts")
    try tables.copy(from: "users", to: "profiles") { user in
      ["user_id": user["id"], "display_name": user["name"], "bio": user["bio"]]
    }
    try tables.dropColumn("name", from: "users", losingData: true)
    try tables.dropColumn("bio", from: "users", losingData: true)
  } down: { tables in
    let profiles = Dictionary(
      uniqueKeysWithValues: try tables.rows(of: "profiles").map { ($0["user_id"], $0) })
    try tables.addColumn(.column("name", .text), to: "users") { user in
      profiles[user["id"]]?["display_name"] ?? user["handle"]
    }
    try tables.addColumn(.column("bio", .text, isNullable: true), to: "users") { user in
      profiles[user["id"]]?["bio"] ?? .null
    }
    try tables.drop("profiles", losingData: true)
  }
}
