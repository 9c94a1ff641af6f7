import CLinux
import Foundation
import Kith
import KithFixtures

/// What a store takes when nobody asks it anything: memory, and a snapshot.
enum Sizes {
  static func plans(on graph: GraphSpec, withChurn: Bool) -> [Plan] {
    [
      Plan("snapshot", on: graph) { world in
        let store = try world.store()
        let count = 65_536
        return Case(
          calls: count,
          sides: [
            .parts(.kith, over: Array(0..<count)) { part in
              var versions = 0
              for _ in part { versions &+= store.snapshot.version }
              return UInt64(versions)
            }
          ])
      },
      Plan("statistics", on: graph) { try memory($0, withChurn) },
    ]
  }

  /// - Parameter withChurn: Whether to change ten times as many follows as there are, and look again.
  private static func memory(_ world: World, _ withChurn: Bool) throws -> Case {
    let graph = try world.graph()
    return Case(
      calls: 1,
      sides: [.block(.kith) { UInt64(graph.statistics["follows"]?.bytes ?? 0) }],
      findings: {
        var found = [("memory after load, counted", bytesPerFollow(graph), "bytes a follow")]
        if let resident = try residentBytesPerFollow(world) {
          found.append(("memory after load, resident", resident, "bytes a follow"))
        }
        if withChurn {
          var churned = try churn(world)
          found.append(("memory after churn, counted", bytesPerFollow(churned), "bytes a follow"))
          try churned.compact()
          found.append(
            ("memory after compaction, counted", bytesPerFollow(churned), "bytes a follow"))
        }
        return found
      })
  }

  private static func bytesPerFollow(_ graph: Graph) -> Double {
    guard let follows = graph.statistics["follows"] else { return 0 }
    return Double(follows.bytes) / Double(max(follows.count, 1))
  }

  /// Removes a drawn follow and inserts a drawn one, in all ten times as many changes as there are
  /// follows, in writes of 10,000, with no snapshot held.
  private static func churn(_ world: World) throws -> Graph {
    let store = try GraphStore(try world.graph())
    var random = SplitMix64(seed: 10)
    let ids = world.links.ids
    var links = Array(world.links.pairs)
    let steps = 5 * links.count
    for start in stride(from: 0, to: steps, by: 5000) {
      try store.write { graph in
        for _ in start..<min(start + 5000, steps) {
          let place = random.number(below: links.count)
          let source = ids[random.number(below: ids.count)]
          let target = ids[random.number(below: ids.count)]
          if source == target { continue }
          if try !graph.append(target, to: User.following, of: source) { continue }
          graph.remove(links[place].1, from: User.following, of: links[place].0)
          links[place] = (source, target)
        }
      }
    }
    return store.snapshot
  }

  /// How much the resident set grows for each of some graphs that share all but the follows.
  ///
  /// What the allocator keeps for later is given back first and last, so that neither what earlier
  /// operations left nor what a load needs in passing is in the figure.
  private static func residentBytesPerFollow(_ world: World) throws -> Double? {
    let store = try User.store()
    try store.write { try $0.insert(contentsOf: world.links.ids.lazy.map { User(id: $0) }) }
    let bare = store.snapshot
    let copies = max(2, 8_000_000 / max(world.links.count, 1))
    var loaded: [Graph] = []
    guard let before = residentBytes() else { return nil }
    for _ in 0..<copies {
      var one = bare
      try one.load(User.follows, world.links.pairs)
      loaded.append(one)
    }
    guard let after = residentBytes() else { return nil }
    return withExtendedLifetime(loaded) {
      Double(after - before) / Double(copies * world.links.count)
    }
  }

  /// The size of the resident set, where the system tells it in a file.
  private static func residentBytes() -> Int? {
    #if canImport(Glibc)
      malloc_trim(0)
    #endif
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
      .split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return pages.map { $0 * 4096 }
  }
}
