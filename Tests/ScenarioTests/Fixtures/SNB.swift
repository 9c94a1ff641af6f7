import Foundation
import Kith

/// The tables of LDBC's Social Network Benchmark (interactive workload) that six of its queries use.
enum SNB {
  struct Person: Row {
    var id: Int
    var firstName: String
    var lastName: String
    var gender: String
    var birthday: String
    var createdAt: Date
    var address: String
    var browser: String
    var city: Int

    static let table = Table(
      "persons", Self.init,
      Column("id", \.id),
      Column("first_name", \.firstName),
      Column("last_name", \.lastName),
      Column("gender", \.gender),
      Column("birthday", \.birthday),
      Column("created_at", \.createdAt),
      Column("location_ip", \.address),
      Column("browser_used", \.browser),
      Column("city_id", \.city))

    static let acquaintances = hasMany(\Knows.person)
    static let friends = hasMany(Person.self, through: \Knows.person, \.friend)
    static let messages = hasMany(\Message.creator)
  }

  /// Knowing is mutual: every pair is there in both directions, with the same date.
  struct Knows: Row {
    var person: Person.ID
    var friend: Person.ID
    var since: Date
    var id: Pair<Person.ID, Person.ID> { Pair(person, friend) }

    static let table = Table(
      "knows", Self.init,
      Column("person1_id", \.person, references: Person.self, onDelete: .cascade),
      Column("person2_id", \.friend, references: Person.self, onDelete: .cascade),
      Column("created_at", \.since)
    )
    .primaryKey(\.person, \.friend)

    static let friend = belongsTo(Person.self, \.friend)
  }

  /// A post or a comment.
  struct Message: Row {
    var id: Int
    var creator: Person.ID
    var createdAt: Date
    var imageFile: String?
    var text: String?
    var content: String { imageFile ?? text ?? "" }

    static let table = Table(
      "messages", Self.init,
      Column("id", \.id),
      Column("creator_id", \.creator, references: Person.self),
      Column("created_at", \.createdAt),
      Column("image_file", \.imageFile),
      Column("content", \.text)
    )
    .index(\.creator, orderedBy: \.createdAt)

    static let creator = belongsTo(Person.self, \.creator)
  }

  static func schema() throws -> Schema {
    try Schema {
      Person.self
      Knows.self
      Message.self
    }
  }

  static func graph(
    _ persons: [Person], knows: [(Int, Int, Date)], messages: [Message]
  ) throws -> Graph {
    var graph = Graph(try schema())
    try graph.insert(contentsOf: persons)
    try graph.insert(
      contentsOf: knows.flatMap { one, other, since in
        [
          Knows(person: one, friend: other, since: since),
          Knows(person: other, friend: one, since: since),
        ]
      })
    try graph.insert(contentsOf: messages)
    return graph
  }
}

// MARK: Reading the benchmark's files

extension SNB {
  static func graph(folder: URL) throws -> Graph {
    func lines(_ name: String) throws -> [SharedData.Line] {
      try SharedData.lines(of: folder.appending(path: "dynamic/\(name)_0_0.csv"))
    }
    let persons = try lines("person").map {
      Person(
        id: try $0.integer(0), firstName: $0.text(1), lastName: $0.text(2), gender: $0.text(3),
        birthday: $0.text(4), createdAt: try date($0.text(5)), address: $0.text(6),
        browser: $0.text(7), city: try $0.integer(8))
    }
    let knows = try lines("person_knows_person").map {
      (try $0.integer(0), try $0.integer(1), try date($0.text(2)))
    }
    let posts = try lines("post").map {
      Message(
        id: try $0.integer(0), creator: try $0.integer(8), createdAt: try date($0.text(2)),
        imageFile: $0.optionalText(1), text: $0.optionalText(6))
    }
    let comments = try lines("comment").map {
      Message(
        id: try $0.integer(0), creator: try $0.integer(6), createdAt: try date($0.text(1)),
        imageFile: nil, text: $0.optionalText(4))
    }
    return try graph(persons, knows: knows, messages: posts + comments)
  }

  /// Dates of the same millisecond are equal, whatever they are made of.
  static func date(milliseconds: Int) -> Date {
    Date(timeIntervalSince1970: Double(milliseconds) / 1000)
  }

  /// Reads `2010-06-27T23:36:57.962+0000`.
  static func date(_ text: String) throws -> Date {
    let date = try Date(text, strategy: format.timeZone(separator: .omitted))
    return self.date(milliseconds: Int((date.timeIntervalSince1970 * 1000).rounded()))
  }

  /// Writes `2010-06-27T23:36:57.962`.
  static func text(_ date: Date) -> String {
    // The format cuts what is less than a millisecond off, and few milliseconds are exact.
    date.addingTimeInterval(0.000_1).formatted(format)
  }

  private static let format =
    Date.ISO8601FormatStyle().year().month().day().time(includingFractionalSeconds: true)
}
