/// A column's value in the naive store.
package enum Value: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  case pair(Int, Int)
  /// A moment, in seconds since the reference date.
  case date(Double)
  /// An identifier, by a number up to 39.
  case uuid(UInt8)
  case bytes([UInt8])
}

extension Value {
  /// The moments that a row may have, and how messages show them.
  static let moments: [(seconds: Double, text: String)] = [
    (0, "2001-01-01T00:00:00Z"), (1.5, "2001-01-01T00:00:01Z"), (-1, "2000-12-31T23:59:59Z"),
    (1e9, "2032-09-09T01:46:40Z"), (-0.0, "2001-01-01T00:00:00Z"),
  ]
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
    case (.date(let left), .date(let right)): left < right
    case (.uuid(let left), .uuid(let right)): left < right
    case (.bytes(let left), .bytes(let right)): left.lexicographicallyPrecedes(right)
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
    case .date(let seconds):
      Value.moments.first { $0.seconds == seconds }?.text ?? "no moment of the model"
    case .uuid(let number): "0\(number / 4)000000-0000-0000-0000-00000000000\(number % 4)"
    case .bytes(let bytes): "\(bytes.count) bytes"
    }
  }
}
