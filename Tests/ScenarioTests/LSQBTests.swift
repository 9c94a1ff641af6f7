import Foundation
import Kith
import Testing

@Suite struct `The nine LSQB queries` {
  @Test(
    .enabled(
      if: SharedData.folder("lsqb-example") != nil, "\(SharedData.hint("lsqb-example"))"))
  func `give the published counts of the example data`() throws {
    let folder = try #require(SharedData.folder("lsqb-example"))
    let tables = try LSQB.Tables(folder: folder)
    let expected = try SharedData.lines(of: folder.appending(path: "expected.tsv"))
    let graph = try tables.graph()
    let counts = LSQB.queries.map { "\($0.name)\t\($0.count(graph))" }
    #expect(counts == expected.map { $0.text(0) })
    #expect(LSQB.queries.map { $0.count(graph) } == tables.model)
  }

  @Test func `count what loops over all tuples count`() throws {
    let tables = LSQB.Tables.miniature
    let graph = try tables.graph()
    #expect(LSQB.queries.map { $0.count(graph) } == tables.model)
    #expect(tables.model == [14, 4, 18, 16, 9, 41, 24, 5, 25])
  }

  @Test(arguments: 1...20) func `count what the loops count, on tables by chance`(seed: Int) throws
  {
    var generator = Chance(state: UInt64(seed))
    let tables = LSQB.Tables(by: &generator)
    let graph = try tables.graph()
    #expect(LSQB.queries.map { $0.count(graph) } == tables.model)
  }

  @Test func `count nothing in an empty graph`() throws {
    let graph = try LSQB.Tables().graph()
    #expect(LSQB.queries.allSatisfy { $0.count(graph) == 0 })
  }
}

// MARK: The queries

extension LSQB {
  struct CountingQuery {
    let name: String
    let count: @Sendable (Graph) -> Int
  }

  static let queries = [
    CountingQuery(name: "q1", count: countryToTagClass),
    CountingQuery(name: "q2", count: commentsOnPostsOfFriends),
    CountingQuery(name: "q3", count: trianglesInOneCountry),
    CountingQuery(name: "q4", count: tagsLikesAndReplies),
    CountingQuery(name: "q5", count: tagsOfReplies),
    CountingQuery(name: "q6", count: interestsOfFriendsOfFriends),
    CountingQuery(name: "q7", count: tagsWithOrWithoutLikesAndReplies),
    CountingQuery(name: "q8", count: tagsOfRepliesWithoutTheTag),
    CountingQuery(name: "q9", count: interestsOfStrangers),
  ]

  /// A path from the countries to the classes of the comments' tags.
  static func countryToTagClass(_ graph: Graph) -> Int {
    graph.join(Country.cities.persons.forums.posts.comments.tags.type).count
  }

  /// Comments on posts of those whom the author knows: a cycle of four.
  static func commentsOnPostsOfFriends(_ graph: Graph) -> Int {
    graph.join(Person.comments.post.creator).closed(by: Person.friends).count
  }

  /// Three who know each other in one country. A join is closed by links and not by a composed
  /// relationship, so the friends at home are asked for row by row.
  static func trianglesInOneCountry(_ graph: Graph) -> Int {
    graph[Person.self].reduce(0) { sum, person in
      let me = graph[person]
      let friends = me.friends.intersection(me.city.country.cities.persons)
      let triangles = friends.friends.intersection(friends).ranked()
      return sum + triangles.reduce(0) { $0 + $1.paths }
    }
  }

  /// Messages with a tag, a like and a reply: a star, and so a product for each message.
  static func tagsLikesAndReplies(_ graph: Graph) -> Int {
    degrees(graph).reduce(0) { $0 + $1.tags * $1.likes * $1.replies }
  }

  /// The tag of a message, and another tag of a reply.
  static func tagsOfReplies(_ graph: Graph) -> Int {
    graph.join(Tag.posts.comments.tags).withoutReturns.count
      + graph.join(Tag.comments.comments.tags).withoutReturns.count
  }

  /// What friends of friends are interested in.
  static func interestsOfFriendsOfFriends(_ graph: Graph) -> Int {
    interests(at: graph.join(Person.friends.friends).withoutReturns, graph)
  }

  /// The same star, where likes and replies may be missing.
  static func tagsWithOrWithoutLikesAndReplies(_ graph: Graph) -> Int {
    degrees(graph).reduce(0) { $0 + $1.tags * max($1.likes, 1) * max($1.replies, 1) }
  }

