import Foundation
import Kith
import Testing

@Suite struct `Six queries of the Social Network Benchmark` {
  @Test(.enabled(if: SharedData.folder("snb") != nil, "\(SharedData.hint("snb"))"))
  func `return the expected rows of the benchmark's test data`() throws {
    let folder = try #require(SharedData.folder("snb"))
    let graph = try SNB.graph(folder: folder)
    #expect(graph[SNB.Person.self].count == 222)
    #expect(graph[SNB.Message.self].count == 8142)
    let expected = try JSONDecoder().decode(
      Expected.self, from: Data(contentsOf: folder.appending(path: "expected.json")))
    #expect(expected.queries.keys.sorted() == ["IC13", "IC2", "IC9", "IS1", "IS3", "IS5"])
    for (name, runs) in expected.queries {
      for run in runs {
        let rows = try SNB.rows(of: name, run.parameters(), in: graph)
        #expect(rows == run.rows.map { $0.map(\.text) }, "\(name) \(run.params)")
      }
    }
  }

  @Test func `return what is plain to see in a miniature`() throws {
    let graph = try Self.miniature()
    func rows(_ name: String, _ parameters: Int...) throws -> [String] {
      try SNB.rows(of: name, parameters, in: graph).map { $0.joined(separator: " ") }
    }
    // The newest messages of Bo and Cy up to second 50; two of one moment stand by key.
    #expect(
      try rows("IC2", 1, 50_000) == [
        "3 Cy Cline 13 from Cy 1970-01-01T00:00:50.000",
        "2 Bo Bell 11 photo.jpg 1970-01-01T00:00:40.500",
        "3 Cy Cline 12 again 1970-01-01T00:00:40.500",
        "2 Bo Bell 10 hello 1970-01-01T00:00:10.000",
      ])
    // Dee is a friend of a friend, Ann is not her own; second 50 itself is too late.
    #expect(
      try rows("IC9", 1, 50_000) == [
        "2 Bo Bell 11 photo.jpg 1970-01-01T00:00:40.500",
        "3 Cy Cline 12 again 1970-01-01T00:00:40.500",
        "4 Dee Dunn 15 from Dee 1970-01-01T00:00:20.000",
        "2 Bo Bell 10 hello 1970-01-01T00:00:10.000",
      ])
    #expect(try rows("IC2", 6, 50_000).isEmpty)
    #expect(try rows("IC13", 1, 5) == ["3"])
    #expect(try rows("IC13", 5, 1) == ["3"])
    #expect(try rows("IC13", 1, 1) == ["0"])
    #expect(try rows("IC13", 1, 6) == ["-1"])
    #expect(try rows("IC13", 1, 99) == ["-1"])
    #expect(
      try rows("IS1", 2) == ["Bo Bell 1990-01-02 10.0.0.2 Firefox 7 male 1970-01-01T00:00:02.000"])
    #expect(try rows("IS1", 99).isEmpty)
    // Newest first; Ann and Dee met Bo in the same second.
    #expect(
      try rows("IS3", 2) == [
        "1 Ann Abel 1970-01-01T00:00:07.000", "4 Dee Dunn 1970-01-01T00:00:07.000",
        "3 Cy Cline 1970-01-01T00:00:06.000",
      ])
    #expect(try rows("IS5", 15) == ["4 Dee Dunn"])
    #expect(try rows("IS5", 99).isEmpty)
  }

  @Test func `stop at twenty messages`() throws {
    let messages = (1...30).map { Self.message($0, by: 2, at: $0 * 1000 / 3, "text") }
    let graph = try SNB.graph(
      [Self.person(1, "Ann", "Abel"), Self.person(2, "Bo", "Bell")],
      knows: [(1, 2, SNB.date(milliseconds: 0))], messages: messages)
    let newest = Array((11...30).reversed()).map { "\($0)" }
    #expect(try SNB.rows(of: "IC2", [1, 10_000], in: graph).map { $0[3] } == newest)
    #expect(
      try SNB.rows(of: "IC9", [1, 10_000], in: graph).map { $0[3] }
        == (10...29).reversed().map { "\($0)" })
  }

  // Ann knows Bo and Cy, who know each other; Bo knows Dee, Dee knows Ed; Flo knows nobody.
  private static func miniature() throws -> Graph {
    let names = [("Ann", "Abel"), ("Bo", "Bell"), ("Cy", "Cline"), ("Dee", "Dunn"), ("Ed", "Eyre")]
    let persons = (names + [("Flo", "Frost")]).enumerated().map { person($0 + 1, $1.0, $1.1) }
    let knows = [(1, 2, 7), (1, 3, 5), (2, 3, 6), (2, 4, 7), (4, 5, 9)]
    return try SNB.graph(
      persons, knows: knows.map { ($0, $1, SNB.date(milliseconds: $2 * 1000)) },
      messages: [
        message(14, by: 1, at: 30_000, "from Ann"),
        message(13, by: 3, at: 50_000, "from Cy"),
        message(12, by: 3, at: 40_500, "again"),
        message(11, by: 2, at: 40_500, nil, image: "photo.jpg"),
        message(10, by: 2, at: 10_000, "hello"),
        message(15, by: 4, at: 20_000, "from Dee"),
        message(16, by: 5, at: 20_000, "from Ed"),
        message(17, by: 2, at: 50_001, "too late"),
      ])
  }

  private static func person(_ id: Int, _ firstName: String, _ lastName: String) -> SNB.Person {
    SNB.Person(
      id: id, firstName: firstName, lastName: lastName, gender: id == 2 ? "male" : "female",
      birthday: "1990-01-0\(id)", createdAt: SNB.date(milliseconds: id * 1000),
      address: "10.0.0.\(id)", browser: "Firefox", city: 5 + id)
  }

  private static func message(
    _ id: Int, by creator: Int, at milliseconds: Int, _ text: String?, image: String? = nil
  ) -> SNB.Message {
    SNB.Message(
      id: id, creator: creator, createdAt: SNB.date(milliseconds: milliseconds), imageFile: image,
      text: text)
  }
}

