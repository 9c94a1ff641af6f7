import Foundation
import Kith
import KithTestSupport
import Testing

@Suite struct `A random program` {
  /// Runs the same random steps on a graph and on the model, and compares them all the way.
  @Test(arguments: 0..<UInt64(effort(release: 40, debug: 15)))
  func `leaves a graph as the model says, and every snapshot as it was`(seed: UInt64) throws {
    var program = Program(seed: seed)
    for step in 0..<400 {
      try program.step()
      if step % 20 == 0 { try program.compare("seed \(seed), step \(step)") }
      if step % 50 == 0 { program.hold() }
      if step % 40 == 30 { try program.graph = program.graph.comesBack() }
    }
    try program.compare("seed \(seed), at the end")
    try program.compareHeld("seed \(seed)")
  }
}

/// A graph, its model, and pairs of both that were put aside.
private struct Program {
  var random: SplitMix64
  var graph: Graph
  var model = SocialModel()
  var held: [(graph: Graph, model: SocialModel)] = []

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    graph = Program.empty
  }

  private static let empty: Graph = {
    do {
      return Graph(
        try Schema {
          Member.self
          Note.self
          Member.follows
        })
    } catch {
      preconditionFailure("the schema is valid: \(error)")
    }
  }()

  mutating func hold() {
    held.append((graph, model))
  }

  mutating func step() throws {
    let (a, b) = (number(24), number(24))
    switch number(11) {
    case 0, 1:
      let isFree = !model.members.contains(a) && !model.handles.values.contains("m\(b)")
      try expect(isFree) { try $0.insert(Member(id: a, handle: "m\(b)")) }
      if isFree {
        model.members.append(a)
        model.handles[a] = "m\(b)"
      }
    case 2, 3, 4:
      let exist = model.members.contains(a) && model.members.contains(b) && a != b
      let isNew = !model.follows.contains(.init(source: a, target: b))
      var appended = false
      try expect(exist) { appended = try $0.append(b, to: Member.following, of: a) }
      if exist {
        #expect(appended == isNew)
        model.follows.insert(.init(source: a, target: b))
      }
    case 5:
      let removed = graph.remove(a, from: Member.followers, of: b)
      #expect((model.follows.remove(.init(source: a, target: b)) != nil) == removed)
    case 6, 7:
      let note = Note(
        id: "n\(number(60))", author: a, about: number(2) == 0 ? nil : b, score: number(9) - 1)
      let isAllowed =
        model.members.contains(a) && (note.about == nil || model.members.contains(b))
        && note.score >= 0 && !model.notes.contains { $0.id == note.id }
      try expect(isAllowed) { try $0.insert(note) }
      if isAllowed { model.notes.append(note) }
    case 8:
      let exists = model.members.contains(a)
      var deleted = false
      try expect(true) { deleted = try $0.delete(Member.self, a) }
      #expect(deleted == exists)
      model.delete(a)
    case 9:
      let isAllowed = model.members.contains(a) && (a == b || !model.members.contains(b))
      try expect(isAllowed) { try $0.update(Member.self, a) { $0.id = b } }
      if isAllowed { model.rename(a, to: b) }
    default:
      guard !model.notes.isEmpty else { return }
      let place = number(model.notes.count)
      let author = model.members.contains(a) ? a : model.notes[place].author
      let score = number(9)
      let id = model.notes[place].id
      try expect(true) {
        try $0.update(Note.self, id) {
          $0.score = score
          $0.author = author
        }
      }
      model.notes[place].score = score
      model.notes[place].author = author
    }
  }

  /// Changes the graph, and expects a refusal to leave it as it was.
  private mutating func expect(
    _ isAllowed: Bool, _ change: (inout Graph) throws -> Void
  ) throws {
    do {
      try change(&graph)
      #expect(isAllowed, "a change was not refused")
    } catch let error as GraphError {
      #expect(!isAllowed, "a change was refused: \(error)")
    }
  }

  func compare(_ place: String) throws {
    try Program.compare(graph, model, place)
  }

  func compareHeld(_ place: String) throws {
    for (index, pair) in held.enumerated() {
      try Program.compare(pair.graph, pair.model, "\(place), snapshot \(index)")
    }
  }

  private static func compare(_ graph: Graph, _ model: SocialModel, _ place: String) throws {
    try graph.validate()
    #expect(graph[Member.self].ids == model.members, "\(place)")
    #expect(Array(graph[Note.self]) == model.notes, "\(place)")
    #expect(graph.join(Member.following).count == model.follows.count, "\(place)")
    for member in model.members {
      let one = graph[Member.self, member]
      #expect(one.first?.handle == model.handles[member], "\(place)")
      #expect(one.following.ids == model.following(member), "\(place)")
      #expect(one.followers.ids == model.followers(member), "\(place)")
      #expect(one.mentions.ids == model.notes.filter { $0.about == member }.map(\.id), "\(place)")
      let suggestions = one.following.following.subtracting(one.following).excluding(member)
        .ranked()
      #expect(suggestions.map { [$0.id, $0.paths] } == model.suggestions(member), "\(place)")
      let best = Array(model.suggestions(member).prefix(3))
      #expect(suggestions.prefix(3).map { [$0.id, $0.paths] } == best, "\(place)")
      #expect(try feed(one) == model.feed(member), "\(place)")
    }
    let handle = "m\(model.members.first ?? 0)"
    #expect(
      graph[Member.self].filter(\.handle == handle).ids
        == model.members.filter { model.handles[$0] == handle }, "\(place)")
    #expect(
      graph[Note.self].filter(\.score > 3).ids == model.notes.filter { $0.score > 3 }.map(\.id),
      "\(place)")
    let pairs = model.members.flatMap { first in
      Set(model.following(first).flatMap { model.following($0) }).map { [first, $0] }
    }
    let join = graph.join(Member.following.following)
    #expect(join.distinctCount == pairs.count, "\(place)")
    #expect(join.withoutReturns.distinctCount == pairs.filter { $0[0] != $0[1] }.count, "\(place)")
  }

  /// The feed, in pages of four.
  private static func feed(_ member: Query<Member>) throws -> [String] {
    let query = member.following.notes.sorted(by: \.score, .descending)
    var ids: [String] = []
    var cursor: Cursor?
    repeat {
      let page = query.page(size: 4, after: cursor)
      ids += try page.rows.map(\.id)
      cursor = page.next
    } while cursor != nil
    return ids
  }

  private mutating func number(_ bound: Int) -> Int { random.number(below: bound) }
}