  /// The tag of a message, and a tag of a reply that does not have the first tag as well.
  static func tagsOfRepliesWithoutTheTag(_ graph: Graph) -> Int {
    var sum = 0
    func add(_ replies: Join<Tag, Comment>) {
      replies.open(by: Tag.comments).forEach { _, comment in
        sum += graph[Comment.self, comment].tags.count
      }
    }
    add(graph.join(Tag.posts.comments))
    add(graph.join(Tag.comments.comments))
    return sum
  }

  /// What friends of friends who are no friends are interested in.
  static func interestsOfStrangers(_ graph: Graph) -> Int {
    interests(
      at: graph.join(Person.friends.friends).withoutReturns.open(by: Person.friends), graph)
  }

  /// The interests of whom the paths lead to. A join that is restricted can't be walked on from.
  private static func interests(at paths: Join<Person, Person>, _ graph: Graph) -> Int {
    var sum = 0
    paths.forEach { _, person in sum += graph[Person.self, person].interests.count }
    return sum
  }

  /// How many tags, likes and replies each message has.
  private static func degrees(_ graph: Graph) -> [(tags: Int, likes: Int, replies: Int)] {
    let (posts, comments) = (graph[Post.self], graph[Comment.self])
    let tags =
      posts.counts(of: Post.tags).map(\.count)
      + comments.counts(of: Comment.tags).map(\.count)
    let likes =
      posts.counts(of: Post.likers).map(\.count)
      + comments.counts(of: Comment.likers).map(\.count)
    let replies =
      posts.counts(of: Post.comments).map(\.count)
      + comments.counts(of: Comment.comments).map(\.count)
    return tags.indices.map { (tags[$0], likes[$0], replies[$0]) }
  }
}

// MARK: The model

extension LSQB.Tables {
  /// The same counts by loops over all tuples.
  var model: [Int] {
    [
      countryToTagClass, commentsOnPostsOfFriends, trianglesInOneCountry,
      stars { $0 * $1 }, tagsOfReplies { _, _ in true }, interests { _, _ in true },
      stars { max($0, 1) * max($1, 1) },
      tagsOfReplies { comment, tag in !commentTags.contains { $0 == (comment, tag) } },
      interests { one, other in !areFriends(one, other) },
    ]
  }

  /// Messages and replies under keys that posts and comments do not share.
  private enum MessageID: Hashable {
    case post(Int)
    case comment(Int)
  }

  private var messageTags: [(message: MessageID, tag: Int)] {
    postTags.map { (.post($0), $1) } + commentTags.map { (.comment($0), $1) }
  }

  private var likes: [MessageID] {
    postLikes.map { .post($0.post) } + commentLikes.map { .comment($0.comment) }
  }

  private var replies: [(comment: Int, parent: MessageID)] {
    comments.compactMap { comment in
      let parent = comment.post.map { MessageID.post($0) }
      return (parent ?? comment.comment.map { .comment($0) }).map { (comment.id, $0) }
    }
  }

  private func areFriends(_ one: Int, _ other: Int) -> Bool {
    knows.contains { $0 == (one, other) || $0 == (other, one) }
  }

  private func country(of person: Int) -> Int? {
    let city = persons.first { $0.id == person }?.city
    return cities.first { $0.id == city }?.country
  }

  private var countryToTagClass: Int {
    var count = 0
    for member in members {
      for post in posts where post.forum == member.forum {
        for comment in comments where comment.post == post.id {
          count += commentTags.filter { $0.comment == comment.id }.count
        }
      }
    }
    return count
  }

  private var commentsOnPostsOfFriends: Int {
    var count = 0
    for comment in comments {
      for post in posts where post.id == comment.post {
        if areFriends(comment.creator, post.creator) { count += 1 }
      }
    }
    return count
  }

  private var trianglesInOneCountry: Int {
    var count = 0
    for one in persons.map(\.id) {
      for two in persons.map(\.id) where areFriends(one, two) {
        for three in persons.map(\.id) where areFriends(two, three) && areFriends(three, one) {
          if Set([one, two, three].map { country(of: $0) }).count == 1 { count += 1 }
        }
      }
    }
    return count
  }

  private func stars(_ combine: (_ likes: Int, _ replies: Int) -> Int) -> Int {
    var count = 0
    for message in messageTags.map(\.message) {
      count += combine(
        likes.filter { $0 == message }.count, replies.filter { $0.parent == message }.count)
    }
    return count
  }

  private func tagsOfReplies(where accepts: (_ comment: Int, _ tag: Int) -> Bool) -> Int {
    var count = 0
    for (message, tag) in messageTags {
      for (comment, parent) in replies where parent == message && accepts(comment, tag) {
        count += commentTags.filter { $0.comment == comment && $0.tag != tag }.count
      }
    }
    return count
  }

