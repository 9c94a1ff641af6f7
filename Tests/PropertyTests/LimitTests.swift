import Kith
import KithCore
import Testing

@Suite struct `A table with few slots` {
  private static func graph(slots: UInt32) throws -> Graph {
    Graph(try SocialModel.schema(), Geometry(slotLimit: slots))
  }

  private func member(_ id: Int) -> Member { Member(id: id, handle: "m\(id)") }

  private let isFull = GraphError.tableFull(table: "members")

  @Test func `refuses the row after the last, whichever call inserts it`() throws {
    var graph = try Self.graph(slots: 3)
    try graph.insert(contentsOf: (1...3).map(member))
    let before = graph.encoded()
    #expect(throws: isFull) { try graph.insert(member(4)) }
    #expect(throws: isFull) { try graph.insert { member($0) } }
    #expect(throws: isFull) { try graph.upsert(member(4)) }
    #expect(throws: isFull) { try graph.insert(contentsOf: [member(4)]) }
    #expect(throws: isFull) {
      try graph.load(Member.follows, edgeList: TextSource(text: "1 2\n3 4\n", name: "list")) {
        member($0)
      }
    }
    #expect(graph.encoded() == before)
    try graph.validate()
  }

  @Test func `says in which line of a text it became full`() throws {
    var graph = try Self.graph(slots: 2)
    let text = TextSource(text: "id,handle\n1,a\n2,b\n3,c\n", name: "text")
    #expect(
      throws: GraphError.refusedInput(file: "text", line: 4, column: 1, reason: isFull)
    ) { try graph.load(Member.self, csv: text) }
    #expect(graph[Member.self].isEmpty)
    let report = try graph.load(Member.self, csv: text, allOrNothing: false)
    #expect(report.inserted == 2 && report.refusedCount == 1)
  }

  @Test func `takes back the rows before the one that it refuses`() throws {
    let store = try GraphStore(Self.graph(slots: 4))
    try store.write { try $0.insert(member(1)) }
    #expect(throws: isFull) { try store.write { try $0.insert(contentsOf: (2...9).map(member)) } }
    #expect(store.snapshot[Member.self].ids == [1] && store.version == 1)
    // A slot is used by a row that stays, and by one that does not.
    try store.write { graph in
      try graph.insert(member(2))
      try graph.delete(Member.self, 2)
    }
    try store.write { try $0.insert(contentsOf: [member(3), member(4)]) }
    #expect(throws: isFull) { try store.write { try $0.insert(member(5)) } }
    try store.write { graph in _ = try graph.update(Member.self, 1) { $0.id = 7 } }
    #expect(store.snapshot[Member.self].ids == [7, 3, 4])
  }

  @Test func `has slots for as many rows as another graph that it is made of`() throws {
    var graph = try Self.graph(slots: 2)
    try graph.insert(contentsOf: [member(1), member(2)])
    try graph.delete(Member.self, 1)
    #expect(throws: isFull) { try graph.insert(member(3)) }
    var copy = try Graph(graph.schema, decoding: graph.encoded())
    try copy.insert(member(3))
    #expect(copy[Member.self].ids == [2, 3])
  }

  @Test func `has the slots again of rows that were deleted when it is compacted`() throws {
    var graph = try Self.graph(slots: 3)
    try graph.insert(contentsOf: (1...3).map(member))
    try graph.append(1, to: Member.following, of: 3)
    try graph.delete(Member.self, 2)
    #expect(throws: isFull) { try graph.insert(member(4)) }
    try graph.compact()
    try graph.insert(member(4))
    #expect(graph[Member.self].ids == [1, 3, 4] && graph[Member.self, 1].followers.ids == [3])
    #expect(throws: isFull) { try graph.insert(member(5)) }
    try graph.compact(along: Member.following)
    #expect(throws: isFull) { try graph.insert(member(5)) }
    try graph.validate()
  }
}
