import Foundation

extension StoredValue {
  /// The kind of the value, or nil if there is none.
  var kind: Kind? {
    switch self {
    case .null: nil
    case .boolean: .boolean
    case .integer: .integer
    case .unsigned: .unsigned
    case .real: .real
    case .text: .text
    case .date: .date
    case .uuid: .uuid
    case .bytes: .bytes
    case .composite: .composite
    }
  }

  /// The same value in another kind, or nil if the kind has none that is exactly the same: text
  /// becomes what it stands for in a CSV file, and everything becomes such text.
  func converted(to kind: Kind) -> StoredValue? {
    switch (self, kind) {
    case (.null, _): self
    case _ where self.kind == kind: self
    case (.text(let text), _): StoredValue(text, kind)
    case (.composite, _): nil
    case (_, .text): exchangeText.map(StoredValue.text)
    case (.boolean(let value), .integer): .integer(value ? 1 : 0)
    case (.boolean(let value), .unsigned): .unsigned(value ? 1 : 0)
    case (.integer(let value), .boolean) where value == 0 || value == 1: .boolean(value == 1)
    case (.unsigned(let value), .boolean) where value == 0 || value == 1: .boolean(value == 1)
    case (.integer(let value), .unsigned): UInt64(exactly: value).map(StoredValue.unsigned)
    case (.unsigned(let value), .integer): Int64(exactly: value).map(StoredValue.integer)
    case (.integer(let value), .real): Double(exactly: value).map(StoredValue.real)
    case (.unsigned(let value), .real): Double(exactly: value).map(StoredValue.real)
    case (.real(let value), .integer): Int64(exactly: value).map(StoredValue.integer)
    case (.real(let value), .unsigned): UInt64(exactly: value).map(StoredValue.unsigned)
    default: nil
    }
  }
}

extension StoredValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByBooleanLiteral
{
  /// An integer of a type with a sign.
  public init(integerLiteral value: Int64) { self = .integer(value) }

  /// A floating-point number.
  public init(floatLiteral value: Double) { self = .real(value) }

  /// Text.
  public init(stringLiteral value: String) { self = .text(value) }

  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
}
