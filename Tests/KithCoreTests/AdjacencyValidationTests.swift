import KithCore
import KithTestSupport
import Testing

@Suite struct `Directions that are compared` {
  private func alone(_ forward: SampleGraph, _ backward: SampleGraph) -> [SampleGraph.Link] {
    let geometry = RunGeometry.tried[forward.links.count % RunGeometry.tried.count]
    var links = Adjacency(geometry: geometry)
    links.adopt(
      forward: forward.runs(geometry: geometry),
      backward: backward.reversed.runs(geometry: geometry),
      count: forward.links.count)
    var found: [SampleGraph.Link] = []
    links.forEachLinkOfSourceAlone { found.append(.init($0, $1)) }
    return found
  }

  @Test(arguments: SampleGraph.samples)
  func `differ in nothing when they say the same`(graph: SampleGraph) {
    #expect(alone(graph, graph).isEmpty, "\(graph)")
  }

  @Test(arguments: SampleGraph.samples.filter { $0.links.count <= 3_000 })
  func `differ in what one of them has lost`(graph: SampleGraph) {
    var random = SplitMix64(seed: 7)
    for percent in [1, 30, 100] {
      let lost = Set(graph.links.filter { _ in random.chance(percent) })
      let rest = SampleGraph(
        "the rest of \(graph)", sourceCount: graph.sourceCount, targetCount: graph.targetCount,
        links: graph.links.filter { !lost.contains($0) })
      #expect(Set(alone(graph, rest)) == lost, "\(graph)")
      // What the target alone has, the count tells.
      #expect(alone(rest, graph).isEmpty, "\(graph)")
    }
  }

  @Test func `differ where each has a link that the other has not`() {
    let forward = SampleGraph.random(seed: 1, sources: 80, targets: 9, links: 300)
    let backward = SampleGraph.random(seed: 2, sources: 80, targets: 12, links: 300)
    #expect(Set(alone(forward, backward)) == Set(forward.links).subtracting(backward.links))
  }
}
