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
  ///
  /// A text of digits that starts with a zero is no integer: it may be a number to call, and the zero
  /// would be lost.
  func converted(to kind: Kind) -> StoredValue? {
    switch (self, kind) {
    case (.null, _): self
    case _ where self.kind == kind: self
    case (.text(let text), .integer), (.text(let text), .unsigned):
      StoredValue(text, kind).flatMap { $0.exchangeText == text ? $0 : nil }
    case (.text(let text), .real):
      StoredValue(text, kind).flatMap { $0.isOnlyALimit(of: text) ? nil : $0 }
    case (.text(let text), _): StoredValue(text, kind)
    case (.real(let value), _) where value == 0 && value.sign == .minus && kind != .text: nil
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

  /// Whether a number is zero or infinite because a text stands for one too small or too large.
  private func isOnlyALimit(of text: String) -> Bool {
    guard case .real(let value) = self else { return false }
    let digits = text.prefix { $0 != "e" && $0 != "E" }.filter(\.isNumber)
    return value == 0 ? digits.contains { $0 != "0" } : value.isInfinite && !digits.isEmpty
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
