public import Foundation
import KithCore

/// A column's value in the form that Kith hashes, compares and shows: what every column type comes
/// down to.
public enum StoredValue: Sendable {
  /// No value.
  case null
  /// A truth value.
  case boolean(Bool)
  /// An integer of a type with a sign.
  case integer(Int64)
  /// An integer that may lie past the largest `Int64`.
  case unsigned(UInt64)
  /// A floating-point number.
  case real(Double)
  /// Text, which is equal to another if it is by Unicode's canonical equivalence.
  case text(String)
  /// A moment.
  case date(Date)
  /// A universally unique identifier.
  case uuid(UUID)
  /// Binary data.
  case bytes([UInt8])
  /// The parts of a composite key.
  case composite([StoredValue])

  /// The cases of `StoredValue`, without their values: what a column is made of.
  public enum Kind: String, Sendable {
    /// `Bool`.
    case boolean
    /// Integers of types with a sign.
    case integer
    /// Integers of types without a sign.
    case unsigned
    /// `Float` and `Double`.
    case real
    /// `String`.
    case text
    /// `Date`.
    case date
    /// `UUID`.
    case uuid
    /// `Data` and `[UInt8]`.
    case bytes
    /// `Pair`.
    case composite
  }
}

extension StoredValue: Hashable, Comparable {
  public static func == (left: StoredValue, right: StoredValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.text(let left), .text(let right)): left == right
    case (.uuid(let left), .uuid(let right)): left == right
    case (.bytes(let left), .bytes(let right)): left == right
    case (.composite(let left), .composite(let right)): left == right
    default: left.place == right.place && left.rank == right.rank
    }
  }

  /// Nothing comes before everything; then values of one kind in their natural order.
  public static func < (left: StoredValue, right: StoredValue) -> Bool {
    switch (left, right) {
    case (.text(let left), .text(let right)): left < right
    case (.uuid(let left), .uuid(let right)): left < right
    case (.bytes(let left), .bytes(let right)): left.lexicographicallyPrecedes(right)
    case (.composite(let left), .composite(let right)): left.lexicographicallyPrecedes(right)
    default: left.place == right.place ? left.rank < right.rank : left.place < right.place
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .text(let text): hasher.combine(text)
    case .uuid(let uuid): hasher.combine(uuid)
    case .bytes(let bytes): hasher.combine(bytes)
    case .composite(let parts): hasher.combine(parts)
    default: hasher.combine(rank)
    }
  }
}

extension StoredValue {
  /// Whether another value is the same to the last bit: equal texts may differ in their normal form,
  /// and zeros in their signs.
  func isIdentical(to other: StoredValue) -> Bool {
    switch (self, other) {
    case (.text(let one), .text(let other)): one.hasSameBytes(as: other)
    case (.real(let one), .real(let other)): one.bitPattern == other.bitPattern
    case (.date(let one), .date(let other)):
      one.timeIntervalSinceReferenceDate.bitPattern
        == other.timeIntervalSinceReferenceDate.bitPattern
    case (.composite(let one), .composite(let other)): one.isIdentical(to: other)
    default: self == other
    }
  }
}

extension [StoredValue] {
  /// The values in their order, each once.
  @usableFromInline
  func distinct() -> [StoredValue] {
    if zip(self, dropFirst()).allSatisfy(<) { return self }
    var distinct: [StoredValue] = []
    for value in sorted() where value != distinct.last { distinct.append(value) }
    return distinct
  }

  /// Whether values are the same to the last bit, not only equal.
  func isIdentical(to other: [StoredValue]) -> Bool {
    count == other.count && zip(self, other).allSatisfy { $0.isIdentical(to: $1) }
  }
}

extension StoredValue {
  /// The values of a kind that have some ranks, in their order, each once.
  @usableFromInline
  static func distinct(_ kind: Kind, ranks: [UInt64]) -> [StoredValue] {
    var distinct: [StoredValue] = []
    distinct.reserveCapacity(ranks.count)
    var last: UInt64?
    for rank in RankSort.sorted(ranks) where rank != last {
      distinct.append(StoredValue(kind, rank: rank))
      last = rank
    }
    return distinct
  }

