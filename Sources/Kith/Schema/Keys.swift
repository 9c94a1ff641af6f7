/// A primary key of two columns.
public struct Pair<First: ColumnValue, Second: ColumnValue>: ColumnValue {
  /// The value of the first column.
  public var first: First
  /// The value of the second column, or the pair of those that follow.
  public var second: Second

  /// Makes the key of a row.
  @inlinable
  public init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
  }

  @inlinable
  public static var storedKind: StoredValue.Kind { .composite }
  @inlinable
  public var stored: StoredValue { .composite([first.stored, second.stored]) }
  @inlinable
  public init?(_ stored: StoredValue) {
    guard case .composite(let parts) = stored, parts.count == 2,
      let first = First(parts[0]), let second = Second(parts[1])
    else { return nil }
    self.init(first, second)
  }
}

/// A key that belongs to one type of row, so that a user's key can't be taken for a post's.
///
/// ```swift
/// struct User: Row { var id: Key<User, Int> … }
/// ```
public struct Key<Owner, Raw: ColumnValue>: ColumnValue {
  /// The key itself.
  public var rawValue: Raw

  /// Makes a key.
  @inlinable
  public init(_ rawValue: Raw) {
    self.rawValue = rawValue
  }

  @inlinable
  public static var storedKind: StoredValue.Kind { Raw.storedKind }
  @inlinable
  public var stored: StoredValue { rawValue.stored }
  @inlinable
  public init?(_ stored: StoredValue) {
    guard let raw = Raw(stored) else { return nil }
    self.init(raw)
  }
}

extension Key: ExpressibleByIntegerLiteral where Raw: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Raw.IntegerLiteralType) {
    self.init(Raw(integerLiteral: value))
  }
}

extension Key: ExpressibleByUnicodeScalarLiteral where Raw: ExpressibleByUnicodeScalarLiteral {
  public init(unicodeScalarLiteral value: Raw.UnicodeScalarLiteralType) {
    self.init(Raw(unicodeScalarLiteral: value))
  }
}

extension Key: ExpressibleByExtendedGraphemeClusterLiteral
where Raw: ExpressibleByExtendedGraphemeClusterLiteral {
  public init(extendedGraphemeClusterLiteral value: Raw.ExtendedGraphemeClusterLiteralType) {
    self.init(Raw(extendedGraphemeClusterLiteral: value))
  }
}

extension Key: ExpressibleByStringLiteral where Raw: ExpressibleByStringLiteral {
  public init(stringLiteral value: Raw.StringLiteralType) {
    self.init(Raw(stringLiteral: value))
  }
}

extension Key: Comparable where Raw: Comparable {
  public static func < (left: Key, right: Key) -> Bool { left.rawValue < right.rawValue }
}

extension Pair: Comparable where First: Comparable, Second: Comparable {
  public static func < (left: Pair, right: Pair) -> Bool {
    left.first == right.first ? left.second < right.second : left.first < right.first
  }
}

extension Key: CustomStringConvertible {
  /// The key itself, as text.
  public var description: String { "\(rawValue)" }
}

extension Pair: CustomStringConvertible {
  /// Both parts, as a tuple is written.
  public var description: String { "(\(first), \(second))" }
}

extension Key: Codable where Raw: Codable {
  /// Reads the key as its raw value.
  public init(from decoder: any Decoder) throws {
    self.init(try Raw(from: decoder))
  }

  /// Writes the key as its raw value.
  public func encode(to encoder: any Encoder) throws {
    try rawValue.encode(to: encoder)
  }
}

extension Pair: Codable where First: Codable, Second: Codable {}
