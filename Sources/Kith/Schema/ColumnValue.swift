public import Foundation

/// A type whose values can stand in a column.
///
/// `Bool`, all integers, `Float`, `Double`, `String`, `Date`, `UUID`, `Data`, `[UInt8]`, `Pair`,
/// `Key`, and `Optional` of these conform. An enumeration with raw values only has to say so:
///
/// ```swift
/// enum Role: String, ColumnValue { case reader, author }
/// ```
///
/// Two values must be equal if, and only if, what is stored of them is: that is what unique constraints and
/// indexes go by. An order may be the type's own, see ``isOrderedAsStored``.
public protocol ColumnValue: Hashable, Sendable {
  /// What the values come down to.
  static var storedKind: StoredValue.Kind { get }
  /// Whether a value may be missing.
  static var isNullable: Bool { get }
  /// Whether values have the order of what is stored of them. If not, predicates and `sorted` compare them
  /// with the type's own `<`, and no index is of help.
  ///
  /// A type with raw values that is `Comparable` is taken to have an order of its own. One whose order is
  /// that of its raw values says so, and indexes serve it:
  ///
  /// ```swift
  /// static var isOrderedAsStored: Bool { true }
  /// ```
  static var isOrderedAsStored: Bool { get }
  /// The value as it is stored.
  var stored: StoredValue { get }
  /// The value that is stored as `stored`, or nil if none of this type is.
  init?(_ stored: StoredValue)
}

extension ColumnValue {
  @inlinable
  public static var isNullable: Bool { false }
  @inlinable
  public static var isOrderedAsStored: Bool { true }

  /// Whether a value is wholly described by its rank.
  @inlinable
  static var hasRanks: Bool { storedKind.ranksExactly && !isNullable }

  /// Whether a value can be made of its rank.
  @inlinable
  static var isMadeOfRank: Bool { storedKind.isMadeOfRank && !isNullable }

  /// The value that has a rank.
  ///
  /// - Precondition: The rank is that of a value of a type that is made of ranks.
  @inlinable
  init(rank: UInt64) {
    guard let value = Self(StoredValue(Self.storedKind, rank: rank)) else {
      preconditionFailure("a value is what was stored of it")
    }
    self = value
  }
}

extension ColumnValue where Self: RawRepresentable, RawValue: ColumnValue {
  @inlinable
  public static var storedKind: StoredValue.Kind { RawValue.storedKind }
  @inlinable
  public var stored: StoredValue { rawValue.stored }
  @inlinable
  public init?(_ stored: StoredValue) {
    guard let rawValue = RawValue(stored) else { return nil }
    self.init(rawValue: rawValue)
  }
}

extension ColumnValue where Self: RawRepresentable & Comparable, RawValue: ColumnValue {
  @inlinable
  public static var isOrderedAsStored: Bool { false }
}

extension ColumnValue where Self: FixedWidthInteger & SignedInteger {
  @inlinable
  public static var storedKind: StoredValue.Kind { .integer }
  @inlinable
  public var stored: StoredValue { .integer(Int64(self)) }
  @inlinable
  public init?(_ stored: StoredValue) {
    guard case .integer(let value) = stored else { return nil }
    self.init(exactly: value)
  }
}

extension ColumnValue where Self: FixedWidthInteger & UnsignedInteger {
  @inlinable
  public static var storedKind: StoredValue.Kind { .unsigned }
  @inlinable
  public var stored: StoredValue { .unsigned(UInt64(self)) }
  @inlinable
  public init?(_ stored: StoredValue) {
    guard case .unsigned(let value) = stored else { return nil }
    self.init(exactly: value)
  }
}

extension Int: ColumnValue {}
extension Int8: ColumnValue {}
extension Int16: ColumnValue {}
extension Int32: ColumnValue {}
extension Int64: ColumnValue {}
extension UInt: ColumnValue {}
extension UInt8: ColumnValue {}
extension UInt16: ColumnValue {}
extension UInt32: ColumnValue {}
extension UInt64: ColumnValue {}

extension Bool: ColumnValue {
  @inlinable
  public static var storedKind: StoredValue.Kind { .boolean }
  @inlinable
  public var stored: StoredValue { .boolean(self) }
  @inlinable
  public init?(_ stored: StoredValue) {
    guard case .boolean(let value) = stored else { return nil }
    self = value
  }
}

extension Double: ColumnValue {
  @inlinable
  public static var storedKind: StoredValue.Kind { .real }
  @inlinable
  public var stored: StoredValue { .real(self) }
  @inlinable
  public init?(_ stored: StoredValue) {
    guard case .real(let value) = stored else { return nil }
    self = value
  }
}

extension Float: ColumnValue {
  @inlinable
  public static var storedKind: StoredValue.Kind { .real }
  @inlinable
  public var stored: StoredValue { .real(Double(self)) }
  @inlinable
  public init?(_ stored: StoredValue) {
    guard case .real(let value) = stored else { return nil }
    self.init(value)
  }
}

extension String: ColumnValue {
  @inlinable
  public static var storedKind: StoredValue.Kind { .text }
  @inlinable
  public var stored: StoredValue { .text(self) }
  @inlinable
  public init?(_ stored: StoredValue) {
    guard case .text(let value) = stored else { return nil }
    self = value
  }
}

extension Date: ColumnValue {
  @inlinable
  public static var storedKind: StoredValue.Kind { .date }
  @inlinable
  public var stored: StoredValue { .date(self) }
  @inlinable
  public init?(_ stored: StoredValue) {
    guard case .date(let value) = stored else { return nil }
    self = value
  }
}

extension UUID: ColumnValue {
  @inlinable
  public static var storedKind: StoredValue.Kind { .uuid }
  @inlinable
  public var stored: StoredValue { .uuid(self) }
  @inlinable
  public init?(_ stored: StoredValue) {
    guard case .uuid(let value) = stored else { return nil }
    self = value
  }
}

extension [UInt8]: ColumnValue {
  @inlinable
  public static var storedKind: StoredValue.Kind { .bytes }
  @inlinable
  public var stored: StoredValue { .bytes(self) }
  @inlinable
  public init?(_ stored: StoredValue) {
    guard case .bytes(let value) = stored else { return nil }
    self = value
  }
}

extension Data: ColumnValue {
  @inlinable
  public static var storedKind: StoredValue.Kind { .bytes }
  @inlinable
  public var stored: StoredValue { .bytes(Array(self)) }
  @inlinable
  public init?(_ stored: StoredValue) {
    guard case .bytes(let value) = stored else { return nil }
    self.init(value)
  }
}

extension Optional: ColumnValue where Wrapped: ColumnValue {
  @inlinable
  public static var storedKind: StoredValue.Kind { Wrapped.storedKind }
  @inlinable
  public static var isNullable: Bool { true }
  @inlinable
  public static var isOrderedAsStored: Bool { Wrapped.isOrderedAsStored }
  @inlinable
  public var stored: StoredValue { self?.stored ?? .null }
  @inlinable
  public init?(_ stored: StoredValue) {
    if stored.isNull {
      self = .none
    } else if let value = Wrapped(stored) {
      self = value
    } else {
      return nil
    }
  }
}
