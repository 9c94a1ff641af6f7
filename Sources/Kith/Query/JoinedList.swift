/// Elements side by side, in their order: a balanced tree (Adelson-Velsky and Landis), so that one more
/// is added without a copy of those that are there, which other lists may share, and so that none is
/// reached through all the others.
///
/// ```
///       a b c d e                ┌──────┴───┐
///                             ┌──┴──┐     ┌─┴─┐
///                             a   ┌─┴─┐   d   e
///                                 b   c
/// ```
package indirect enum JoinedList<Element: Sendable>: Sendable {
  /// A single element.
  case one(Element)
  /// Two lists, one behind the other; `height` is 1 + that of the higher one, a single element's is 0.
  case two(JoinedList, JoinedList, height: Int, count: Int)

  /// A list of some elements.
  ///
  /// - Precondition: There is at least one.
  package init(_ elements: ArraySlice<Element>) {
    precondition(!elements.isEmpty, "a joined list has an element")
    if elements.count == 1 {
      self = .one(elements[elements.startIndex])
    } else {
      let middle = elements.startIndex + elements.count / 2
      self = JoinedList(elements[..<middle]).beside(JoinedList(elements[middle...]))
    }
  }

  /// The elements in their order.
  ///
  /// - Complexity: O(elements).
  package var elements: [Element] {
    var elements: [Element] = []
    elements.reserveCapacity(count)
    append(to: &elements)
    return elements
  }

  private func append(to elements: inout [Element]) {
    switch self {
    case .one(let element): elements.append(element)
    case .two(let left, let right, _, _):
      left.append(to: &elements)
      right.append(to: &elements)
    }
  }

  /// How many nodes lie above the deepest element: at most 1.44 times the binary digits of `count`.
  package var height: Int {
    switch self {
    case .one: 0
    case .two(_, _, let height, _): height
    }
  }

  /// The number of elements.
  package var count: Int {
    switch self {
    case .one: 1
    case .two(_, _, _, let count): count
    }
  }

  // MARK: Joining

  /// The elements of this list, and those of another behind them.
  ///
  /// - Complexity: O(difference of the heights).
  package func joined(with other: JoinedList) -> JoinedList {
    if case .two(let left, let right, _, _) = self, height > other.height + 1 {
      return left.balanced(with: right.joined(with: other))
    }
    if case .two(let left, let right, _, _) = other, other.height > height + 1 {
      return joined(with: left).balanced(with: right)
    }
    return beside(other)
  }

  /// Both lists under one node, turned where one is higher by two than the other.
  private func balanced(with other: JoinedList) -> JoinedList {
    if case .two(let first, let middle, _, _) = self, height > other.height + 1 {
      if case .two(let left, let right, _, _) = middle, middle.height > first.height {
        return first.beside(left).beside(right.beside(other))
      }
      return first.beside(middle.beside(other))
    }
    if case .two(let middle, let last, _, _) = other, other.height > height + 1 {
      if case .two(let left, let right, _, _) = middle, middle.height > last.height {
        return beside(left).beside(right.beside(last))
      }
      return beside(middle).beside(last)
    }
    return beside(other)
  }

  private func beside(_ other: JoinedList) -> JoinedList {
    .two(self, other, height: max(height, other.height) + 1, count: count + other.count)
  }
}
