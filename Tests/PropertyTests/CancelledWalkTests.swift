import Kith
import Testing

/// Stones in a row, each linked to the next.
@Suite struct `A walk whose task is cancelled` {
  private struct Stone: Row {
    var id: Int
    static let table = Table("stones", Self.init, Column("id", \.id))
    static let steps = Association("steps", from: Stone.self, "a", to: Stone.self, "b")
    static let next = hasMany(through: steps)
  }

  private static func path(of count: Int) throws -> Graph {
    var graph = Graph(
      try Schema {
        Stone.self
        Stone.steps
      })
    try graph.insert(contentsOf: (1...count).map { Stone(id: $0) })
    try graph.load(Stone.steps, (1..<count).map { ($0, $0 + 1) })
    return graph
  }

  /// What `body` returns in a task that was cancelled before.
  private func cancelled<Result: Sendable>(
    _ body: @escaping @Sendable () -> Result
  ) async -> Result? {
    await withTaskGroup(of: Result.self) { group in
      group.cancelAll()
      group.addTask { body() }
      return await group.next()
    }
  }

  @Test func `finds no distance and no path, and leaves its memory clean`() async throws {
    let graph = try Self.path(of: 1_000)
    let distance = await cancelled { graph.distance(from: 1, to: 900, through: Stone.next) }
    #expect(distance == .some(nil))
    let path = await cancelled { graph.shortestPath(from: 1, to: 900, through: Stone.next) }
    #expect(path == .some(nil))
    // What takes no step needs no more time than to say so.
    let itself = await cancelled { graph.distance(from: 7, to: 7, through: Stone.next) }
    #expect(itself == .some(0))
    #expect(graph.distance(from: 1, to: 900, through: Stone.next) == 899)
    #expect(graph.shortestPath(from: 1, to: 3, through: Stone.next) == [1, 2, 3])
  }

  @Test func `reaches all rows all the same`() async throws {
    let graph = try Self.path(of: 1_000)
    let count = await cancelled {
      graph[Stone.self, 1].reachable(through: Stone.next).count
    }
    #expect(count == 999)
  }

  @Test func `loads nothing from a text`() async throws {
    let graph = try Self.path(of: 100)
    let text = TextSource(text: "1 3\n1 4\n", name: "text")
    let (csv, json) = (
      TextSource(text: "a,b\n1,3\n1,4\n", name: "csv"),
      TextSource(text: "{\"a\":1,\"b\":3}\n{\"a\":1,\"b\":4}\n", name: "json")
    )
    let (stones, jsonStones) = (
      TextSource(text: "id\n101\n102\n", name: "csv"),
      TextSource(text: "{\"id\":101}\n{\"id\":102}\n", name: "json")
    )
    let loads: [@Sendable (inout Graph) throws -> LoadReport] = [
      { try $0.load(Stone.steps, csv: csv) },
      { try $0.load(Stone.steps, jsonLines: json, allOrNothing: false) },
      { try $0.load(Stone.self, csv: stones, allOrNothing: false) },
      { try $0.load(Stone.self, jsonLines: jsonStones) },
      { try $0.load(Stone.steps, edgeList: text) },
      { try $0.load(Stone.steps, edgeList: text) { Stone(id: $0) } },
    ]
    for load in loads {
      let isStopped = await cancelled {
        var copy = graph
        do {
          _ = try load(&copy)
          return false
        } catch {
          return error is CancellationError && copy.encoded() == graph.encoded()
        }
      }
      #expect(isStopped == true)
      var copy = graph
      #expect(try load(&copy).inserted == 2)
    }
  }
}
