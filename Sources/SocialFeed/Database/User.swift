import Kith

extension Database {
  /// Somebody who follows and is followed, by the name that no other has.
  struct User: Row {
    var id: Int
    var handle: String

    static let table = Table(
      "users", Self.init,
      Column("id", \.id),
      Column("handle", \.handle).unique().maxLength(30))

    static let follows = Association(
      "follows", from: User.self, "follower_id", to: User.self, "followed_id",
      allowsSelfLinks: false)
    static let following = hasMany(through: follows)
    static let followers = hasMany(through: follows.inverse)
    static let posts = hasMany(\Post.author)
  }
}
