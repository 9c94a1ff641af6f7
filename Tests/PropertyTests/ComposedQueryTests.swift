import Kith
import KithFixtures
import KithTestSupport
import Testing

@Suite struct `A query composed by chance` {
  @Test(arguments: 0..<UInt64(effort(release: 40, debug: 15)))
  func `yields what the model says, however it is asked`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<60 {
      let model = ThingModel(&random)
      let composed = ComposedQuery(
        try model.graph(), model, steps: random.number(below: 7), &random)
      let size = 1 + random.number(below: 5)
      try compare(composed, size)
      try comparePages(composed, size)
    }
  }

  private func compare(_ composed: ComposedQuery, _ size: Int) throws {
    let (query, keys) = (composed.query, composed.keys)
    #expect(query.ids == keys, "\(composed.text)")
    #expect(query.map(\.id) == keys, "\(composed.text)")
    #expect(query.count == keys.count, "\(composed.text)")
    #expect(query.isEmpty == keys.isEmpty, "\(composed.text)")
    #expect(query.first?.id == keys.first, "\(composed.text)")
    #expect(query.prefix(size).ids == Array(keys.prefix(size)), "\(composed.text)")
    let contained = (1...ThingModel.largestKey).filter { query.contains($0) }
    #expect(contained == keys.sorted(), "\(composed.text)")
    let ranking = query.ranked()
    #expect(ranking.map { [$0.id, $0.paths] } == composed.ranking, "\(composed.text)")
    let best: [Ranked<Thing>] = ranking.prefix(size)
    let expected: [[Int]] = Array(composed.ranking.prefix(size))
    #expect(best.map { [$0.id, $0.paths] } == expected, "\(composed.text)")
  }

  private func comparePages(_ composed: ComposedQuery, _ size: Int) throws {
    let (query, keys) = (composed.query, composed.keys)
    var pages: [[Int]] = []
    var page = query.page(size: size)
    pages.append(try page.rows.map(\.id))
    while let next = page.next, pages.count <= keys.count {
      page = query.page(size: size, after: next)
      pages.append(try page.rows.map(\.id))
    }
    #expect(pages.flatMap(\.self) == keys, "\(composed.text), pages of \(size)")
    var back = [try page.rows.map(\.id)]
    while let previous = page.previous, back.count <= keys.count {
      page = query.page(size: size, before: previous)
      back.append(try page.rows.map(\.id))
    }
    #expect(back.reversed() == pages, "\(composed.text), pages of \(size), backwards")
    let second = query.page(number: 2, size: size)
    let expected: [Int] = Array(keys.dropFirst(size).prefix(size))
    #expect(second.rows.map(\.id) == expected, "\(composed.text)")
    #expect(second.total == keys.count, "\(composed.text)")
  }
}
