/// One thing to measure: a block of calls, and the sides that do it.
struct Case {
  /// How many calls a block makes; the report divides by it.
  let calls: Int
  let sides: [Side]
  /// How many pairs of links that meet in a row the block's joins have: walked one by one.
  var joinedEdges = 0
  /// The same for a block whose answer can be had without walking them.
  var countedEdges = 0
  /// Figures that stand beside the times, asked for when all rounds are done.
  var findings: () throws -> [(name: String, value: Double, unit: String)] = { [] }
}

/// A case that is not built yet, and where it stands in the report.
struct Plan {
  let operation: String
  /// Which sources the calls start from, or which size they have; empty if there is nothing to say.
  let sources: String
  let graph: GraphSpec
  let make: (World) throws -> Case

  init(
    _ operation: String, _ sources: String = "", on graph: GraphSpec,
    _ make: @escaping (World) throws -> Case
  ) {
    self.operation = operation
    self.sources = sources
    self.graph = graph
    self.make = make
  }

  var name: String {
    [operation, graph.name, sources].filter { !$0.isEmpty }.joined(separator: ", ")
  }
}
