import Foundation
import Kith
import KithCore
import KithTestSupport
import Testing

/// Stops the machine, or fails or cuts short a call, at every call that a program makes.
@Suite struct `A store whose machine stops` {
  @Test(arguments: 0..<UInt64(effort(release: 4, debug: 1)))
  func `has all commits that were synced, and none in part`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let program = try CrashProgram(seed: seed)
    for durability in [GraphStore.Durability.full, .none] {
      var call = 0
      while true {
        let disk = SimulatedDisk()
        disk.plan(.stop, at: call)
        let acknowledged = program.run(on: disk, durability)
        let isOver = disk.calls <= call
        disk.crash(using: &random)
        let place = "seed \(seed), \(durability), call \(call)"
        let store = try GraphStore(program.schema, on: disk, durability: durability)
        let least = durability == .full ? acknowledged : 0
        #expect((least..<program.expected.count).contains(store.version), "\(place)")
        #expect(program.isWhole(store), "\(place)")
        // What was found can be built upon.
        try program.finish(store)
        #expect(store.snapshot.encoded() == program.expected.last, "\(place)")
        if isOver { break }
        call += 1
      }
    }
  }

  @Test(arguments: 0..<UInt64(effort(release: 2, debug: 1)))
  func `undoes a commit that fails, and goes on`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let program = try CrashProgram(seed: seed)
    for trouble in [SimulatedDisk.Trouble.fail, .short] {
      var call = 0
      while true {
        let disk = SimulatedDisk()
        disk.plan(trouble, at: call)
        let place = "seed \(seed), \(trouble), call \(call)"
        var store = try? GraphStore(program.schema, on: disk)
        if store == nil { store = try GraphStore(program.schema, on: disk) }
        for _ in program.expected.dropFirst() {
          guard let open = store, open.version < program.expected.count - 1 else { break }
          let version = open.version
          do {
            try program.step(open)
          } catch {
            #expect(open.version == version, "\(place): \(error)")
            #expect(program.isWhole(open), "\(place)")
          }
        }
        if let store { try program.finish(store) }
        let isOver = disk.calls <= call
        store = nil
        disk.crash(using: &random)
        let again = try GraphStore(program.schema, on: disk)
        #expect(again.snapshot.encoded() == program.expected.last, "\(place)")
        if isOver { break }
        call += 1
      }
    }
  }

  @Test func `finds every byte that is flipped, or reports the end as torn`() throws {
    let program = try CrashProgram(seed: 9)
    let disk = SimulatedDisk()
    _ = program.run(on: disk, .full)
    let files = disk.names.filter { $0 != "lock" }
    #expect(files.count == 2)
    for name in files {
      let bytes = disk[name] ?? []
      for place in bytes.indices {
        let other = SimulatedDisk()
        for file in files { other[file] = disk[file] }
        other[name]?[place] ^= 1 << UInt8(place % 8)
        expectFoundOrTorn(other, program, "\(name), byte \(place)")
        other[name] = Array(bytes.prefix(place))
        expectFoundOrTorn(other, program, "\(name), cut at \(place)")
      }
    }
  }

  private func expectFoundOrTorn(_ disk: SimulatedDisk, _ program: CrashProgram, _ place: String) {
    do {
      let store = try GraphStore(program.schema, on: disk)
      #expect(store.snapshot.encoded() == program.expected[store.version], "\(place)")
    } catch GraphError.damagedFile(let file, let offset, _) {
      #expect(file.hasPrefix("/simulated/") && offset >= 0, "\(place)")
    } catch {
      Issue.record("\(place): \(error)")
    }
  }

  @Test func `saves the commits before the damage`() throws {
    let program = try CrashProgram(seed: 5)
    let (disk, other) = (SimulatedDisk(), SimulatedDisk())
    _ = program.run(on: disk, .full)
    let log = try #require(disk.names.first { $0.hasPrefix("log-") })
    let middle = (disk[log]?.count ?? 0) / 2
    disk[log]?[middle] ^= 1
    #expect(throws: GraphError.self) { try GraphStore(program.schema, on: disk) }
    let (version, damage) = try GraphStore.recover(program.schema, from: disk, to: other)
    #expect(damage != nil)
    let store = try GraphStore(program.schema, on: other)
    #expect(store.version == version)
    #expect(store.snapshot.encoded() == program.expected[version])
  }
}

/// A list of writes, each of which changes something, and the graph after each.
private struct CrashProgram {
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
