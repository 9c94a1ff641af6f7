import Kith
import KithFixtures

/// Posts that come and go, with an author that must exist, and a place in the author's order.
enum WritingRows {
  /// - Parameters:
  ///   - posts: How many posts there are already.
  ///   - count: How many are inserted, or deleted, in one transaction.
  static func plans(authors: Int, posts: Int, count: Int) -> [Plan] {
    let spec = Feed.spec(authors: authors, posts: posts)
    return [
      Plan("insert \(count) posts", "one transaction", on: spec) {
        try oneTransaction($0, posts, count, inserting: true)
      },
      Plan("delete \(count) posts", "one transaction", on: spec) {
        try oneTransaction($0, posts, count, inserting: false)
      },
    ]
  }

  /// Before each round the posts are deleted again, or put back, outside of the time.
  private static func oneTransaction(
    _ world: World, _ posts: Int, _ count: Int, inserting: Bool
  ) throws -> Case {
    let data = try world.extra { try FeedData(world, posts: posts) }
    var random = SplitMix64(seed: 11)
    let authors = world.links.ids.count - Feed.followed.count
    let new = (1...count).map {
      Post(id: posts + $0, author: random.number(below: authors) + 1)
    }
    let store = try GraphStore(data.graph)
    let dictionary = DictionaryPosts(data, authors: 1...authors)
    return Case(
      calls: count,
      sides: [
        side(.kith, new, inserting) { new in
          try store.write { graph in
            for post in new { try graph.insert(post) }
            return new.count
          }
        } delete: { gone in
          try store.write { graph in
            try gone.reduce(0) { try $0 + (graph.delete(Post.self, $1.id) ? 1 : 0) }
          }
        },
        side(.dictionary, new, inserting, insert: dictionary.insert, delete: dictionary.delete),
        side(.sqlite, new, inserting, insert: data.insert, delete: data.delete),
      ],
      findings: {
        // Leaves the posts as the other operations expect them.
        _ = try data.delete(new)
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

extension FeedData {
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
    try database.transaction {
      let statement = try database.statement(sql)
      for post in posts {
        try run(statement, post)
        changed += database.changes
      }
    }
    return changed
  }
}
