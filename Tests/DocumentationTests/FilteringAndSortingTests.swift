import Foundation
import Kith
import Testing

enum Mood: String, ColumnValue {
  case calm, cheerful
}

enum Level: Int, ColumnValue, Comparable {
  case beginner = 1
  case advanced, expert

  static var isOrderedAsStored: Bool { true }
  static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
}

struct Lesson: Row {
  var id: Int
  var level: Level
  var mood: Mood

  static let table = Table(
    "lessons", Self.init,
    Column("id", \.id),
    Column("level", \.level).indexed(),
    Column("mood", \.mood)
  )
  .index(\.mood, orderedBy: \.level)
}

func isNamed(startingWith prefix: String) -> Kith.Predicate<User> {
  .hasPrefix(\.handle, prefix) && !.isNil(\.name)
}

@Suite struct `The article on filtering` {
  /// Ada, who has no name, alan, grace and edsger; posts of user 2 and one of user 1.
  private func graph() throws -> Graph {
    var graph = Graph(try Network.schema())
    try graph.insert(contentsOf: [
      User(id: 1, handle: "ada", name: nil), User(id: 2, handle: "grace", name: "Grace"),
      User(id: 3, handle: "edsger", name: nil), User(id: 4, handle: "alan", name: "Alan"),
    ])
    try graph.append(contentsOf: [4, 2], to: User.following, of: 1)
    let texts = ["Types!", "A moth in a relay.", "Ships are safe.", "The sea, the ship."]
    for (id, text) in texts.enumerated() {
      let author = id == 0 ? 1 : 2
      let date = Date(timeIntervalSince1970: Double(id % 2) * 60)
      try graph.insert(Post(id: id, author: author, text: text, createdAt: date))
    }
    return graph
  }

  @Test func `compares columns`() throws {
    let (graph, noon) = (try graph(), Date(timeIntervalSince1970: 0))
    let ada = graph[User.self].filter(\.handle == "ada").first
    let nameless = graph[User.self].filter(\.name == nil)
    let recent = graph[Post.self].filter(\.createdAt >= noon && !(\.author == 2))
    #expect(ada?.id == 1)
    #expect(nameless.ids == [1, 3])
    #expect(recent.ids == [0])
    let long = graph[Post.self].filter(\.author == 2).filter { $0.text.count > 15 }
    #expect(long.ids == [1, 3])
  }

  @Test func `asks for lists, missing values and text`() throws {
    let graph = try graph()
    let some = graph[User.self].filter(.isIn(\.id, [1, 2]))
    let unnamed = graph[User.self].filter(.isNil(\.name))
    let named = graph[User.self].filter(.hasPrefix(\.handle, "a") && !.isNil(\.name))
    let maritime = graph[Post.self].filter(.contains(\.text, "ship") || .contains(\.text, "sea"))
    #expect(some.ids == [1, 2])
    #expect(unnamed.ids == [1, 3])
    #expect(named.ids == [4])
    #expect(maritime.ids == [3], "Ships begin with another letter")
    #expect(graph[User.self].filter(User.following.contains(2)).ids == [1])
  }

  @Test func `names predicates`() throws {
    let graph = try graph()
    let wanted: Kith.Predicate<User> = isNamed(startingWith: "a") || \.id == 3
    let found = graph[User.self].filter(wanted)
    #expect(found.ids == [3, 4])
  }

  @Test func `keeps enumerations in columns, and uses their order`() throws {
    var lessons = Graph(try Schema { Lesson.self })
    try lessons.insert(contentsOf: [
      Lesson(id: 1, level: .expert, mood: .calm), Lesson(id: 2, level: .beginner, mood: .calm),
      Lesson(id: 3, level: .advanced, mood: .cheerful),
      Lesson(id: 4, level: .advanced, mood: .calm),
    ])
    let demanding = lessons[Lesson.self].filter(\.level >= .advanced && \.mood == .calm)
    #expect(demanding.ids.sorted() == [1, 4])

    let calm = lessons[Lesson.self].filter(\.mood == .calm)
    let hardest = calm.sorted(by: \.level, .descending).prefix(10)  // ten rows are read
    #expect(hardest.ids == [1, 4, 2])
    #expect(hardest.explain().contains("ix_lessons_mood_level"))
    let plan = lessons[Lesson.self].filter(\.level >= .advanced).explain()
    #expect(plan.contains("ix_lessons_level"))
  }

  @Test func `sorts, and says what keeps the order`() throws {
    let graph = try graph()
    let byName = graph[User.self].sorted(by: \.name, .descending)
    let byAuthor = graph[Post.self].sorted(by: \.author, \.createdAt, .descending)
    #expect(byName.ids == [2, 4, 1, 3])
    #expect(byAuthor.ids == [0, 1, 3, 2])
    #expect(
      graph[Post.self].sorted(by: \.author).sorted(by: \.createdAt).ids == [0, 2, 1, 3],
      "the second sort replaces the first")
    let sorted = graph[User.self].sorted(by: \.handle)
    let others = sorted.subtracting(graph[User.self, 1].following)  // still by handle
    let both = sorted.union(graph[User.self, 1].following).sorted(by: \.handle)
    let byHandle = [1, 4, 3, 2]
    #expect(sorted.ids == byHandle && both.ids == byHandle)
    #expect(others.ids == [1, 3])
    #expect(sorted.intersection(graph[User.self, [2, 4]]).ids == [4, 2])
    #expect(sorted.filter(\.id > 1).ids == [4, 3, 2] && sorted.excluding(4).ids == [1, 3, 2])
    #expect(sorted.union(graph[User.self, 1].following).ids == [1, 2, 3, 4])
    #expect(sorted.symmetricDifference(graph[User.self, [2]]).ids == [1, 3, 4])
    #expect(sorted.following.ids == [2, 4])
  }
}
