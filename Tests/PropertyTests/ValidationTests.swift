import Kith
import Testing

@Suite struct `Validation` {
  /// Members 1, 2 and 3 in slots 0, 1 and 2; 1 follows 2; one note of member 1 about member 2. The
  /// links are, in the order of the schema: the author and the subject of notes, and follows.
  private static func graph() throws -> Graph {
    var graph = Graph(
      try Schema {
        Member.self
        Note.self
        Member.follows
      })
    for id in 1...3 { try graph.insert(Member(id: id, handle: "m\(id)")) }
    try graph.append(2, to: Member.following, of: 1)
    try graph.insert(Note(id: "n", author: 1, about: 2, score: 5))
    return graph
  }

  private static func faults(_ damage: (inout Graph) -> Void) throws -> [String] {
    var graph = try graph()
    try graph.validate()
    damage(&graph)
    do throws(GraphError) {
      try graph.validate()
      return []
    } catch {
      guard case .damaged(let faults) = error else { throw error }
      return faults
    }
  }

  @Test func `finds a foreign key whose link is gone, and the index below it`() throws {
    let faults = try Self.faults { graph in graph.changeLinks(0) { _ = $0.remove(0, 0) } }
    #expect(
      faults == [
        "ix_notes_author_id_score does not have its 0 rows in order",
        "fk_notes_author_id_members does not link the row \"n\" to 1",
      ])
  }

  @Test func `finds a foreign key that is linked to another row than it says`() throws {
    let faults = try Self.faults { graph in
      graph.changeLinks(1) { links in
        links.remove(0, 1)
        links.insert(0, 2)
      }
    }
    #expect(faults == ["fk_notes_about_id_members does not link the row \"n\" to 2"])
  }

  @Test func `finds an index that keeps a row below another parent than its link says`() throws {
    let faults = try Self.faults { graph in
      graph.changeLinks(0) { links in
        links.remove(0, 0)
        links.insert(0, 2)
      }
    }
    #expect(
      faults == [
        "ix_notes_author_id_score does not have its 0 rows in order",
        "ix_notes_author_id_score does not have its 1 rows in order",
        "fk_notes_author_id_members does not link the row \"n\" to 1",
      ])
  }

  @Test func `finds links to rows that don't exist, and to the row itself`() throws {
    let faults = try Self.faults { graph in
      graph.changeLinks(2) { links in
        links.insert(0, 0)
        links.insert(2, 7)
      }
    }
    #expect(
      faults == [
        "ck_follows_no_self_links is broken",
        "follows has a link between rows that don't exist",
      ])
  }

  @Test func `tells a hundred faults, and no more`() throws {
    let faults = try Self.faults { graph in
      graph.changeLinks(2) { links in
        for slot in 10..<UInt32(200) { links.insert(slot, slot) }
      }
    }
    #expect(faults.count == 100)
  }

  @Test func `passes an empty graph, and one whose rows are all gone`() throws {
    var graph = try Self.graph()
    try graph.delete(graph[Member.self])
    #expect(graph.statistics.rows == 0)
    #expect(graph.statistics.links == 0)
    try graph.validate()
    try Graph(graph.schema).validate()
  }
}
