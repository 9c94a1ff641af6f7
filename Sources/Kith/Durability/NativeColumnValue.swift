import Foundation
import KithCore

/// A type whose values are read from a column's bytes without a `StoredValue` between.
protocol NativeColumnValue: ColumnValue {
  /// The value of the next row, which has one; nil if it is stored as no value of this type.
  static func read(_ column: inout ColumnReader) throws(FormatFault) -> Self?
  /// Writes a property of all rows, from the columns' next rows.
  static func fill(
    _ rows: RowsInMaking, _ number: Int, from column: inout ColumnReader, of table: String
  ) throws(FormatFault)
}

extension NativeColumnValue {
  // A requirement too, so that there is a loop for each type.
  static func fill(
    _ rows: RowsInMaking, _ number: Int, from column: inout ColumnReader, of table: String
  ) throws(FormatFault) {
    try rows.write(number) { () throws(FormatFault) -> Self in
      if let value = try read(&column) { return value }
      throw column.fault(Self.self, in: table)
    }
  }
}

extension ColumnReader {
  /// The fault that the value that was read last is none of a type.
  func fault<Value>(_: Value.Type, in table: String) -> FormatFault {
    do throws(FormatFault) {
      return .otherSchema(["\(table).\(name) holds \(try last()), which is no \(Value.self)"])
    } catch {
      return error
    }
  }
}

extension NativeColumnValue where Self: FixedWidthInteger & SignedInteger {
  static func read(_ column: inout ColumnReader) throws(FormatFault) -> Self? {
    Self(exactly: Int64(bitPattern: column.nextNumber()))
  }
}

extension NativeColumnValue where Self: FixedWidthInteger & UnsignedInteger {
  static func read(_ column: inout ColumnReader) throws(FormatFault) -> Self? {
    Self(exactly: column.nextNumber())
  }
}

extension Int: NativeColumnValue {}
extension Int8: NativeColumnValue {}
extension Int16: NativeColumnValue {}
extension Int32: NativeColumnValue {}
extension Int64: NativeColumnValue {}
extension UInt: NativeColumnValue {}
extension UInt8: NativeColumnValue {}
extension UInt16: NativeColumnValue {}
extension UInt32: NativeColumnValue {}
extension UInt64: NativeColumnValue {}

extension Bool: NativeColumnValue {
  static func read(_ column: inout ColumnReader) throws(FormatFault) -> Bool? { column.nextTruth() }
}

extension Double: NativeColumnValue {
  static func read(_ column: inout ColumnReader) throws(FormatFault) -> Double? {
    Double(bitPattern: column.nextNumber())
  }
}

extension Float: NativeColumnValue {
  static func read(_ column: inout ColumnReader) throws(FormatFault) -> Float? {
    Float(Double(bitPattern: column.nextNumber()))
  }
}

extension Date: NativeColumnValue {
  static func read(_ column: inout ColumnReader) throws(FormatFault) -> Date? {
    Date(bits: column.nextNumber())
  }
}

extension UUID: NativeColumnValue {
  static func read(_ column: inout ColumnReader) throws(FormatFault) -> UUID? { column.nextUUID() }
}

extension String: NativeColumnValue {
  static func read(_ column: inout ColumnReader) throws(FormatFault) -> String? {
    try column.nextText()
  }
}

extension Optional: NativeColumnValue where Wrapped: NativeColumnValue {
  static func read(_ column: inout ColumnReader) throws(FormatFault) -> Wrapped?? {
    if column.nextIsPresent {
      guard let value = try Wrapped.read(&column) else { return .none }
      return .some(value)
    }
    column.skip()
    return .some(.none)
  }
}

extension Key: NativeColumnValue where Raw: NativeColumnValue {
  static func read(_ column: inout ColumnReader) throws(FormatFault) -> Key? {
    try Raw.read(&column).map { Key($0) }
  }
}
