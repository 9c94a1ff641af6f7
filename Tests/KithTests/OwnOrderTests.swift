import Kith
import KithFixtures
import Testing

/// Raw values have an order, and the type may have another.
@Suite struct `A type with an order of its own` {
  private enum Priority: String, ColumnValue, Comparable, CaseIterable {
    case low, mid, high, urgent

    private var rank: Int { Priority.allCases.firstIndex(of: self) ?? 0 }
    static func < (left: Priority, right: Priority) -> Bool { left.rank < right.rank }
  }

  /// Its order is that of its raw values, and it says so.
  private enum Grade: Int, ColumnValue, Comparable, CaseIterable {
    case one = 1
    case two, three

    static var isOrderedAsStored: Bool { true }
    static func < (left: Grade, right: Grade) -> Bool { left.rawValue < right.rawValue }
  }

  private struct Task: Row {
    var id: Int
    var priority: Priority
    var wish: Priority?
    var grade: Grade
    var project: Int

    static let table = Table(
      "tasks", Self.init, Column("id", \.id), Column("priority", \.priority),
      Column("wish", \.wish), Column("grade", \.grade).indexed(),
      Column("project_id", \.project, references: Project.self)
    ).index(\.priority).index(\.wish)
  }

  private struct Project: Row {
    var id: Int
    static let table = Table("projects", Self.init, Column("id", \.id))
    static let tasks = hasMany(\Task.project)
  }

  private static func tasks() throws -> Graph {
    var random = SplitMix64(seed: 3)
    var graph = Graph(
      try Schema {
        Project.self
        Task.self
      })
    try graph.insert(contentsOf: [1, 2].map { Project(id: $0) })
    try graph.insert(
      contentsOf: (1...60).map { id in
        Task(
          id: id, priority: Priority.allCases[random.number(below: 4)],
          wish: ([nil] + Priority.allCases)[random.number(below: 5)],
          grade: Grade.allCases[random.number(below: 3)], project: 1 + id % 2)
      })
    return graph
  }

  @Test(arguments: [1, 7, 60])
  func `is compared, sorted and paged as Swift does, with an index or without`(size: Int) throws {
    let graph = try Self.tasks()
    let tasks = graph[Task.self]
    let all = Array(tasks)
    for priority in Priority.allCases {
      #expect(
        tasks.filter(\.priority > priority).ids == all.filter { $0.priority > priority }.map(\.id))
      #expect(
        tasks.filter(\.priority <= priority).ids == all.filter { $0.priority <= priority }.map(\.id)
      )
      #expect(
        tasks.filter(\.priority == priority).ids == all.filter { $0.priority == priority }.map(\.id)
      )
      let wished = all.filter { $0.wish.map { $0 >= priority } ?? false }
      #expect(tasks.filter(\.wish >= priority).ids == wished.map(\.id))
    }
    let byPriority = all.sorted { ($0.priority, $0.id) < ($1.priority, $1.id) }.map(\.id)
    try expect(tasks.sorted(by: \.priority), byPriority, size)
    let descending = all.sorted {
      $0.priority == $1.priority ? $0.id < $1.id : $0.priority > $1.priority
    }
    try expect(tasks.sorted(by: \.priority, .descending), descending.map(\.id), size)
    let wished = all.sorted {
      switch ($0.wish, $1.wish) {
      case (let left?, let right?) where left != right: left < right
      case (nil, .some): true
      case (.some, nil): false
      default: ($0.priority, $1.id) > ($1.priority, $0.id)
      }
    }
    try expect(tasks.sorted(by: \.wish, \.priority, .descending), wished.map(\.id), size)
    let below = byPriority.filter { $0 % 2 == 0 }
    try expect(graph[Project.self, 1].tasks.sorted(by: \.priority), below, size)
  }

  @Test func `has an index if it says that it is that of its raw values`() throws {
    let tasks = try Self.tasks()[Task.self]
    #expect(tasks.filter(\.grade > .one).explain().contains("index ix_tasks_grade"))
    #expect(tasks.sorted(by: \.grade).explain().contains("index ix_tasks_grade"))
    #expect(!tasks.filter(\.priority > .low).explain().contains("index"))
    #expect(tasks.filter(\.priority == .low).explain().contains("index ix_tasks_priority"))
    #expect(!tasks.sorted(by: \.priority).explain().contains("index"))
  }

  /// The tasks of a program that knew a priority less.
  private struct FormerTask: Row {
    enum Priority: String, ColumnValue, Comparable {
      case low, mid, high
      static func < (left: Priority, right: Priority) -> Bool { left.rawValue > right.rawValue }
    }

    var id: Int
    var priority: Priority

    static let table = Table(
      "tasks", Self.init, Column("id", \.id), Column("priority", \.priority))
  }

  @Test func `refuses a cursor with a value that is none of the type`() throws {
    let tasks = try Self.tasks()[Task.self].sorted(by: \.priority, .descending)
    #expect(tasks.first?.priority == .urgent)
    let cursor = try #require(tasks.page(size: 1).next)
    var graph = Graph(try Schema { FormerTask.self })
    try graph.insert(
      contentsOf: [.low, .mid, .high].enumerated().map { FormerTask(id: $0, priority: $1) })
    let page = graph[FormerTask.self].sorted(by: \.priority, .descending)
      .page(size: 1, after: try Cursor("\(cursor)"))
    #expect(
      throws: GraphError.invalidCursor(reason: "it has a value that its column can't have")
    ) { try page.rows }
  }

  private func expect(_ query: Query<Task>, _ ids: [Int], _ size: Int) throws {
    #expect(query.ids == ids, "\(query)")
    #expect(query.prefix(size).ids == Array(ids.prefix(size)), "\(query)")
    var page = query.page(size: size)
    var seen = try page.rows.map(\.id)
    while let next = page.next {
      page = query.page(size: size, after: try Cursor("\(next)"))
      seen += try page.rows.map(\.id)
    }
    #expect(seen == ids, "\(query)")
  }
}
