/// A column's value in the naive store.
package enum Value: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  case pair(Int, Int)
}

extension Value: Comparable {
  /// Nothing comes before everything; values of one kind are in their natural order.
  package static func < (left: Value, right: Value) -> Bool {
    switch (left, right) {
    case (_, .null): false
    case (.null, _): true
    case (.boolean(let left), .boolean(let right)): !left && right
    case (.integer(let left), .integer(let right)): left < right
    case (.real(let left), .real(let right)): left < right
    case (.text(let left), .text(let right)): left < right
    case (.pair(let a, let b), .pair(let c, let d)): (a, b) < (c, d)
    default: preconditionFailure("a column's values are of one kind")
    }
  }
}

extension Value: CustomStringConvertible {
  /// The value as Swift writes it, and as messages show it.
  package var description: String {
    switch self {
    case .null: "nil"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .real(let value): "\(value)"
    case .text(let value): value.debugDescription
    case .pair(let first, let second): "(\(first), \(second))"
    }
  }
}
