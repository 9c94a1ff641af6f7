import Kith
import Testing

@Suite struct `Columns of Bool as predicates` {
  private struct Note: Row {
    var id: Int
    var isPinned: Bool
    var isHidden: Bool
    var likes: Int
    var parent: Int?

    static let table = Table(
      "notes", Self.init, Column("id", \.id), Column("is_pinned", \.isPinned).indexed(),
      Column("is_hidden", \.isHidden), Column("likes", \.likes),
      Column("parent_id", \.parent, references: Note.self))
    static let replies = hasMany(\Note.parent)
  }

  private static func notes() throws -> Graph {
    var graph = Graph(try Schema { Note.self })
    for id in 0..<8 {
      try graph.insert(
        Note(
          id: id, isPinned: id & 1 != 0, isHidden: id & 2 != 0, likes: id & 4,
          parent: id == 0 ? nil : id / 2))
    }
    return graph
  }

  @Test func `they stand beside other predicates, and are negated`() throws {
    let notes = try Self.notes()[Note.self]
    #expect(notes.filter(\.isPinned).ids == [1, 3, 5, 7])
    #expect(notes.filter(!\.isPinned).ids == [0, 2, 4, 6])
    #expect(notes.filter(\.isPinned && \.isHidden).ids == [3, 7])
    #expect(notes.filter(\.isPinned || \.isHidden).ids == [1, 2, 3, 5, 6, 7])
    #expect(notes.filter(!\.isPinned && !\.isHidden).ids == [0, 4])
    #expect(notes.filter(\.isPinned && \.likes > 0).ids == [5, 7])
    #expect(notes.filter(\.likes > 0 && \.isPinned).ids == [5, 7])
    #expect(notes.filter(\.isHidden || \.likes > 0).ids == [2, 3, 4, 5, 6, 7])
    #expect(notes.filter(\.likes > 0 || \.isHidden).ids == [2, 3, 4, 5, 6, 7])
    #expect(notes.filter(!(\.isPinned || !\.isHidden) && \.likes == 0).ids == [2])
    #expect(notes.filter(Note.replies.contains(where: \.isPinned)).ids == [0, 1, 2, 3])
  }

  @Test func `an index serves them`() throws {
    let plan = try Self.notes()[Note.self].filter(\.isPinned && \.likes > 0).explain()
    #expect(
      plan == """
        filter is_pinned == true && likes > 0, index ix_notes_is_pinned (estimated 4, actual 2)
          all of notes (estimated 8, actual 8)
        """)
  }
}
