extension Array {
  /// The first elements in an order: those of a buffer that is cut when it is longer than it must be.
  ///
  /// - Complexity: O(*n* log *limit*) comparisons when the limit is small, and O(*n* log *n*) otherwise.
  func first(_ limit: Int, by precedes: (Element, Element) -> Bool) -> ArraySlice<Element> {
    guard limit < count / 4 else { return sorted(by: precedes).prefix(limit) }
    // With fewer, cutting would not be sorting that makes use of the order that elements have.
    let most = limit + Swift.max(limit, 1_024)
    var buffer: [Element] = []
    buffer.reserveCapacity(Swift.min(most + 1, count))
    var worst: Element?
    for element in self {
      if let worst, !precedes(element, worst) { continue }
      buffer.append(element)
      if buffer.count > most {
        buffer.sort(by: precedes)
        buffer.removeLast(buffer.count - limit)
        worst = buffer.last
      }
    }
    return buffer.sorted(by: precedes).prefix(limit)
  }
}
