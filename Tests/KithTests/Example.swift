// swift-format-ignore-file
// The first example of the README, word for word, as a client of the library sees it: `import Kith` and nothing else.
// `ReadmeTests` keeps the two texts the same.
import Kith

// README: begin declarations
struct User: Row {                                   // Row: Identifiable, Sendable; ID is any hashable column value
  var id: Int                                        // Int, UUID, String, ... your choice
  var handle: String
  var name: String?
  var joined: Date

  static let table = Table("users", Self.init,       // the memberwise initializer rebuilds a row from its columns
    Column("id", \.id),                              // the column of `id` is the primary key
    Column("handle", \.handle).unique(),
    Column("name", \.name),                          // Optional = nullable
    Column("joined", \.joined).indexed())
}

struct Post: Row {
  var id: Int
  var author: User.ID
  var text: String
  var createdAt: Date

  static let table = Table("posts", Self.init,
    Column("id", \.id),
    Column("author_id", \.author, references: User.self, onDelete: .cascade),
    Column("text", \.text).check("not_empty") { !$0.isEmpty },
    Column("created_at", \.createdAt))
    .index(\.author, orderedBy: \.createdAt)         // serves "newest posts of an author" and so the feed
}

extension User {
  // An association table: two foreign keys, both indexed, the pair is the primary key, so no duplicate can exist.
  static let follows = Association("follows", from: User.self, "follower_id", to: User.self, "followed_id",
                                   allowsSelfLinks: false)
  static let following = hasMany(through: follows)           // Link<User, User>: a relationship that can be edited
  static let followers = hasMany(through: follows.inverse)   // the other direction ("backref")
  static let posts = hasMany(\Post.author)                   // one-to-many, from the foreign key
}
extension Post {
  static let writer = belongsTo(User.self, \.author)         // many-to-one
}
// README: end declarations

let lastWeek = Date.now.addingTimeInterval(-7 * 24 * 60 * 60)
let cursor: Cursor? = nil

/// Runs the statements of the example and collects what its expressions yield.
@Example.Statements
func runExample() throws -> [any Sendable] {
  // README: begin statements
  let schema = try Schema {                            // checks names, references and cycles once, throws with the reason
    User.self
    Post.self
    User.follows
  }
  let store = GraphStore(schema)                       // in memory; `try GraphStore(schema, at: url)` is durable

  try store.write { graph in                           // a throw rolls everything back
    try graph.insert(User(id: 1, handle: "ada", name: nil, joined: .now))
    try graph.insert(User(id: 2, handle: "grace", name: "Grace", joined: .now))
    try graph.append(2, to: User.following, of: 1)     // false if the link was there already
  }

  let graph = store.snapshot                           // Graph: a value, O(1), consistent, Sendable
  graph[User.self, 1].following                        // Query<User>: lazy, a Sequence of User
  graph[User.self, 1].followers.filter(\.joined > lastWeek).sorted(by: \.handle).prefix(20)
  graph[User.self, 1].following.posts.sorted(by: \.createdAt, .descending).page(size: 20, after: cursor)   // the feed
  graph[User.self, 1].following.following              // friends of friends: two hops, each row once
    .subtracting(graph[User.self, 1].following).excluding(1)
    .ranked().prefix(10)                               // who to follow: [Ranked<User>], most paths first, ties by key
  // README: end statements
  store
}

enum Example {
  /// Turns a function of plain statements into the list of their values, so that no value is unused.
  @resultBuilder
  enum Statements {
    static func buildExpression<Value: Sendable>(_ value: Value) -> [any Sendable] {
      Value.self == Void.self ? [] : [value]
    }
    static func buildBlock(_ values: [any Sendable]...) -> [any Sendable] { values.flatMap(\.self) }
  }
}
