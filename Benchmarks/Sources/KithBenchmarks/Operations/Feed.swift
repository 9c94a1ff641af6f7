import Foundation
import Kith
import KithFixtures

/// The newest posts of those whom a user follows.
enum Feed {
  static let size = 20
  static let followed = [20, 200, 2000, 20_000]

  /// - Parameter posts: How many posts there are, each of a uniformly drawn author.
  static func plans(authors: Int, posts: Int) -> [Plan] {
    let spec = spec(authors: authors, posts: posts)
    return followed.indices.flatMap { reader in
      [1, 50].compactMap { number in
        // Who follows twenty has the first fifty pages of a thousand posts only where there are many.
        if followed[reader] * posts / authors < 50 * size * 2, number > 1 { return nil }
        return Plan("feed of 20", "\(followed[reader]) followed, page \(number)", on: spec) {
          try page($0, reader: authors + reader + 1, number: number, posts: posts)
        }
      }
    }
  }

  /// The readers come after the authors; reader *i* follows `followed[i]` of them.
  static func spec(authors: Int, posts: Int) -> GraphSpec {
    GraphSpec(
      name: "feed \(authors / 1000)k, \(posts / 1000)k posts",
      recipe: """
        \(authors) authors, \(posts) posts of uniformly drawn ones, readers of \
        \(followed) uniformly drawn authors, seed 6
        """
    ) {
      var random = SplitMix64(seed: 6)
      var drawn: [UInt64] = []
      for (reader, count) in followed.enumerated() {
        drawn += random.permutation(authors).prefix(count).map {
          Links.pack(authors + reader, $0)
        }
      }
      return Links(users: authors + followed.count, drawn: drawn)
    }
  }

  private static func page(_ world: World, reader: Int, number: Int, posts: Int) throws -> Case {
    let data = try world.extra { try FeedData(world, posts: posts) }
    let graph = data.graph
    let feed = graph[Reader.self, reader].following.posts.sorted(by: \.createdAt, .descending)
    var cursor: Cursor?
    var before = Int.max
    for _ in 1..<number {
      let page = feed.page(size: size, after: cursor)
      cursor = page.next
      before = try page.rows.last?.id ?? 0
    }
    let readers = Array(
      repeating: reader,
      count: followed[reader - world.links.ids.count + followed.count - 1] < 1000 ? 32 : 8)
    let start = cursor
    let last = before
    return Case(
      calls: readers.count,
      sides: [
        .calls(.kith, over: readers) { reader in
          let feed = graph[Reader.self, reader].following.posts
            .sorted(by: \.createdAt, .descending)
          return Checksum.of(try feed.page(size: size, after: start).rows.lazy.map(\.id))
        },
        .calls(.csr, over: readers) { Checksum.of(data.flat.feed($0, before: last, size)) },
        .calls(.dictionary, over: readers) { Checksum.of(data.sortedFeed($0, before: last)) },
        .calls(.sqlite, over: readers) {
          Checksum.of(try data.database.statement(FeedData.sql).numbers($0, last, size))
        },
      ])
  }
}

/// Posts as every side holds them. Post *k* was created in second *k*, so ids order them too.
final class FeedData {
  let graph: Graph
  let flat: FlatFeed
  let following: [Int: [Int]]
  let postsOf: [Int: [Int]]
  let database: SQLite
  private let links: Links
  private let authorOf: [Int]

  init(_ world: World, posts: Int) throws {
    let links = world.links
    self.links = links
    let authors = links.ids.count - Feed.followed.count
    var random = SplitMix64(seed: 7)
    let authorOf = (0..<posts).map { _ in random.number(below: authors) + 1 }
    self.authorOf = authorOf
    let store = GraphStore(
      try Schema {
        Reader.self
        Post.self
        Reader.follows
      })
    try store.write { graph in
      try graph.insert(contentsOf: links.ids.lazy.map { Reader(id: $0) })
      try graph.load(Reader.follows, links.pairs)
      try graph.insert(
        contentsOf: authorOf.indices.lazy.map { Post(id: $0 + 1, author: authorOf[$0]) })
    }
    graph = store.snapshot
    flat = FlatFeed(world.csr(), authorOf)
    following = world.dictionary().following
    var postsOf: [Int: [Int]] = [:]
    for (index, author) in authorOf.enumerated() {
      postsOf[author, default: []].append(index + 1)
    }
    self.postsOf = postsOf
    database = try SQLiteGraph(links).database
    try FeedData.fill(database, authorOf)
  }

  /// The same users, follows and posts in a file.
  func database(file: String, synchronous: String) throws -> SQLite {
    let database = try SQLite(file: file, synchronous: synchronous)
    _ = try SQLiteGraph(links, in: database)
    try FeedData.fill(database, authorOf)
    return database
  }

  private static func fill(_ database: SQLite, _ authorOf: [Int]) throws {
    try database.execute(
      "CREATE TABLE posts (id INTEGER PRIMARY KEY, author_id INTEGER, created_at INTEGER)")
    try database.transaction {
      let insert = try database.statement("INSERT INTO posts VALUES (?1, ?2, ?1)")
      for (index, author) in authorOf.enumerated() { try insert.run(index + 1, author) }
      try database.execute("CREATE INDEX by_author ON posts (author_id, created_at)")
    }
    try database.execute("ANALYZE")
  }

  /// Collects all posts of the followed authors, sorts them, and takes the first.
  func sortedFeed(_ reader: Int, before last: Int) -> ArraySlice<Int> {
    var posts: [Int] = []
    for author in following[reader] ?? [] {
      for post in postsOf[author] ?? [] where post < last { posts.append(post) }
    }
    posts.sort(by: >)
    return posts.prefix(Feed.size)
  }

  static let sql = """
    SELECT p.id FROM follows f JOIN posts p ON p.author_id = f.followed_id
    WHERE f.follower_id = ?1 AND p.created_at < ?2 ORDER BY p.created_at DESC LIMIT ?3
    """
}

struct Reader: Row {
  var id: Int

  static let table = Table("users", Self.init, Column("id", \.id))
  static let follows = Association(
    "follows", from: Reader.self, "follower_id", to: Reader.self, "followed_id")
  static let following = hasMany(through: follows)
  static let posts = hasMany(\Post.author)
}

struct Post: Row {
  var id: Int
  var author: Reader.ID
  var createdAt: Date

  init(id: Int, author: Reader.ID, createdAt: Date) {
    self.id = id
    self.author = author
    self.createdAt = createdAt
  }

  /// The post that is created in the second of its id.
  init(id: Int, author: Reader.ID) {
    self.init(id: id, author: author, createdAt: Date(timeIntervalSince1970: Double(id)))
  }

  static let table = Table(
    "posts", Self.init(id:author:createdAt:),
    Column("id", \.id),
    Column("author_id", \.author, references: Reader.self, onDelete: .cascade),
    Column("created_at", \.createdAt)
  )
  .index(\.author, orderedBy: \.createdAt)
}
