import Benchmark
import Kith

/// The join of two hops over all users at once.
enum WholeGraph {
  /// Above this number of paths Dictionary and SQLite are left out where they walk all of them: it
  /// would take minutes to hours.
  static let mostPathsOfSlowPeers = 100_000_000

  static func plans(on graph: GraphSpec) -> [Plan] {
    [
      countPlan(on: graph),
      Plan("whole graph, paths enumerated", on: graph, enumeration),
      Plan("whole graph, distinct pairs", on: graph, distinct),
      Plan("whole graph, paths closed to triangles", on: graph, closed),
    ]
  }

  /// The one question about the whole graph that takes no longer on a large one.
  static func countPlan(on graph: GraphSpec) -> Plan {
    Plan("whole graph, paths counted", on: graph, count)
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
  private static func enumeration(_ world: World) throws -> Case {
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
    if csr.allPathCount <= mostPathsOfSlowPeers {
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

  private static func distinct(_ world: World) throws -> Case {
    let graph = try world.graph()
    let csr = world.csr()
    var sides: [Side] = [
      .blockOnOneCore(.kith) { number(graph.join(User.following.following).distinctCount) },
      .block(.kithCores) { number(graph.join(User.following.following).distinctCount) },
      .block(.csr) { number(csr.allDistinctCount) },
    ]
    if csr.allPathCount <= mostPathsOfSlowPeers {
      let dictionary = world.dictionary()
      sides.append(.block(.dictionary) { number(dictionary.allDistinctCount) })
    }
    return Case(calls: 1, sides: sides, joinedEdges: csr.allPathCount)
  }

  private static func closed(_ world: World) throws -> Case {
    let graph = try world.graph()
    let csr = world.csr()
    var sides: [Side] = [
      .blockOnOneCore(.kith) {
        number(graph.join(User.following.following).closed(by: User.following).count)
      },
      .block(.kithCores) {
        number(graph.join(User.following.following).closed(by: User.following).count)
      },
      .block(.csr) { number(csr.closedPathCount) },
    ]
    if csr.allPathCount <= mostPathsOfSlowPeers {
      let (dictionary, sqlite) = (world.dictionary(), try world.sqlite())
      sides += [
        .block(.dictionary) { number(dictionary.closedPathCount) },
        .block(.sqlite) { number(try sqlite.closedPathCount()) },
      ]
    }
    return Case(calls: 1, sides: sides, joinedEdges: csr.allPathCount)
  }
}
