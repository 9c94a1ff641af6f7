import Foundation
import Kith
import Synchronization
import Synchronization
import Testing

@Suite struct `A query` {
  // 1 → 2, 3, 4; 2 → 3, 6, 7; 3 → 5, 4 (graph N of the scenarios)
  static let nodes = [(1, 2), (1, 3), (1, 4), (2, 3), (2, 6), (2, 7), (3, 5), (3, 4)]

  @Test func `yields each row once, in order of insertion`() throws {
    let graph = try Feed.graph(users: 7, follows: Self.nodes)
    #expect(graph[User.self, 1].following.following.ids == [3, 4, 5, 6, 7])
    #expect(graph[User.self, [2, 1, 2, 99]].following.ids == [2, 3, 4, 6, 7])
    #expect(graph[User.self, 1].following.followers.ids == [1, 2, 3])
    #expect(graph[User.self, 99].following.ids == [])
    #expect(graph[User.self, 1].following.following.count == 5)
  }

  @Test func `starts from a row, a key, some keys or all`() throws {
    let graph = try Feed.graph(users: 7, follows: Self.nodes)
    #expect(graph[Feed.user(2)].following.ids == [3, 6, 7])
    #expect(graph[User.self].count == 7)
    #expect(graph[User.self].following.ids == [2, 3, 4, 5, 6, 7])
    #expect(graph[User.self, [Int]()].isEmpty)
    #expect(Graph(try Feed.schema())[User.self].following.posts.isEmpty)
  }

  @Test func `ranks rows by the paths that reach them, ties by key`() throws {
    var graph = try Feed.graph(users: 7, follows: Self.nodes)
    func suggestions() -> [[Int]] {
      graph[User.self, 1].following.following
        .subtracting(graph[User.self, 1].following).excluding(1)
        .ranked().map { [$0.row.id, $0.paths] }
    }
    #expect(suggestions() == [[5, 1], [6, 1], [7, 1]])
    try graph.append(7, to: User.following, of: 4)
    #expect(suggestions() == [[7, 2], [5, 1], [6, 1]])
    let walk = graph[User.self, 1].following.following
    #expect(walk.ranked().prefix(2).map(\.id) == [7, 3])
    #expect(walk.ranked().prefix(0).isEmpty)
    #expect(walk.ranked().first?.paths == 2)
    #expect(walk.ranked().count == 5)
    #expect(graph[User.self, 1].ranked().map(\.paths) == [1])
    #expect(walk.following.ranked().map { [$0.id, $0.paths] } == [[4, 1], [5, 1], [7, 1]])
  }