  /// Whether there is no value.
  @inlinable
  var isNull: Bool {
    if case .null = self { true } else { false }
  }

  /// The characters of text, or the bytes of data; nil for what has no length.
  var length: Int? {
    switch self {
    case .text(let text): text.count
    case .bytes(let bytes): bytes.count
    default: nil
    }
  }

  /// Whether text has more characters, or data more bytes. Text of few bytes is not counted.
  func isLonger(than limit: Int) -> Bool {
    switch self {
    case .text(let text): text.utf8.count > limit && text.count > limit
    case .bytes(let bytes): bytes.count > limit
    default: false
    }
  }

  /// The key of several parts, as nested pairs store it.
  static func key(_ parts: [StoredValue]) -> StoredValue {
    guard let last = parts.last else { return .null }
    return parts.dropLast().reversed().reduce(last) { .composite([$1, $0]) }
  }

  /// A number that sorts as the value does, among values of its kind; 0 for the kinds that have
  /// none.
  @inlinable
  var rank: UInt64 {
    switch self {
    case .null, .text, .uuid, .bytes, .composite: 0
    case .boolean(let value): value ? 1 : 0
    case .integer(let value): UInt64(bitPattern: value) ^ (1 << 63)
    case .unsigned(let value): value
    case .real(let value): StoredValue.rank(of: value)
    case .date(let value): StoredValue.rank(of: value.timeIntervalSinceReferenceDate)
    }
  }

  /// IEEE 754's bits in numeric order: zero has one rank, and so has "not a number", after
  /// everything else.
  @inlinable
  static func rank(of value: Double) -> UInt64 {
    if value.isNaN { return .max }
    let bits = (value == 0 ? 0 : value).bitPattern
    return bits >> 63 == 1 ? ~bits : bits | (1 << 63)
  }

  /// The value of a kind that has a rank; nothing for a kind whose values have none.
  @inlinable
  init(_ kind: Kind, rank: UInt64) {
    let real = Double(bitPattern: rank >> 63 == 1 ? rank ^ (1 << 63) : ~rank)
    switch kind {
    case .boolean: self = .boolean(rank == 1)
    case .integer: self = .integer(Int64(bitPattern: rank ^ (1 << 63)))
    case .unsigned: self = .unsigned(rank)
    case .real: self = .real(real)
    case .date: self = .date(Date(timeIntervalSinceReferenceDate: real))
    case .text, .uuid, .bytes, .composite: self = .null
    }
  }

  /// The order of the kinds among each other, which only shows when kinds are mixed.
  var place: Int {
    switch self {
    case .null: 0
    case .boolean: 1
    case .integer: 2
    case .unsigned: 3
    case .real: 4
    case .text: 5
    case .date: 6
    case .uuid: 7
    case .bytes: 8
    case .composite: 9
    }
  }
}

extension StoredValue.Kind {
  /// Whether `rank` alone tells all values of the kind apart.
  @inlinable
  var ranksExactly: Bool {
    switch self {
    case .boolean, .integer, .unsigned, .real, .date: true
    case .text, .uuid, .bytes, .composite: false
    }
  }

  /// Whether a value can be made of its rank: that of a number with a fraction can't, because zero
  /// and minus zero have one rank.
  @inlinable
  var isMadeOfRank: Bool { self == .integer || self == .unsigned }
}

extension StoredValue: CustomStringConvertible {
  /// The value as messages show it.
  public var description: String {
    switch self {
    case .null: "nil"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .real(let value): "\(value)"
    case .text(let value): value.quoted
    case .date(let value): value.formatted(.iso8601)
    case .uuid(let value): value.uuidString
    case .bytes(let value): "\(value.count) bytes"
    case .composite(let parts): "(" + parts.map(\.description).joined(separator: ", ") + ")"
    }
  }
}

extension UUID {
  /// The 128 bits as two numbers.
  var halves: (high: UInt64, low: UInt64) {
    func number(_ bytes: UInt8...) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
    let b = uuid
    return (
      number(b.0, b.1, b.2, b.3, b.4, b.5, b.6, b.7),
      number(b.8, b.9, b.10, b.11, b.12, b.13, b.14, b.15)
    )
  }
}
