import KithFixtures

/// The users from whom an operation starts, drawn by a seeded generator.
enum SourceClass: String, CaseIterable {
  /// Users, each as likely as any other.
  case uniform = "uniform users"
  /// The source of a follow, each follow as likely as any other: users who follow many come up often.
  case byFollow = "by follow"
  /// The twenty users who follow most.
  case top = "top 20"
  /// Users who follow exactly three: what is left is what a query costs before it walks.
  case three = "three follows"

  static let seed: UInt64 = 17
}

extension World {
  /// The ids of users of a class, at most `count`; fewer where there are fewer.
  func sources(_ sourceClass: SourceClass, _ count: Int) -> [Int] {
    var random = SplitMix64(seed: SourceClass.seed)
    switch sourceClass {
    case .uniform:
      return (0..<count).map { _ in links.ids[random.number(below: links.ids.count)] }
    case .byFollow:
      return (0..<count).map { _ in
        links.ids[Int(links.packed[random.number(below: links.count)] >> 32)]
      }
    case .top:
      return Array(mostFirst(outDegrees).prefix(20))
    case .three:
      let degrees = outDegrees
      let three = links.ids.indices.filter { degrees[$0] == 3 }
      if three.isEmpty { return [] }
      return (0..<count).map { _ in links.ids[three[random.number(below: three.count)]] }
    }
  }

  var outDegrees: [Int] {
    var degrees = [Int](repeating: 0, count: links.ids.count)
    for link in links.packed { degrees[Int(link >> 32)] += 1 }
    return degrees
  }

  var inDegrees: [Int] {
    var degrees = [Int](repeating: 0, count: links.ids.count)
    for link in links.packed { degrees[Int(link & 0xffff_ffff)] += 1 }
    return degrees
  }

  /// The ids of all users, those with the highest degree first.
  func mostFirst(_ degrees: [Int]) -> [Int] {
    links.ids.indices
      .sorted { degrees[$0] == degrees[$1] ? $0 < $1 : degrees[$0] > degrees[$1] }
      .map { links.ids[$0] }
  }

  /// How many two-hop paths start at some users, together.
  func joinedEdges(from sources: [Int]) -> Int {
    let csr = csr()
    return sources.reduce(0) { $0 + csr.pathCount(from: $1) }
  }
}
