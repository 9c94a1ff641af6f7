import Kith

extension Migration {
  /// Create
  static let m0001Create = Migration("0001_create") { tables in
    try tables.create(
      "users",
      columns: [
        .column("id", .integer),
        .column("name", .text),
        .column("bio", .text, isNullable: true),
      ],
      constraints: [
        .primaryKey("pk_users", "id")
      ])
    try tables.create(
      "posts",
      columns: [
        .column("id", .integer),
        .column("author_id", .integer),
        .column("text", .text),
        .column("created_at", .date),
      ],
      constraints: [
        .primaryKey("pk_posts", "id"),
        .foreignKey(
          "fk_posts_author_id_users", "author_id", references: "users", onDelete: .cascade),
        .check("ck_posts_not_empty"),
      ],
      indexes: [
        .index("ix_posts_author_id_created_at", "author_id", "created_at")
      ])
    try tables.createAssociation(
      "follows",
      columns: [
        .column("follower_id", .integer),
        .column("followed_id", .integer),
      ],
      constraints: [
        .primaryKey("pk_follows", "follower_id", "followed_id"),
        .foreignKey(
          "fk_follows_follower_id_users", "follower_id", references: "users", onDelete: .cascade),
        .foreignKey(
          "fk_follows_followed_id_users", "followed_id", references: "users", onDelete: .cascade),
        .check("ck_follows_no_self_links", "follower_id", "followed_id"),
      ])
  } down: { tables in
    try tables.drop("follows", losingData: true)
    try tables.drop("posts", losingData: true)
    try tables.drop("users", losingData: true)
  }
}
