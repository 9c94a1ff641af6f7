import Foundation
import Kith
import Testing

/// How long a chain is. Inserting a row takes a debug build many times as long, and a sanitizer several
/// times; `KITH_STEPS` multiplies it.
private let length: Int = {
  let steps = ProcessInfo.processInfo.environment["KITH_STEPS"].flatMap { Int($0) } ?? 1
  #if DEBUG
    return 15_000 * steps
  #else
    return 100_000 * steps
  #endif
}()

/// A row that refers to the one before it, and goes with it.
private struct Ring: Row {
  var id: Int
  var previous: Int?

  static let table = Table(
    "rings", Self.init,
    Column("id", \.id),
    Column("previous_id", \.previous, references: Ring.self, onDelete: .cascade))
  static let nexts = hasMany(\Ring.previous)
  static let joins = Association("joins", from: Ring.self, "a", to: Ring.self, "b")
  static let joined = hasMany(through: joins)

  /// Rings from 1 on, each hanging on the one before, and joined to the next and the last to the
  /// first.
  static func chain() throws -> Graph {
    var graph = Graph(
      try Schema {
        Ring.self
        Ring.joins
      })
    for id in 1...length { try graph.insert(Ring(id: id, previous: id == 1 ? nil : id - 1)) }
    try graph.load(Ring.joins, (1...length).map { ($0, $0 % length + 1) })
    return graph
  }
}

/// Runs a closure on a thread whose stack has 512 KiB.
private func onSmallStack(_ body: @escaping @Sendable () throws -> Void) async throws {
  try await withCheckedThrowingContinuation { continuation in
    let thread = Thread { continuation.resume(with: Result { try body() }) }
    thread.stackSize = 512 << 10
    thread.start()
  }
}

@Suite struct `A long chain on a small stack` {
  @Test func `is walked from end to end`() async throws {
    try await onSmallStack {
      let graph = try Ring.chain()
      #expect(graph.distance(from: 1, to: length, through: Ring.nexts) == length - 1)
      #expect(graph.distance(from: length, to: 1, through: Ring.nexts) == nil)
      let path = graph.shortestPath(from: 1, to: length, through: Ring.nexts)
      #expect(path == Array(1...length))
      let first = graph[Ring.self, 1]
      #expect(first.reachable(through: Ring.nexts).count == length - 1)
      #expect(first.reachable(through: Ring.nexts, within: length / 2...length / 2).count == 1)
    }
  }

  @Test func `is walked round when it is closed`() async throws {
    try await onSmallStack {
      let graph = try Ring.chain()
      let first = graph[Ring.self, 1]
      #expect(first.reachable(through: Ring.joined).count == length - 1)
      #expect(first.reachable(through: Ring.joined, within: 0...Int.max).count == length)
      #expect(graph.distance(from: 2, to: 1, through: Ring.joined) == length - 1)
      let path = graph.shortestPath(from: 2, to: 1, through: Ring.joined)
      #expect(path == Array(2...length) + [1])
      #expect(graph.join(Ring.joined.joined).count == length)
    }
  }

  @Test func `goes with its first ring`() async throws {
    try await onSmallStack {
      var graph = try Ring.chain()
      try graph.delete(Ring.self, 1)
      #expect(graph[Ring.self].isEmpty && graph.join(Ring.joined).count == 0)
      try graph.validate()
    }
  }

  @Test func `goes with any ring when it is closed`() async throws {
    try await onSmallStack {
      var graph = try Ring.chain()
      try graph.update(Ring.self, 1) { $0.previous = length }
      try graph.delete(Ring.self, length / 2)
      #expect(graph[Ring.self].isEmpty)
      try graph.validate()
    }
  }

  @Test func `is encoded, decoded and checked`() async throws {
    try await onSmallStack {
      let data = try Ring.chain().encoded()
      let graph = try Graph(
        Schema {
          Ring.self
          Ring.joins
        }, decoding: data)
      try graph.validate()
      #expect(graph[Ring.self].count == length)
    }
  }
}

@Suite struct `Five hundred terms on a small stack` {
  private static let wanted = Array(stride(from: 1, to: 1_500, by: 3))

  private static func graph() throws -> Graph {
    var graph = Graph(
      try Schema {
        Ring.self
        Ring.joins
      })
    try graph.insert(contentsOf: (1...1_500).map { Ring(id: $0, previous: nil) })
    return graph
  }

  @Test func `accept what one of them accepts, with an index or without`() async throws {
    try await onSmallStack {
      let rings = try Self.graph()[Ring.self]
      let first: Kith.Predicate<Ring> = \.id == 1
      let keys = Self.wanted.dropFirst().reduce(first) { $0 || \.id == $1 }
      #expect(rings.filter(keys).ids == Self.wanted)
      let other = keys || \.previous == 0
      #expect(rings.filter(other).ids == Self.wanted)
      #expect(rings.filter(!keys).count == 1_000)
      #expect("\(rings.filter(keys).explain())".contains("id == 1 || id == 4 || id == 7"))
    }
  }

  @Test func `are as many queries put together one by one`() async throws {
    try await onSmallStack {
      let graph = try Self.graph()
      let all = Self.wanted.dropFirst().reduce(graph[Ring.self, 1]) {
        $0.union(graph[Ring.self, $1])
      }
      #expect(all.ids == Self.wanted && all.count == 500)
      #expect(try all.page(size: 3).rows.map(\.id) == [1, 4, 7])
      let rest = Self.wanted.reduce(graph[Ring.self].sorted(by: \.id, .descending)) {
        $0.subtracting(graph[Ring.self, $1])
      }
      #expect(rest.count == 1_000 && rest.ids.prefix(3) == [1_500, 1_499, 1_497])
    }
  }

  @Test func `accept what all of them accept`() async throws {
    try await onSmallStack {
      let rings = try Self.graph()[Ring.self]
      let first: Kith.Predicate<Ring> = \.id != 1
      let others = Self.wanted.dropFirst().reduce(first) { $0 && \.id != $1 }
      #expect(rings.filter(others).count == 1_000)
      #expect(rings.filter(others && \.id <= 4).ids == [2, 3])
      let filtered = Self.wanted.reduce(rings) { $0.filter(\.id != $1) }
      #expect(filtered.count == 1_000)
    }
  }

  @Test func `are many thousands, put together one by one`() async throws {
    try await onSmallStack {
      let rings = try Self.graph()[Ring.self]
      var (keys, others): (Kith.Predicate<Ring>, Kith.Predicate<Ring>) = (\.id == 1, \.id != 1)
      for id in 2...length {
        keys = keys || \.id == id
        others = others && \.id != id
      }
      let few = rings.filter(keys && \.id > 1_497)
      #expect(few.ids == [1_498, 1_499, 1_500])
      #expect(rings.filter(keys).count == 1_500)
      #expect(rings.prefix(3).filter(others).isEmpty)
      #expect(few.explain().contains("id == 1 || id == 2 || id == 3"))
      #expect("\(rings.filter(others))".hasSuffix("id != \(length)"))
      let first = few.page(size: 1)
      #expect(try few.page(size: 1, after: first.next).rows.map(\.id) == [1_499])
      let other = rings.filter(keys || \.id == 0)
      #expect(throws: GraphError.self) { try other.page(size: 1, after: first.next).rows }
    }
  }
}