  private func interests(where accepts: (_ one: Int, _ other: Int) -> Bool) -> Int {
    var count = 0
    for one in persons.map(\.id) {
      for two in persons.map(\.id) where areFriends(one, two) {
        for (three, _) in interests where three != one && areFriends(two, three) {
          if accepts(one, three) { count += 1 }
        }
      }
    }
    return count
  }
}

// MARK: The miniature

extension LSQB.Tables {
  /// Twelve people in two countries, with three forums, five posts and eight comments.
  static var miniature: LSQB.Tables {
    var tables = LSQB.Tables()
    tables.cities = [.init(id: 1, country: 1), .init(id: 2, country: 1), .init(id: 3, country: 2)]
    tables.persons = (1...12).map { .init(id: $0, city: $0 % 3 + 1) }
    tables.knows = [
      (1, 2), (2, 3), (1, 3), (1, 4), (3, 4), (4, 5), (5, 6), (6, 7), (7, 9), (6, 9), (9, 10),
      (2, 8), (8, 11), (2, 11), (5, 11),
    ]
    tables.forums = (1...3).map { .init(id: $0) }
    tables.members = [(1, 1), (1, 2), (1, 3), (2, 4), (2, 2), (3, 9)]
    tables.posts = [
      .init(id: 1, creator: 1, forum: 1), .init(id: 2, creator: 2, forum: 1),
      .init(id: 3, creator: 4, forum: 2), .init(id: 4, creator: 9, forum: 3),
      .init(id: 5, creator: 12, forum: 2),
    ]
    tables.comments = [
      .init(id: 1, creator: 2, post: 1, comment: nil),
      .init(id: 2, creator: 3, post: 1, comment: nil),
      .init(id: 3, creator: 1, post: nil, comment: 1),
      .init(id: 4, creator: 5, post: 3, comment: nil),
      .init(id: 5, creator: 5, post: nil, comment: 3),
      .init(id: 6, creator: 12, post: 2, comment: nil),
      .init(id: 7, creator: 10, post: 4, comment: nil),
      .init(id: 8, creator: 1, post: nil, comment: 7),
    ]
    tables.tags = [.init(id: 1, type: 1), .init(id: 2, type: 1), .init(id: 3, type: 2)]
    tables.postTags = [(1, 1), (1, 2), (2, 3), (3, 1), (4, 2)]
    tables.commentTags = [
      (1, 2), (2, 1), (2, 3), (3, 1), (3, 2), (4, 3), (4, 1), (5, 1), (7, 3), (8, 3), (8, 1),
    ]
    tables.interests = [(1, 1), (3, 1), (3, 2), (5, 3), (6, 1), (8, 2), (10, 1), (10, 3), (12, 1)]
    tables.postLikes = [(1, 2), (2, 1), (3, 1), (4, 4), (12, 5)]
    tables.commentLikes = [(1, 1), (2, 3), (3, 3), (4, 7)]
    return tables
  }

  /// Ten people, and as many posts and comments, linked by chance.
  fileprivate init(by chance: inout Chance) {
    func pick() -> Int { Int.random(in: 1...10, using: &chance) }
    func pairs(_ count: Int) -> [(Int, Int)] {
      var seen: Set<[Int]> = []
      for _ in 0..<count { seen.insert([pick(), pick()]) }
      return seen.sorted { $0.lexicographicallyPrecedes($1) }.map { ($0[0], $0[1]) }
    }
    cities = (1...10).map { .init(id: $0, country: pick() % 2) }
    persons = (1...10).map { .init(id: $0, city: pick()) }
    knows = pairs(20).filter { $0 < $1 }
    forums = (1...10).map { .init(id: $0) }
    members = pairs(15).map { ($0, $1) }
    posts = (1...10).map { .init(id: $0, creator: pick(), forum: pick()) }
    comments = (1...10).map { id in
      let parent = pick()
      return parent < id
        ? .init(id: id, creator: pick(), post: nil, comment: parent)
        : .init(id: id, creator: pick(), post: parent, comment: nil)
    }
    tags = (1...10).map { .init(id: $0, type: pick()) }
    postTags = pairs(15).map { ($0, $1) }
    commentTags = pairs(15).map { ($0, $1) }
    interests = pairs(15).map { ($0, $1) }
    postLikes = pairs(15).map { ($0, $1) }
    commentLikes = pairs(15).map { ($0, $1) }
  }
}

/// Numbers that repeat with the seed (SplitMix64).
private struct Chance: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }
}
