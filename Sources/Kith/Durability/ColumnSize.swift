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
    let bitmap = column.isNullable ? StoredValue.Kind.bitmapSize(count) : 0
    let width = ColumnEncoder.width(ofLengthsUpTo: longest)
    return bitmap + (column.kind.size(of: count) ?? 1 + count * width + total)
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
