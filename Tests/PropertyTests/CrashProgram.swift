import Foundation
import Kith
import KithTestSupport

/// A list of writes, each of which changes something, and the graph after each.
struct CrashProgram {
  let schema: Schema
  let seed: UInt64
  /// The encoded graph by version.
  private(set) var expected: [Data] = []
  /// The same where it is compacted before the next write.
  private var compacted: [Int: Data] = [:]

  init(seed: UInt64) throws {
    self.seed = seed
    schema = try SocialModel.schema()
    let memory = GraphStore(schema)
    expected = [memory.snapshot.encoded()]
    for _ in 0..<16 {
      var graph = memory.snapshot
      try graph.compact(along: Member.following)
      compacted[memory.version] = graph.encoded()
      try write(memory)
      expected.append(memory.snapshot.encoded())
    }
  }

  /// Whether a store has all of a version.
  func isWhole(_ store: GraphStore) -> Bool {
    let bytes = store.snapshot.encoded()
    return bytes == expected[store.version]
      || isCompacted(store.version) && bytes == compacted[store.version]
  }

  /// Whether the graph is compacted at a version.
  private func isCompacted(_ version: Int) -> Bool { version % 7 == 3 }

  /// Runs until something is thrown, and returns the version of the last commit that was not.
  func run(on disk: SimulatedDisk, _ durability: GraphStore.Durability) -> Int {
    var version = 0
    do {
      let store = try GraphStore(schema, on: disk, durability: durability)
      while store.version < expected.count - 1 {
        try step(store)
        version = store.version
      }
    } catch {
    }
    return version
  }

  /// The next write, before which a checkpoint is made now and then.
  func step(_ store: GraphStore) throws {
    if store.version % 6 == 5 { try store.checkpoint() }
    try write(store)
  }

  /// The writes that are left.
  func finish(_ store: GraphStore) throws {
    while store.version < expected.count - 1 { try write(store) }
  }

  private func write(_ store: GraphStore) throws {
    let version = store.version
    var random = SplitMix64(seed: seed * 1_000 + UInt64(version))
    if isCompacted(version) { try store.compact(along: Member.following) }
    try store.write { graph in
      if version % 7 == 5 { try graph.compact(along: Member.following.inverse) }
      try graph.insert(Member(id: version, handle: "m\(version)"))
      for _ in 0..<8 { change(&graph, using: &random) }
    }
  }

  /// A change, which the graph may refuse.
  private func change(_ graph: inout Graph, using random: inout SplitMix64) {
    let (a, b) = (random.number(below: 12), random.number(below: 12))
    switch random.number(below: 9) {
    case 0, 1, 2: _ = try? graph.append(a, to: Member.following, of: b)
    case 3: _ = graph.remove(a, from: Member.following, of: b)
    case 4:
      try? graph.insert(Note(id: "\(a) \(b)", author: a, about: b % 2 == 0 ? b : nil, score: b))
    case 5: _ = try? graph.update(Member.self, a) { $0.id = 100 + b }
    case 6: _ = try? graph.update(graph[Note.self]) { $0.score += a }
    case 7: _ = try? graph.delete(Member.self, a)
    default:
      // The row goes to the end of the order.
      guard let note = graph[Note.self].first else { return }
      _ = try? graph.delete(Note.self, note.id)
      try? graph.insert(note)
    }
  }
}
