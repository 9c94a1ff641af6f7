import KithCore
import KithTestSupport
import Testing

@Suite struct `An order of rows along their links` {
  @Test func `begins with the row that most links lead to, and goes on with those it leads to`() {
    // 4 is followed by three, 2 and 3 by two each, 1 by one.
    let links: [(UInt32, UInt32)] = [
      (0, 4), (1, 4), (3, 4), (4, 1), (4, 3), (0, 3), (1, 2), (5, 2),
    ]
    #expect(order(of: Array(0..<7), links) == [4, 3, 1, 2, 0, 5, 6])
  }

  @Test func `of no rows, of one, and of rows without links is theirs`() {
    #expect(order(of: [], []) == [])
    #expect(order(of: [3], []) == [3])
    #expect(order(of: [3], [(3, 3)]) == [3])
    #expect(order(of: [1, 4, 9], []) == [1, 4, 9])
  }

  @Test(arguments: RunGeometry.tried)
  func `has every row once, level by level`(geometry: RunGeometry) {
    for seed in 0..<20 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let count = 1 + random.number(below: 60)
      let rows = random.rows(below: count, percent: 80)
      var links: [(UInt32, UInt32)] = []
      if !rows.isEmpty {
        links = (0..<random.number(below: 4 * count)).map { _ in
          (rows[random.number(below: rows.count)], rows[random.number(below: rows.count)])
        }
      }
      let order = order(of: rows, links, geometry)
      #expect(order.sorted() == rows)
      // Who is no root stands behind the first row that leads there, and in its order.
      let place = Dictionary(uniqueKeysWithValues: zip(order, 0...))
      let firstPlaces = order.map { row in
        links.filter { $0.1 == row }.compactMap { place[$0.0] }.min() ?? .max
      }
      let degrees = order.map { row in Set(links.filter { $0.1 == row }.map(\.0)).count }
      var last = (first: -1, degree: Int.max, row: UInt32(0))
      for (index, first) in firstPlaces.enumerated() where first < index {
        let next = (first: first, degree: degrees[index], row: order[index])
        let follows =
          first != last.first
          ? first > last.first : (-next.degree, next.row) > (-last.degree, last.row)
        #expect(follows, "seed \(seed), place \(index)")
        last = next
      }
    }
  }

  private func order(
    of rows: [UInt32], _ links: [(UInt32, UInt32)], _ geometry: RunGeometry = .standard
  ) -> [UInt32] {
    var adjacency = Adjacency(geometry: geometry)
    for (source, target) in links { adjacency.insert(source, target) }
    return BreadthFirstOrder.order(of: rows, along: adjacency.forward, adjacency.backward)
  }
}