  @Test func `breaks ties by key when keys did not ascend with insertion`() throws {
    var graph = Graph(try Feed.schema())
    try graph.insert(contentsOf: [5, 3, 9, 1, 7].map { Feed.user($0) })
    try graph.load(User.follows, [(5, 9), (5, 3), (9, 7), (3, 1), (9, 1), (3, 7)])
    #expect(
      graph[User.self, 5].following.following.ranked().map { [$0.id, $0.paths] } == [
        [1, 2], [7, 2],
      ])
    #expect(graph[User.self].sorted(by: \.name).prefix(2).ids == [1, 3])
    #expect(graph[User.self].ids == [5, 3, 9, 1, 7])
  }

  @Test func `filters by columns, closures and both`() throws {
    let graph = try Feed.graph(users: 20, follows: [])
    #expect(graph[User.self].filter(\.handle == "user7").ids == [7])
    #expect(graph[User.self].filter(\.handle == "nobody").isEmpty)
    #expect(graph[User.self].filter(\.id > 17 && \.id != 19).ids == [18, 20])
    #expect(graph[User.self].filter(\.id <= 2 || \.handle == "user9").ids == [1, 2, 9])
    #expect(graph[User.self].filter(!(\.id > 2)).ids == [1, 2])
    #expect(graph[User.self].filter { $0.id.isMultiple(of: 9) }.ids == [9, 18])
    #expect(graph[User.self].filter(\.id >= 4).filter { $0.id < 6 }.ids == [4, 5])
    // nil follows Swift: a row without a name is not named "Name 2".
    #expect(graph[User.self].filter(\.name != "Name 2").count == 19)
    #expect(graph[User.self].filter(\.name == nil).count == 10)
    #expect(graph[User.self].filter(\.name > "Name 6").ids == [8])
  }

  @Test func `finds the same rows with an index as without`() throws {
    let graph = try Feed.graph(users: 40, follows: [])
    for day in -1...7 {
      let date = Feed.start.addingTimeInterval(Double(day))
      let all = Array(graph[User.self])
      let later = all.filter { $0.joined > date }.map(\.id)
      #expect(graph[User.self].filter(\.joined > date).ids == later)
      let sooner = all.filter { $0.joined <= date }.map(\.id)
      #expect(graph[User.self].filter(\.joined <= date).ids == sooner)
      let then = all.filter { $0.joined == date && $0.id > 5 }.map(\.id)
      #expect(graph[User.self].filter(\.joined == date && \.id > 5).ids == then)
    }
    let plan = graph[User.self].filter(\.joined > Feed.start).explain()
    #expect(plan.contains("index ix_users_joined"))
    #expect(
      graph[User.self].filter(\.handle == "user3").explain().contains("index uq_users_handle"))
  }

  @Test func `finds text by an index in the order of texts`() throws {
    // The last two are one text in two spellings: composed, and with a combining mark.
    let texts = ["b", "a", "ab", "", "가나", "가", "a\u{301}x", "ba", "\u{e1}", "a\u{301}"]
    var graph = Graph(try Schema { Text.self })
    for (id, text) in texts.enumerated() { try graph.insert(Text(id: id, text: text)) }
    let words = graph[Text.self]
    for text in texts + ["c", "aa"] {
      let found = words.filter(\.text == text)
      #expect(found.ids == texts.indices.filter { texts[$0] == text })
      #expect(found.explain().contains("index ix_words_text"))
      #expect(words.filter(\.text < text).ids == texts.indices.filter { texts[$0] < text })
      #expect(words.filter(\.text >= text).ids == texts.indices.filter { texts[$0] >= text })
      let started = words.filter(.hasPrefix(\.text, text))
      #expect(started.ids == texts.indices.filter { texts[$0].hasPrefix(text) })
      #expect(started.explain().contains("index ix_words_text"))
    }
    #expect(words.filter(.contains(\.text, "")).count == texts.count)
    let ordered = texts.indices.sorted { (texts[$0], $0) < (texts[$1], $1) }
    #expect(words.sorted(by: \.text).ids == ordered)
    #expect(words.sorted(by: \.text).prefix(3).ids == Array(ordered.prefix(3)))
    #expect(words.sorted(by: \.text).explain().contains("index ix_words_text"))
  }

  @Test func `looks from a few rows at what they are related to, and not at all others`() throws {
    // Nine authors with a hundred notes each; every note in which a word is sought is counted.
    var graph = Graph(
      try Schema {
        Author.self
        Note.self
      })
    for author in 1...9 {
      try graph.insert(Author(id: author))
      for note in 0..<100 {
        let word = note == 7 && author < 3 ? "sought" : "other"
        try graph.insert(Note(id: author * 100 + note, author: author, word: Word(rawValue: word)))
      }
    }
    func looked(_ query: Query<Author>, _ ids: [Int]) -> Int {
      let before = Word.comparisons.withLock { $0 }
      #expect(query.ids == ids)
      return Word.comparisons.withLock { $0 } - before
    }
    let sought = Author.notes.contains(where: \.word == Word(rawValue: "sought"))
    #expect(looked(graph[Author.self, [2, 5]].filter(sought), [2]) <= 200)
    #expect(looked(graph[Author.self, [2, 5]].filter(!sought), [5]) <= 200)
    #expect(looked(graph[Author.self].filter(sought), [1, 2]) <= 900)
  }

  @Test func `reads the rows of one parent in the order of an index, from either end`() throws {
    var graph = try Feed.graph(users: 2, follows: [])
    for id in 1...40 { try graph.insert(Feed.post(41 - id, by: id % 3 == 0 ? 2 : 1, at: id / 4)) }
    let posts = graph[User.self, 1].posts
    for direction in [SortDirection.ascending, .descending] {
      let query = posts.sorted(by: \.createdAt, direction)
      let expected = posts.filter { _ in true }.sorted { left, right in
        if left.createdAt == right.createdAt { return left.id < right.id }
        return (left.createdAt < right.createdAt) == (direction == .ascending)
      }.map(\.id)
      #expect(query.ids == expected)
      let few: [Int] = Array(expected.prefix(5))
      #expect(query.prefix(5).ids == few)
      let even: [Int] = expected.filter { $0.isMultiple(of: 2) }
      #expect(query.filter { $0.id.isMultiple(of: 2) }.ids == even)
      #expect(query.explain().contains("index ix_posts_author_id_created_at"))
      var paged: [Int] = []
      var page = query.page(size: 4)
      paged += try page.rows.map(\.id)
      while let next = page.next, paged.count <= expected.count {
        page = query.page(size: 4, after: next)
        paged += try page.rows.map(\.id)
      }
      #expect(paged == expected)
    }
  }

  @Test func `sorts by one column or two, nothing first`() throws {
    let graph = try Feed.graph(users: 9, follows: [])
    #expect(graph[User.self].sorted(by: \.id, .descending).prefix(3).ids == [9, 8, 7])
    #expect(graph[User.self].sorted(by: \.name).ids == [1, 3, 5, 7, 9, 2, 4, 6, 8])
    #expect(graph[User.self].sorted(by: \.name, .descending).ids == [8, 6, 4, 2, 1, 3, 5, 7, 9])
    #expect(
      graph[User.self].sorted(by: \.joined, .descending, \.id, .descending).ids == [
        6, 5, 4, 3, 9, 2, 8, 1, 7,
      ])
    #expect(graph[User.self].sorted(by: \.joined).ids == [7, 1, 8, 2, 9, 3, 4, 5, 6])
    #expect(graph[User.self].sorted(by: \.id, .descending).dropFirst(7).ids == [2, 1])
  }

  @Test func `combines sets of rows`() throws {
    let graph = try Feed.graph(users: 7, follows: Self.nodes)
    let first = graph[User.self, 1].following
    let second = graph[User.self, 2].following
    #expect(first.union(second).ids == [2, 3, 4, 6, 7])
    #expect(first.intersection(second).ids == [3])
    #expect(first.subtracting(second).ids == [2, 4])
    #expect(first.symmetricDifference(second).ids == [2, 4, 6, 7])
    #expect(first.excluding(3, 99, 2).ids == [4])
    #expect(first.sorted(by: \.id, .descending).subtracting(second).ids == [4, 2])
  }

  @Test func `answers for one row`() throws {
    let graph = try Feed.graph(users: 7, follows: Self.nodes)
    #expect(graph[User.self, 1].following.first?.id == 2)
    #expect(graph[User.self, 5].following.first == nil)
    #expect(graph[User.self, 1].following.contains(3))
    #expect(!graph[User.self, 1].following.contains(5))
    #expect(graph[User.self, 1].following.following.contains(5))
    #expect(try graph[User.self].filter(\.handle == "user3").one().id == 3)
    #expect(throws: GraphError.severalFound(table: "users")) { try graph[User.self].one() }
    #expect(throws: GraphError.self) { try graph[User.self, 5].following.one() }
    #expect(throws: GraphError.notFound(table: "users", key: "12")) {
      try graph.require(User.self, 12)
    }
    #expect(try graph.require(User.self, 2).handle == "user2")
  }

  @Test func `walks foreign keys and association objects both ways`() throws {
    let graph = try School.graph()
    #expect(
      graph[Course.self].filter(\.name == "Mathematics").students.map(\.name) == ["alice", "bob"])
    #expect(graph[Student.self, 2].courses.map(\.name) == ["Mathematics", "Physics"])
    #expect(graph[Student.self, 2].enrolments.map(\.grade) == [nil, 3])
    #expect(graph[Student.self, 2].courses.teachers.ids == [School.teacher, School.assistant])
    #expect(graph[Teacher.self, School.teacher].reports.courses.students.map(\.name) == ["bob"])
    #expect(graph[Student.self, 1].courses.students.excluding(1).map(\.name) == ["bob"])
    #expect(graph[Student.self, 3].courses.isEmpty)
    #expect(graph.contains("phys", in: Student.courses, of: 2))
    #expect(!graph.contains("phys", in: Student.courses, of: 1))
  }

  @Test func `joins over the whole graph`() throws {
    let graph = try Feed.graph(users: 7, follows: Self.nodes + [(4, 1)])
    let join = graph.join(User.following.following)
    var pairs: [[Int]] = []
    join.forEach { pairs.append([$0, $1]) }
    #expect(join.count == pairs.count)
    #expect(join.distinctCount == Set(pairs).count)
    #expect(join.withoutReturns.count == pairs.filter { $0[0] != $0[1] }.count)
    #expect(join.counts(from: [3, 1, 99]) == [1, 6, 0])
    #expect(pairs.filter { $0[0] == 1 }.count == 6)
    // 1 → 2 → 3, 1 → 3 → 4 are closed by 1 → 3 and 1 → 4.
    #expect(join.closed(by: User.following).count == 2)
    #expect(join.open(by: User.following).count == pairs.count - 2)
    #expect(graph.join(User.following).count == 9)
    #expect(graph.join(User.following).closed(by: User.followers).count == 2)
    #expect(graph.join(User.following.following.following).count == 16)
    #expect(Graph(try Feed.schema()).join(User.following.following).distinctCount == 0)
  }

  @Test func `names its kernels`() throws {
    let graph = try Feed.graph(users: 7, follows: Self.nodes)
    let following = graph[User.self, 1].following
    #expect(following.following.explain().contains("kernel expansion"))
    #expect(
      following.posts.sorted(by: \.createdAt, .descending).prefix(20).explain()
        .contains("kernel recent-merge, index ix_posts_author_id_created_at"))
    let ranking = following.following.subtracting(following).excluding(1).ranked()
    #expect(ranking.explain().contains("kernel top-paths"))
    #expect(ranking.explain().contains("2 masks"))
    #expect(
      graph[User.self].filter { $0.id > 1 }.explain()
        == """
        filter opaque closure (estimated 3, actual 6)
          all of users (estimated 7, actual 7)
        """)
  }

  @Test func `takes parts of parts, whether rows lie in a run or are found`() throws {
    let graph = try Feed.graph(users: 9, follows: (2...9).map { (1, $0) })
    let sizes = [0, 1, 3, 8, 9, Int.max]
    for rows in [graph[User.self, 1].following, graph[User.self].excluding(1)] {
      for (dropped, size) in sizes.flatMap({ first in sizes.map { (first, $0) } }) {
        let part = (2...9).dropFirst(dropped).prefix(size)
        let query = rows.dropFirst(dropped).prefix(size)
        for last in sizes {
          let rest = query.dropFirst(last)
          #expect(rest.ids == Array(part.dropFirst(last)))
          #expect(rest.count == rest.ids.count)
          #expect(query.prefix(last).map(\.id) == Array(part.prefix(last)))
          #expect(query.prefix(last).first?.id == part.prefix(last).first)
        }
      }
    }
  }

  @Test func `names what puts two queries together`() throws {
    let graph = try Feed.graph(users: 7, follows: Self.nodes)
    let (one, two) = (graph[User.self, 1].following, graph[User.self, 2].following)
    func kernel(_ query: Query<User>) -> String {
      let line = query.explain().split(separator: "\n").first ?? ""
      return line.drop { $0 != ":" }.prefix { $0 != "(" }.dropFirst(2).dropLast().description
    }
    let lengths = "kernel intersection, merge, gallop or mark by the lengths"
    #expect(kernel(one.intersection(two)) == lengths)
    #expect(kernel(one.intersection(two.following)) == lengths)
    for query in [one.union(two), one.subtracting(two), one.symmetricDifference(two)] {
      #expect(kernel(query) == "kernel merge of sorted runs")
    }
    let sorted = one.sorted(by: \.handle).prefix(2)
    #expect(kernel(sorted.intersection(two)) == "a set of the others, order kept")
    #expect(kernel(sorted.subtracting(two)) == "a set of the others, order kept")
    #expect(kernel(sorted.union(two)) == "kernel merge of sorted runs")
  }

  @Test func `reaches any range of distances`() throws {
    let graph = try Feed.graph(users: 5, follows: [(1, 2), (2, 3), (3, 4), (4, 5)])
    let first = graph[User.self, 1]
    #expect(first.reachable(through: User.following, within: 1..<3).ids == [2, 3])
    #expect(first.reachable(through: User.following, within: 3...).ids == [4, 5])
    #expect(first.reachable(through: User.following, within: ...2).ids == [1, 2, 3])
    #expect(first.reachable(through: User.following, within: ..<2).ids == [1, 2])
    #expect(first.reachable(through: User.following, within: 2..<2).isEmpty)
  }

  @Test func `takes a closure wherever it takes a predicate`() throws {
    let graph = try Feed.graph(users: 7, follows: Self.nodes)
    let all = graph[User.self]
    let isOdd = Kith.Predicate<User> { $0.id % 2 == 1 }
    #expect(all.filter(isOdd && \.id > 2).ids == [3, 5, 7])
    #expect(all.filter(!isOdd || \.id == 1).ids == [1, 2, 4, 6])
    #expect(
      all.filter(User.following.contains(where: { $0.id == 3 })).ids
        == all.filter(User.following.contains(3)).ids)
    #expect(all.excluding(Set([1, 2, 99])).ids == [3, 4, 5, 6, 7])
    #expect(all.excluding([1, 7]).excluding(2, 3).ids == [4, 5, 6])
  }

  @Test func `asks one row alone whether it is there`() throws {
    let graph = try Feed.graph(users: 7, follows: Self.nodes)
    let asked = Asked()
    let all = graph[User.self].filter { asked.note($0.id) }
    #expect(all.contains(5) && !all.contains(99))
    #expect(all.sorted(by: \.handle).union(graph[User.self, 2]).contains(3))
    #expect(graph[User.self].subtracting(all).contains(6) == false)
    #expect(asked.ids == [5, 3, 6])
  }

  @Test func `says in a line how it is made`() throws {
    let graph = try Feed.graph(users: 7, follows: Self.nodes)
    let (ada, all) = (graph[User.self, 1], graph[User.self])
    #expect(
      "\(all.filter(\.handle != "x").prefix(3))"
        == "all of users, filter handle != \"x\", rows 0..<3")
    #expect(
      "\(ada.following.following.subtracting(ada.followers).sorted(by: \.handle, .descending))"
        == "1 of users by key, hop follows, hop follows, subtracting "
        + "(1 of users by key, hop follows (inverse)), sort by handle descending")
    #expect(
      "\(ada.reachable(through: User.following, within: 1...3).dropFirst(2))"
        == "1 of users by key, reach 1...3 steps over follows, rows 2..<end")
    #expect("\(graph)" == "version 0: 7 users, 0 posts, 8 follows")
    #expect("\(Graph(try Schema {}))" == "version 0: no tables")
  }
}

private struct Text: Row {
  var id: Int
  var text: String
  static let table = Table(
    "words", Self.init, Column("id", \.id), Column("text", \.text).indexed())
}

private struct Author: Row {
  var id: Int
  static let table = Table("authors", Self.init, Column("id", \.id))
  static let notes = hasMany(\Note.author)
}

private struct Note: Row {
  var id: Int
  var author: Int
  var word: Word
  static let table = Table(
    "notes", Self.init, Column("id", \.id),
    Column("author_id", \.author, references: Author.self), Column("word", \.word))
}

/// A text that counts how often it is compared.
private struct Word: RawRepresentable, ColumnValue {
  static let comparisons = Mutex(0)
  let rawValue: String

  init(rawValue: String) {
    self.rawValue = rawValue
  }

  static func == (left: Word, right: Word) -> Bool {
    comparisons.withLock { $0 += 1 }
    return left.rawValue == right.rawValue
  }
}

/// What a closure was asked.
private final class Asked: Sendable {
  private let list = Mutex<[Int]>([])

  var ids: [Int] { list.withLock { $0 } }

  func note(_ id: Int) -> Bool {
    list.withLock { $0.append(id) }
    return true
  }
}
