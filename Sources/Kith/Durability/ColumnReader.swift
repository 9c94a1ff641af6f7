import Foundation
import KithCore

/// The values of one column, read from its block row by row, as `ColumnEncoder` wrote them.
struct ColumnReader: Sendable {
  let name: String
  let kind: StoredValue.Kind
  /// The number of values.
  let count: Int
  private let bytes: [UInt8]
  /// Where the bitmap of the values that are there starts, if there is one.
  private let bitmap: Int?
  private let lengths: Int
  private let lengthWidth: Int
  /// Where the value of the first row of each part starts, if values have lengths.
  private var partStarts: [Int] = []
  private var row = 0
  /// Where the first value starts.
  private let start: Int
  /// Where the next value starts, or for a column of truth values the first.
  private var place: Int

  /// The rows of a part: columns are read from the first row of any part.
  static let partSize = 2_048

  /// Finds the parts of a block, and checks that all values are there.
  ///
  /// - Parameter count: As many as a table may have rows.
  /// - Complexity: O(1), or O(rows) for values of different lengths.
  init(
    _ block: ByteReader, _ column: Schema.Column, count: Int
  ) throws(FormatFault) {
    var block = block
    (name, kind, bytes) = (column.name, column.kind, block.bytes)
    self.count = count
    bitmap = column.isNullable ? try block.take(StoredValue.Kind.bitmapSize(count)).lowerBound : nil
    if let size = kind.size(of: count) {
      (lengths, lengthWidth) = (0, 0)
      start = try block.take(size).lowerBound
      place = start
      try block.finish()
      return
    }
    let widthOffset = block.offset
    lengthWidth = Int(try block.number(UInt8.self))
    guard [1, 2, 4, 8].contains(lengthWidth) else {
      throw .damaged(offset: widthOffset, "lengths have 1, 2, 4 or 8 bytes, not \(lengthWidth)")
    }
    lengths = try block.take(count * lengthWidth).lowerBound
    start = block.offset
    place = start
    try findParts(&block)
    try block.finish()
  }

  /// Passes over all values, and notes where those of each part start.
  private mutating func findParts(_ block: inout ByteReader) throws(FormatFault) {
    for first in stride(from: 0, to: count, by: ColumnReader.partSize) {
      partStarts.append(block.offset)
      let end = min(first + ColumnReader.partSize, count)
      if lengthWidth < 4 {
        // So few short values have no more bytes than an Int counts.
        var size = 0
        for row in first..<end { size &+= length(of: row) }
        _ = try block.take(size)
      } else {
        for row in first..<end { _ = try block.take(length(of: row)) }
      }
    }
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

  /// The column from the first row of a part on.
  func from(part: Int) -> ColumnReader {
    var reader = self
    reader.row = part * ColumnReader.partSize
    if kind.hasLengths {
      reader.place = partStarts[part]
    } else if let width = kind.width {
      reader.place = start + reader.row * width
    }
    return reader
  }

  /// The value of the next row.
  ///
  /// - Precondition: There is another row.
  mutating func next() throws(FormatFault) -> StoredValue {
    let isPresent = nextIsPresent
    switch kind {
    case _ where !isPresent:
      skip()
      return .null
    case .boolean: return .boolean(nextTruth())
    case .integer: return .integer(Int64(bitPattern: nextNumber()))
    case .unsigned: return .unsigned(nextNumber())
    case .real: return .real(Double(bitPattern: nextNumber()))
    case .date: return .date(Date(bits: nextNumber()))
    case .uuid: return .uuid(nextUUID())
    case .text: return .text(try nextText())
    case .bytes: return .bytes(Array(bytes[nextRange()]))
    case .composite:
      var reader = ByteReader(bytes, nextRange())
      let value = try reader.value()
      try reader.finish()
      return value
    }
  }
}

/// Reading a column whose kind the caller knows, without a `StoredValue` between.
extension ColumnReader {
  /// Whether the next row has a value.
  @inline(__always)
  var nextIsPresent: Bool { hasValue(row) }

  /// Passes over the next row.
  mutating func skip() {
    if kind.hasLengths {
      place += length(of: row)
    } else if let width = kind.width {
      place += width
    }
    row += 1
  }

  /// The eight bytes of the next row.
  @inline(__always)
  mutating func nextNumber() -> UInt64 {
    defer { (row, place) = (row &+ 1, place &+ 8) }
    return bytes.number(at: place)
  }

  /// The truth value of the next row.
  @inline(__always)
  mutating func nextTruth() -> Bool {
    defer { row += 1 }
    return bytes[place + row >> 3] >> UInt8(row & 7) & 1 == 1
  }

  /// The UUID of the next row.
  @inline(__always)
  mutating func nextUUID() -> UUID {
    defer { (row, place) = (row + 1, place + 16) }
    return bytes.uuid(at: place)
  }

  /// The text of the next row.
  @inline(__always)
  mutating func nextText() throws(FormatFault) -> String {
    try bytes.text(nextRange())
  }

  /// Where the bytes of the next row are.
  @inline(__always)
  private mutating func nextRange() -> Range<Int> {
    let start = place
    place += length(of: row)
    row += 1
    return start..<place
  }

  /// Whether values may be missing.
  var isNullable: Bool { bitmap != nil }

  /// Whether a row has a value.
  @inline(__always)
  func hasValue(_ row: Int) -> Bool {
    guard let bitmap else { return true }
    return bytes[bitmap + row >> 3] >> UInt8(row & 7) & 1 == 1
  }

  /// Whether all rows can be read as ranks at once.
  var hasRanks: Bool { kind.ranksExactly && kind.width == 8 }

  /// The rank of every row's value.
  ///
  /// - Precondition: The column has ranks.
  func ranks() -> [UInt64] {
    precondition(hasRanks)
    var numbers: [UInt64] = bytes.numbers(at: start, count: count)
    switch kind {
    case .integer: for row in numbers.indices { numbers[row] ^= 1 << 63 }
    case .real, .date:
      for row in numbers.indices {
        numbers[row] = StoredValue.rank(of: Double(bitPattern: numbers[row]))
      }
    default: break
    }
    if isNullable {
      let rank = StoredValue.null.rank
      for row in numbers.indices where !hasValue(row) { numbers[row] = rank }
    }
    return numbers
  }

  /// The value of the row that was read last.
  ///
  /// - Precondition: There is one.
  func last() throws(FormatFault) -> StoredValue { try value(of: row - 1) }

  /// The value of any row.
  ///
  /// - Complexity: O(1), or O(rows of a part) for values of different lengths.
  func value(of row: Int) throws(FormatFault) -> StoredValue {
    var reader = from(part: row / ColumnReader.partSize)
    while reader.row < row { reader.skip() }
    return try reader.next()
  }

  /// The values of all rows, where none was read yet.
  consuming func values() throws(FormatFault) -> [StoredValue] {
    var values: [StoredValue] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try next()) }
    return values
  }
}

extension [ColumnReader] {
  /// The values of the next row, one of each column.
  mutating func next() throws(FormatFault) -> [StoredValue] {
    var values: [StoredValue] = []
    values.reserveCapacity(count)
    for column in indices { values.append(try self[column].next()) }
    return values
  }
}
