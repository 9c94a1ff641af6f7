import Kith

/// Follows as an edge list.
func fuzz(_ input: [UInt8]) {
  fuzzText(input, into: Graph(schema)) { graph, source, _ in
    try graph.load(Member.follows, edgeList: source) { Member(id: $0, handle: "\($0)") }
  } write: { graph in
    // A link from a row to itself is not kept, and makes its row known.
    graph[Member.self].map { "\($0.id) \($0.id)\n" }.joined()
      + graph[Member.self].flatMap { member in
        graph[Member.self, member.id].following.map { "\(member.id)\t\($0.id)\n" }
      }.joined()
  }
}
