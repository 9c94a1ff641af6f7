import Benchmark
import Kith

/// The join of two hops over all users at once.
enum WholeGraph {
  /// - Parameter withSlowPeers: Whether SQLite and Dictionary take part where they walk all paths one
  ///   by one; on large graphs that is hours.
  static func plans(on graph: GraphSpec, withSlowPeers: Bool) -> [Plan] {
    [
      Plan("whole graph, paths counted", on: graph, count),
      Plan("whole graph, paths enumerated", on: graph) { try enumeration($0, withSlowPeers) },
      Plan("whole graph, distinct pairs", on: graph) { try distinct($0, withSlowPeers) },
      Plan("whole graph, paths closed to triangles", on: graph) { try closed($0, withSlowPeers) },
    ]
  }

  private static func number(_ value: Int) -> UInt64 { UInt64(value) }

  private static func count(_ world: World) throws -> Case {
    let graph = try world.graph()
    let (csr, dictionary, sqlite) = (world.csr(), world.dictionary(), try world.sqlite())
    return Case(
      calls: 1,
      sides: [
        .block(.kith) { number(graph.join(User.following.following).count) },
        .block(.csr) { number(csr.allPathCount) },
        .block(.dictionary) { number(dictionary.allPathCount) },
        .block(.sqlite) { number(try sqlite.allPathCount()) },
      ], countedEdges: csr.allPathCount)
  }

  /// The sum of a mix of both ends' ids, which does not depend on the order of the paths.
  private static func enumeration(_ world: World, _ withSlowPeers: Bool) throws -> Case {
    let graph = try world.graph()
    let csr = world.csr()
    var sides: [Side] = [
      .block(.kith) {
        var sum = 0
        graph.join(User.following.following).forEach { sum &+= $0 &* 31 ^ $1 }
        return UInt64(bitPattern: Int64(sum))
      },
      .block(.csr) {
        var sum = 0
        csr.forEachPath { sum &+= $0 &* 31 ^ $1 }
        return UInt64(bitPattern: Int64(sum))
      },
    ]
    if withSlowPeers {
      let (dictionary, sqlite) = (world.dictionary(), try world.sqlite())
      sides += [
        .block(.dictionary) {
          var sum = 0
          dictionary.forEachPath { sum &+= $0 &* 31 ^ $1 }
          return UInt64(bitPattern: Int64(sum))
        },
        .block(.sqlite) {
          var sum = 0
          try sqlite.forEachPath { sum &+= $0 &* 31 ^ $1 }
          return UInt64(bitPattern: Int64(sum))
        },
      ]
    }
    return Case(calls: 1, sides: sides, joinedEdges: csr.allPathCount)
  }

  private static func distinct(_ world: World, _ withSlowPeers: Bool) throws -> Case {
    let graph = try world.graph()
    let csr = world.csr()
    var sides: [Side] = [
      .block(.kith) { number(graph.join(User.following.following).distinctCount) },
      .block(.csr) { number(csr.allDistinctCount) },
    ]
    if withSlowPeers {
      let dictionary = world.dictionary()
      sides.append(.block(.dictionary) { number(dictionary.allDistinctCount) })
    }
    return Case(calls: 1, sides: sides, joinedEdges: csr.allPathCount)
  }

  private static func closed(_ world: World, _ withSlowPeers: Bool) throws -> Case {
    let graph = try world.graph()
    let csr = world.csr()
    var sides: [Side] = [
      .block(.kith) {
        number(graph.join(User.following.following).closed(by: User.following).count)
      },
      .block(.csr) { number(csr.closedPathCount) },
    ]
    if withSlowPeers {
      let (dictionary, sqlite) = (world.dictionary(), try world.sqlite())
      sides += [
        .block(.dictionary) { number(dictionary.closedPathCount) },
        .block(.sqlite) { number(try sqlite.closedPathCount()) },
      ]
    }
    return Case(calls: 1, sides: sides, joinedEdges: csr.allPathCount)
  }
}
