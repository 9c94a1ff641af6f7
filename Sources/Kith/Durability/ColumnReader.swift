import Foundation
import KithCore

/// The values of one column, read from its block row by row, as `ColumnEncoder` wrote them.
struct ColumnReader: Sendable {
  let name: String
  private let bytes: [UInt8]
  private let kind: StoredValue.Kind
  /// Where the bitmap of the values that are there starts, if there is one.
  private let bitmap: Int?
  private let lengths: Int
  private let lengthWidth: Int
  private var row = 0
  /// Where the next value starts, or for a column of truth values the first.
  private var place: Int

  /// Finds the parts of a block, and checks that all values are there.
  ///
  /// - Complexity: O(1), or O(rows) for values of different lengths.
  init(
    _ block: ByteReader, _ column: Schema.Column, count: Int
  ) throws(FormatFault) {
    var block = block
    (name, kind, bytes) = (column.name, column.kind, block.bytes)
    bitmap = column.isNullable ? try block.take(count / 8 + (count & 7).signum()).lowerBound : nil
    guard kind.hasLengths else {
      (lengths, lengthWidth) = (0, 0)
      if let width = kind.width {
        let (size, overflow) = count.multipliedReportingOverflow(by: width)
        place = try block.take(overflow ? .max : size).lowerBound
      } else {
        place = try block.take(count / 8 + (count & 7).signum()).lowerBound
      }
      try block.finish()
      return
    }
    let start = block.offset
    lengthWidth = Int(try block.number(UInt8.self))
    guard [1, 2, 4, 8].contains(lengthWidth) else {
      throw .damaged(offset: start, "lengths have 1, 2, 4 or 8 bytes, not \(lengthWidth)")
    }
    let (size, overflow) = count.multipliedReportingOverflow(by: lengthWidth)
    lengths = try block.take(overflow ? .max : size).lowerBound
    place = block.offset
    for row in 0..<count { _ = try block.take(length(of: row)) }
    try block.finish()
  }

  @inline(__always)
  private func length(of row: Int) -> Int {
    let place = lengths + row * lengthWidth
    switch lengthWidth {
    case 1: return Int(bytes[place])
    case 2: return Int(bytes.number(at: place, as: UInt16.self))
    case 4: return Int(bytes.number(at: place, as: UInt32.self))
    default: return Int(clamping: bytes.number(at: place, as: UInt64.self))
    }
  }

  /// The value of the next row.
  ///
  /// - Precondition: There is another row.
  mutating func next() throws(FormatFault) -> StoredValue {
    defer { row += 1 }
    let isPresent = bitmap.map { bytes[$0 + row >> 3] >> UInt8(row & 7) & 1 == 1 } ?? true
    let start = place
    if kind.hasLengths {
      place += length(of: row)
    } else if let width = kind.width {
      place += width
    }
    if !isPresent { return .null }
    switch kind {
    case .boolean: return .boolean(bytes[start + row >> 3] >> UInt8(row & 7) & 1 == 1)
    case .integer: return .integer(bytes.number(at: start))
    case .unsigned: return .unsigned(bytes.number(at: start))
    case .real: return .real(Double(bitPattern: bytes.number(at: start)))
    case .date: return .date(Date(bits: bytes.number(at: start)))
    case .uuid: return .uuid(bytes.uuid(at: start))
    case .text: return .text(try bytes.text(start..<place))
    case .bytes: return .bytes(Array(bytes[start..<place]))
    case .composite:
      var reader = ByteReader(bytes, start..<place)
      let value = try reader.value()
      try reader.finish()
      return value
    }
  }
}
