import Foundation
import KithCore

/// The values of one column on their way into a block.
///
/// ```
///  ┌ bitmap, if values may be missing ┬ values ───────────────────────────────────────┐
///  │ a bit a row: 1 if there is one   │ boolean: a bit a row                          │
///  │                                  │ numbers, dates: 8 bytes a row; UUIDs: 16      │
///  │                                  │ others: width (1), lengths (width a row), bytes │
///  └──────────────────────────────────┴───────────────────────────────────────────────┘
/// ```
///
/// The lowest bit of a byte is that of the first of its eight rows. Where a value is missing its
/// bits are 0, or its length is. A width is the fewest of 1, 2, 4 and 8 bytes that hold the longest
/// length. Text is UTF-8; a composite is a value with the marks of its kinds.
struct ColumnEncoder {
  private let column: Schema.Column
  private var count = 0
  private var present: [UInt8] = []
  private var truths: [UInt8] = []
  private var lengths: [Int] = []
  private var values = ByteWriter()

  /// - Parameter room: The bytes of the block, or more.
  init(_ column: Schema.Column, room: Int) {
    self.column = column
    values.bytes.reserveCapacity(room)
  }

  /// Adds the value of the next row.
  mutating func append(_ value: StoredValue) {
    if count & 7 == 0 {
      present.append(0)
      if column.kind == .boolean { truths.append(0) }
    }
    let bit: UInt8 = 1 << UInt8(count & 7)
    if !value.isNull { present[count >> 3] |= bit }
    let start = values.count
    switch value {
    case .null: if let width = column.kind.width { values.append(zeros: width) }
    case .boolean(let value): if value { truths[count >> 3] |= bit }
    case .integer(let value): values.append(value)
    case .unsigned(let value): values.append(value)
    case .real(let value): values.append(value.bitPattern)
    case .date(let value): values.append(value.timeIntervalSinceReferenceDate.bitPattern)
    case .uuid(let value): values.append(value)
    case .text(let value): values.bytes.append(contentsOf: value.utf8)
    case .bytes(let value): values.append(contentsOf: value)
    case .composite: values.append(value)
    }
    if column.kind.hasLengths { lengths.append(values.count - start) }
    count += 1
  }

  /// The content of the block, in parts that lie one behind the other.
  var parts: [[UInt8]] {
    [
      column.isNullable ? present : [], truths, column.kind.hasLengths ? lengthBytes : [],
      values.bytes,
    ]
  }

  private var lengthBytes: [UInt8] {
    let width = ColumnEncoder.width(ofLengthsUpTo: lengths.max() ?? 0)
    var writer = ByteWriter()
    writer.append(UInt8(width))
    switch width {
    case 1: writer.append(contentsOf: lengths.map { UInt8($0) })
    case 2: writer.append(contentsOf: lengths.map { UInt16($0) })
    case 4: writer.append(contentsOf: lengths.map { UInt32($0) })
    default: writer.append(contentsOf: lengths.map { UInt64($0) })
    }
    return writer.bytes
  }

  /// The bytes of each length: the fewest that hold the longest.
  static func width(ofLengthsUpTo longest: Int) -> Int {
    if longest <= UInt8.max { return 1 }
    if longest <= UInt16.max { return 2 }
    return longest <= UInt32.max ? 4 : 8
  }
}

extension StoredValue.Kind {
  /// The bytes of each value; nil if they differ from value to value, or are less than one.
  var width: Int? {
    switch self {
    case .integer, .unsigned, .real, .date: 8
    case .uuid: 16
    case .boolean, .text, .bytes, .composite: nil
    }
  }

  /// Whether the lengths of values are stored with them.
  var hasLengths: Bool { width == nil && self != .boolean }

  /// The bytes of a number of values; nil if their lengths are stored with them.
  func size(of count: Int) -> Int? {
    hasLengths ? nil : width.map { count * $0 } ?? StoredValue.Kind.bitmapSize(count)
  }

  /// The bytes that have a bit for each row.
  static func bitmapSize(_ count: Int) -> Int { (count + 7) / 8 }
}

extension ByteWriter {
  fileprivate mutating func append(zeros count: Int) {
    for _ in 0..<count { bytes.append(0) }
  }
}
