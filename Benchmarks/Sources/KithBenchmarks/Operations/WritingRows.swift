import Kith
import KithFixtures

/// Posts that come and go, with an author that must exist, and a place in the author's order.
enum WritingRows {
  /// - Parameters:
  ///   - posts: How many posts there are already.
  ///   - count: How many are inserted, or deleted, in one transaction.
  ///   - commits: How many are inserted in a transaction each.
  static func plans(authors: Int, posts: Int, count: Int, commits: Int) -> [Plan] {
    let spec = Feed.spec(authors: authors, posts: posts)
    return [
      Plan("insert \(count) posts", "one transaction", on: spec) {
        try oneTransaction($0, posts, count, inserting: true)
      },
      Plan("delete \(count) posts", "one transaction", on: spec) {
        try oneTransaction($0, posts, count, inserting: false)
      },
      Plan("commit of a post", "in memory", on: spec) {
        try oneByOne($0, posts, commits, onDisk: false)
      },
      Plan("commit of a post", "to disk, relaxed, synchronous=NORMAL", on: spec) {
        try oneByOne($0, posts, commits, onDisk: true)
      },
    ]
  }

  /// Posts that come after those which are there.
  private static func newPosts(_ count: Int, after posts: Int, _ world: World) -> [Post] {
    var random = SplitMix64(seed: 11)
    let authors = world.links.ids.count - Feed.followed.count
    return (1...count).map { Post(id: posts + $0, author: random.number(below: authors) + 1) }
  }

  /// Before each round the posts are deleted again, or put back, outside of the time.
  private static func oneTransaction(
    _ world: World, _ posts: Int, _ count: Int, inserting: Bool
  ) throws -> Case {
    let data = try world.extra { try FeedData(world, posts: posts) }
    let new = newPosts(count, after: posts, world)
    let store = try GraphStore(data.graph)
    let database = data.database
    let dictionary = DictionaryPosts(data, authors: 1...world.links.ids.count)
    return Case(
      calls: count,
      sides: [
        side(.kith, new, inserting, insert: store.insert, delete: store.delete),
        side(.dictionary, new, inserting, insert: dictionary.insert, delete: dictionary.delete),
        side(.sqlite, new, inserting, insert: database.insert, delete: database.delete),
      ],
      findings: {
        // Leaves the posts as the other operations expect them.
        _ = try database.delete(new)
        return []
      })
  }

  /// Each post is a commit of its own. Before each round they are deleted again, outside of the time.
  private static func oneByOne(
    _ world: World, _ posts: Int, _ count: Int, onDisk: Bool
  ) throws -> Case {
    let data = try world.extra { try FeedData(world, posts: posts) }
    let new = newPosts(count, after: posts, world)
    let folder = onDisk ? try TemporaryFolder() : nil
    let database =
      try folder.map {
        try data.database(file: $0.path("feed.sqlite"), synchronous: "NORMAL")
      } ?? data.database
    let store =
      try folder.map {
        let url = $0.url.appending(component: "kith", directoryHint: .isDirectory)
        return try GraphStore(data.graph.schema, at: url, durability: .relaxed())
      } ?? GraphStore(data.graph.schema)
    try store.write { $0 = data.graph }
    if onDisk { try store.checkpoint() }
    return Case(
      calls: count,
      sides: [
        .calls(.kith, over: new, prepare: { _ = try store.delete(new) }) {
          UInt64(try store.insert([$0]))
        },
        .calls(.sqlite, over: new, prepare: { _ = try database.delete(new) }) {
          UInt64(try database.insert([$0]))
        },
      ],
      findings: {
        _ = try database.delete(new)
        withExtendedLifetime(folder) {}
        return []
      })
  }

  private static func side(
    _ peer: Peer, _ posts: [Post], _ inserting: Bool,
    insert: @escaping ([Post]) throws -> Int, delete: @escaping ([Post]) throws -> Int
  ) -> Side {
    .block(peer, prepare: { _ = try inserting ? delete(posts) : insert(posts) }) {
      UInt64(try inserting ? insert(posts) : delete(posts))
    }
  }
}

/// Posts by key, and the keys of each author's posts in order: what one writes in an afternoon.
private final class DictionaryPosts {
  private var posts: [Int: Post] = [:]
  private var postsOf: [Int: [Int]]
  private let authors: Set<Int>

  init(_ data: FeedData, authors: ClosedRange<Int>) {
    postsOf = data.postsOf
    self.authors = Set(authors)
  }

  func insert(_ new: [Post]) -> Int {
    var inserted = 0
    for post in new where authors.contains(post.author) && posts[post.id] == nil {
      posts[post.id] = post
      postsOf[post.author, default: []].append(post.id)
      inserted += 1
    }
    return inserted
  }

  func delete(_ gone: [Post]) -> Int {
    var deleted = 0
    for post in gone {
      guard let post = posts.removeValue(forKey: post.id) else { continue }
      if let index = postsOf[post.author]?.lastIndex(of: post.id) {
        postsOf[post.author]?.remove(at: index)
      }
      deleted += 1
    }
    return deleted
  }
}

extension GraphStore {
  fileprivate func insert(_ new: [Post]) throws -> Int {
    try write { graph in
      for post in new { try graph.insert(post) }
      return new.count
    }
  }

  fileprivate func delete(_ gone: [Post]) throws -> Int {
    try write { graph in
      try gone.reduce(0) { try $0 + (graph.delete(Post.self, $1.id) ? 1 : 0) }
    }
  }
}

extension SQLite {
  /// SQLite's rows have no foreign key that it would check: that is faster.
  fileprivate func insert(_ new: [Post]) throws -> Int {
    try change(new, "INSERT OR IGNORE INTO posts VALUES (?1, ?2, ?1)") {
      try $0.run($1.id, $1.author)
    }
  }

  fileprivate func delete(_ gone: [Post]) throws -> Int {
    try change(gone, "DELETE FROM posts WHERE id = ?1") { try $0.run($1.id) }
  }

  private func change(
    _ posts: [Post], _ sql: String, _ run: (Statement, Post) throws -> Void
  ) throws -> Int {
    var changed = 0
    try transaction {
      let statement = try statement(sql)
      for post in posts {
        try run(statement, post)
        changed += changes
      }
    }
    return changed
  }
}
