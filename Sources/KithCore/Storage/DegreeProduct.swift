/// Two-hop paths counted by degrees: Σ in(v) · out(v), a page of either direction at a time.
///
/// ```
///   left page    │ offsets │ 0 │ 3 │ 3 │ 8 │ …        degrees  3 0 5 …
///   right page   │ offsets │ 0 │ 1 │ 5 │ 7 │ …        degrees  1 4 2 …        Σ = 3 + 0 + 10 + …
/// ```
///
/// The degrees of 64 rows are the differences of 65 offsets that lie side by side, so eight of them
/// are subtracted, multiplied and added at once. Only the pages' heads are read, and three words
/// for each hub.
extension RunsView {
  /// The sum, over all rows below a limit, of the product of their degrees in two directions. Rows
  /// from the limit on that share a page with one below it must have no links, or count too.
  ///
  /// - Complexity: O(rows), 64 pages of either direction at a time.
  package static func degreeProduct(_ first: RunsView, _ second: RunsView, below limit: Int) -> Int
  {
    var sum = 0
    guard first.pageShift == second.pageShift, first.pages.nodeShift == second.pages.nodeShift
    else {
      first.forEachDegree(below: limit) { row, degree in sum += degree * second.count(of: row) }
      return sum
    }
    let (end, ways) = (first.pageCount(below: limit), 1 << first.pages.nodeShift)
    for start in stride(from: 0, to: end, by: ways) {
      guard let left = first.pages.lowestNode(to: start),
        let right = second.pages.lowestNode(to: start)
      else { continue }
      sum += degreeProduct(left, right, ways: min(ways, end - start))
    }
    return sum
  }

  /// The sum of the products below two nodes that hold pages.
  private static func degreeProduct(_ first: Block, _ second: Block, ways: Int) -> Int {
    var sum = 0
    for way in 0..<ways {
      guard let left = PageNode.child(of: first, at: way),
        let right = PageNode.child(of: second, at: way)
      else { continue }
      sum += RunPage.degreeProduct(left, right)
    }
    return sum
  }
}

extension RunPage {
  /// The sum of the products of degrees, place by place.
  ///
  /// Words are counted first, in a loop without branches, and hubs, which are rare, are put right
  /// afterwards. The words of a page number less than 2^16, so the sum fits 32 bits.
  @inline(__always)
  static func degreeProduct(_ first: Block, _ second: Block) -> Int {
    var words = SIMD8<UInt32>.zero
    for place in stride(from: 0, to: places, by: 8) {
      let (left, right) = (wordCounts(of: first, from: place), wordCounts(of: second, from: place))
      words &+= widened(left) &* widened(right)
    }
    var sum = Int(words.wrappedSum())
    var hubs = first.tag | second.tag
    while hubs != 0 {
      let place = hubs.trailingZeroBitCount
      sum &+= count(of: first, at: place) &* count(of: second, at: place)
      sum &-= wordCount(of: first, at: place) &* wordCount(of: second, at: place)
      hubs &= hubs &- 1
    }
    return sum
  }

  /// Counts in twice the bits, with their signs: the processor multiplies and adds those in pairs.
  @inline(__always)
  private static func widened(_ counts: SIMD8<Int16>) -> SIMD8<UInt32> {
    SIMD8<UInt32>(truncatingIfNeeded: SIMD8<Int32>(truncatingIfNeeded: counts))
  }
}
