import KithCore

extension Executor {
  /// How the rows of a query are put together with others.
  enum Combining {
    /// Each row is looked up among the others, by a test that tells whether it is there.
    case lookUp((UInt32) -> Bool)
    /// The others are put into a set, and the order of the rows is kept.
    case set
    /// Both are merged in their order of insertion.
    case merge
  }

  /// Chooses how to put some rows together with those of a query.
  ///
  /// - Parameters:
  ///   - rowCount: How many rows there are.
  ///   - isOrdered: Whether they may stand in another order than that of insertion.
  func combining(
    _ operation: SetOperation, with others: QueryNode, rowCount: Int, isOrdered: Bool
  ) -> Combining {
    guard operation == .subtracting || operation == .intersection else { return .merge }
    if let isThere = test(of: others, for: rowCount) { return .lookUp(isThere) }
    return isOrdered ? .set : .merge
  }

  /// The rows of queries that are put together.
  func combined(_ node: QueryNode) -> [UInt32] {
    let (first, parts) = node.withoutCombinations
    var rows = slots(first)
    var isOrdered = isOrdered(first)
    for (operation, others) in parts {
      switch combining(operation, with: others, rowCount: rows.count, isOrdered: isOrdered) {
      case .lookUp(let isThere):
        rows.removeAll { isThere($0) == (operation == .subtracting) }
      case .set:
        let others = SlotSet(set(others))
        rows.removeAll { others.contains($0) == (operation == .subtracting) }
      case .merge:
        if isOrdered { rows.sort() }
        isOrdered = false
        rows = Executor.combine(operation, rows, set(others))
      }
    }
    return rows
  }

  /// The rows of two lists that ascend, put together, ascending.
  private static func combine(
    _ operation: SetOperation, _ left: [UInt32], _ right: [UInt32]
  ) -> [UInt32] {
    switch operation {
    case .union: Intersection.union(left, right)
    case .intersection: Intersection.rows(left, right)
    case .subtracting: Intersection.subtract(right, from: left)
    case .symmetricDifference:
      Intersection.union(
        Intersection.subtract(right, from: left), Intersection.subtract(left, from: right))
    }
  }
}
