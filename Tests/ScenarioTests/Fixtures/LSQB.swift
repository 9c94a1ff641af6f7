import Foundation
import Kith

/// The tables of the Labelled Subgraph Query Benchmark (Mhedhbi et al., GRADES-NDA 2021) that its
/// nine queries use.
enum LSQB {
  struct Country: Row {
    var id: Int

    static let table = Table("countries", Self.init, Column("id", \.id))

    static let cities = hasMany(\City.country)
  }

  struct City: Row {
    var id: Int
    var country: Country.ID

    static let table = Table(
      "cities", Self.init,
      Column("id", \.id),
      Column("country_id", \.country, references: Country.self))

    static let country = belongsTo(Country.self, \.country)
    static let persons = hasMany(\Person.city)
  }

  struct Person: Row {
    var id: Int
    var city: City.ID

    static let table = Table(
      "persons", Self.init,
      Column("id", \.id),
      Column("city_id", \.city, references: City.self))

    static let city = belongsTo(City.self, \.city)
    static let knows = Association(
      "knows", from: Person.self, "person1_id", to: Person.self, "person2_id",
      allowsSelfLinks: false)
    /// Knowing is mutual: every pair is there in both directions.
    static let friends = hasMany(through: knows)
    static let forums = hasMany(through: Forum.memberships.inverse)
    static let interestedIn = Association(
      "interests", from: Person.self, "person_id", to: Tag.self, "tag_id")
    static let interests = hasMany(through: interestedIn)
    static let comments = hasMany(\Comment.creator)
  }

  struct Forum: Row {
    var id: Int

    static let table = Table("forums", Self.init, Column("id", \.id))

    static let memberships = Association(
      "members", from: Forum.self, "forum_id", to: Person.self, "person_id")
    static let posts = hasMany(\Post.forum)
  }

  struct Post: Row {
    var id: Int
    var creator: Person.ID
    var forum: Forum.ID

    static let table = Table(
      "posts", Self.init,
      Column("id", \.id),
      Column("creator_id", \.creator, references: Person.self),
      Column("forum_id", \.forum, references: Forum.self))

    static let creator = belongsTo(Person.self, \.creator)
    static let comments = hasMany(\Comment.post)
    static let topics = Association(
      "post_tags", from: Post.self, "post_id", to: Tag.self, "tag_id")
    static let tags = hasMany(through: topics)
    static let likes = Association(
      "post_likes", from: Post.self, "post_id", to: Person.self, "person_id")
    static let likers = hasMany(through: likes)
  }

  /// An answer to a post, or to another comment.
  struct Comment: Row {
    var id: Int
    var creator: Person.ID
    var post: Post.ID?
    var comment: Comment.ID?

    static let table = Table(
      "comments", Self.init,
      Column("id", \.id),
      Column("creator_id", \.creator, references: Person.self),
      Column("post_id", \.post, references: Post.self),
      Column("comment_id", \.comment, references: Comment.self)
    )
    .check("one_parent") { (row: Comment) in (row.post == nil) != (row.comment == nil) }

    static let post = belongsTo(Post.self, \.post)
    static let comments = hasMany(\Comment.comment)
    static let topics = Association(
      "comment_tags", from: Comment.self, "comment_id", to: Tag.self, "tag_id")
    static let tags = hasMany(through: topics)
    static let likes = Association(
      "comment_likes", from: Comment.self, "comment_id", to: Person.self, "person_id")
    static let likers = hasMany(through: likes)
  }

  struct Tag: Row {
    var id: Int
    var type: TagClass.ID

    static let table = Table(
      "tags", Self.init,
      Column("id", \.id),
      Column("type_id", \.type, references: TagClass.self))

    static let type = belongsTo(TagClass.self, \.type)
    static let posts = hasMany(through: Post.topics.inverse)
    static let comments = hasMany(through: Comment.topics.inverse)
  }

  struct TagClass: Row {
    var id: Int

    static let table = Table("tag_classes", Self.init, Column("id", \.id))
  }

