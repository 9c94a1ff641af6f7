import Foundation
import KithCore

/// The size of a column's block, without the block.
struct ColumnSize {
  private let column: Schema.Column
  private let count: Int
  private var longest = 0
  private var total = 0

  /// - Parameter count: How many rows there are.
  init(_ column: Schema.Column, count: Int) {
    self.column = column
    self.count = count
  }

  /// Adds the value of the next row, of a kind that has lengths.
  mutating func add(_ value: StoredValue) {
    let length = value.encodedLength
    longest = max(longest, length)
    total += length
  }

  /// The bytes of the block.
  var byteCount: Int {
    let bits = count / 8 + (count & 7).signum()
    let bitmap = column.isNullable ? bits : 0
    if column.kind.hasLengths {
      return bitmap + 1 + count * ColumnEncoder.width(ofLengthsUpTo: longest) + total
    }
    return bitmap + (column.kind.width.map { count * $0 } ?? bits)
  }
}

extension StoredValue {
  /// The bytes of a value of a kind that has lengths.
  fileprivate var encodedLength: Int {
    switch self {
    case .text(let text): return text.utf8.count
    case .bytes(let bytes): return bytes.count
    case .composite:
      var writer = ByteWriter()
      writer.append(self)
      return writer.count
    default: return 0
    }
  }
}