// MARK: The queries

extension SNB {
  /// The rows of a query, as texts.
  fileprivate static func rows(
    of query: String, _ parameters: [Int], in graph: Graph
  ) throws -> [[String]] {
    switch query {
    case "IC2": try recentMessages(ofFriendsOf: parameters[0], until: parameters[1], graph)
    case "IC9": try recentMessages(around: parameters[0], before: parameters[1], graph)
    case "IC13": [["\(steps(from: parameters[0], to: parameters[1], graph))"]]
    case "IS1": profile(of: parameters[0], graph)
    case "IS3": try friends(of: parameters[0], graph)
    case "IS5": graph[Message.self, parameters[0]].creator.map(name)
    default: throw UnknownQuery(name: query)
    }
  }

  /// IC2: the newest messages of friends.
  private static func recentMessages(
    ofFriendsOf person: Int, until latest: Int, _ graph: Graph
  ) throws -> [[String]] {
    let messages = graph[Person.self, person].friends.messages
      .filter(\.createdAt <= date(milliseconds: latest))
      .sorted(by: \.createdAt, .descending).prefix(20)
    return try withAuthors(messages)
  }

  /// IC9: the newest messages of friends and of their friends.
  private static func recentMessages(
    around person: Int, before end: Int, _ graph: Graph
  ) throws -> [[String]] {
    let messages = graph[Person.self, person].reachable(through: Person.friends, within: 1...2)
      .messages.filter(\.createdAt < date(milliseconds: end))
      .sorted(by: \.createdAt, .descending).prefix(20)
    return try withAuthors(messages)
  }

  /// IC13: how many acquaintances lie between two people.
  private static func steps(from one: Int, to other: Int, _ graph: Graph) -> Int {
    graph.distance(from: one, to: other, through: Person.friends) ?? -1
  }

  /// IS1: what is known of a person.
  private static func profile(of person: Int, _ graph: Graph) -> [[String]] {
    graph[Person.self, person].map {
      [
        $0.firstName, $0.lastName, $0.birthday, $0.address, $0.browser, "\($0.city)", $0.gender,
        text($0.createdAt),
      ]
    }
  }

  /// IS3: friends, newest first, equal dates by the friend's key, the last part of the link's own.
  private static func friends(of person: Int, _ graph: Graph) throws -> [[String]] {
    graph[Person.self, person].acquaintances.sorted(by: \.since, .descending)
      .including(Knows.friend)
      .flatMap { knows, friends in friends.map { name($0) + [text(knows.since)] } }
  }

  private static func withAuthors(_ messages: Query<Message>) throws -> [[String]] {
    messages.including(Message.creator).flatMap { message, authors in
      authors.map { name($0) + ["\(message.id)", message.content, text(message.createdAt)] }
    }
  }

  private static func name(_ person: Person) -> [String] {
    ["\(person.id)", person.firstName, person.lastName]
  }

  private struct UnknownQuery: Error {
    let name: String
  }
}

// MARK: The expected rows

/// The file of expected rows: for each query its runs, for each run parameters and rows.
private struct Expected: Decodable {
  let queries: [String: [Run]]

  struct Run: Decodable {
    let params: [String: String]
    let rows: [[Cell]]

    /// The parameters in the order in which the queries take them.
    func parameters() throws -> [Int] {
      let names = ["personId", "person1Id", "person2Id", "messageId", "maxDate"]
      return try names.compactMap { params[$0] }.map { try #require(Int($0)) }
    }
  }

  /// A number or a text.
  struct Cell: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int.self) {
        text = "\(number)"
      } else {
        text = try container.decode(String.self)
      }
    }
  }
}