  static func schema() throws -> Schema {
    try Schema {
      Country.self
      City.self
      Person.self
      Person.knows
      Person.interestedIn
      Forum.self
      Forum.memberships
      Post.self
      Post.topics
      Post.likes
      Comment.self
      Comment.topics
      Comment.likes
      Tag.self
      TagClass.self
    }
  }
}

extension LSQB {
  /// The rows and links, before they are in a graph. A comment comes after what it answers.
  struct Tables {
    var cities: [City] = []
    var persons: [Person] = []
    var knows: [(Int, Int)] = []
    var forums: [Forum] = []
    var members: [(forum: Int, person: Int)] = []
    var posts: [Post] = []
    var comments: [Comment] = []
    var tags: [Tag] = []
    var postTags: [(post: Int, tag: Int)] = []
    var commentTags: [(comment: Int, tag: Int)] = []
    var interests: [(person: Int, tag: Int)] = []
    var postLikes: [(person: Int, post: Int)] = []
    var commentLikes: [(person: Int, comment: Int)] = []
  }
}

extension LSQB.Tables {
  func graph() throws -> Graph {
    var graph = Graph(try LSQB.schema())
    try graph.insert(contentsOf: Set(cities.map(\.country)).sorted().map { LSQB.Country(id: $0) })
    try graph.insert(contentsOf: cities)
    try graph.insert(contentsOf: persons)
    try graph.insert(contentsOf: forums)
    try graph.insert(contentsOf: Set(tags.map(\.type)).sorted().map { LSQB.TagClass(id: $0) })
    try graph.insert(contentsOf: tags)
    try graph.insert(contentsOf: posts)
    try graph.insert(contentsOf: comments)
    func load<Source, Target>(
      _ association: Association<Source, Target>, _ pairs: [(Source.ID, Target.ID)]
    ) throws {
      try graph.load(association, pairs, allOrNothing: true)
    }
    try load(LSQB.Person.knows, knows + knows.map { ($1, $0) })
    try load(LSQB.Forum.memberships, members.map { ($0, $1) })
    try load(LSQB.Post.topics, postTags.map { ($0, $1) })
    try load(LSQB.Comment.topics, commentTags.map { ($0, $1) })
    try load(LSQB.Person.interestedIn, interests.map { ($0, $1) })
    try load(LSQB.Post.likes.inverse, postLikes.map { ($0, $1) })
    try load(LSQB.Comment.likes.inverse, commentLikes.map { ($0, $1) })
    return graph
  }

  /// Reads the benchmark's files.
  init(folder: URL) throws {
    func lines(_ name: String) throws -> [SharedData.Line] {
      try SharedData.lines(of: folder.appending(path: "\(name).csv"))
    }
    func pairs(_ name: String) throws -> [(Int, Int)] {
      try lines(name).map { (try $0.integer(0), try $0.integer(1)) }
    }
    cities = try pairs("City").map { LSQB.City(id: $0, country: $1) }
    persons = try pairs("Person").map { LSQB.Person(id: $0, city: $1) }
    knows = try pairs("Person_knows_Person")
    forums = try lines("Forum").map { LSQB.Forum(id: try $0.integer(0)) }
    members = try pairs("Forum_hasMember_Person")
    posts = try lines("Post").map {
      LSQB.Post(id: try $0.integer(0), creator: try $0.integer(1), forum: try $0.integer(2))
    }
    comments = try lines("Comment").map {
      LSQB.Comment(
        id: try $0.integer(0), creator: try $0.integer(1), post: try $0.optionalInteger(3),
        comment: try $0.optionalInteger(4))
    }
    tags = try pairs("Tag").map { LSQB.Tag(id: $0, type: $1) }
    postTags = try pairs("Post_hasTag_Tag")
    commentTags = try pairs("Comment_hasTag_Tag")
    interests = try pairs("Person_hasInterest_Tag")
    postLikes = try pairs("Person_likes_Post")
    commentLikes = try pairs("Person_likes_Comment")
  }
}
