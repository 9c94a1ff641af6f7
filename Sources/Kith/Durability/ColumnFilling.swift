import KithCore

/// Fills one property of the rows of a table from a column, for those who don't know its type.
struct ColumnFilling: Sendable {
  /// Where the property lies; nil if it is computed.
  let place: FieldPlace?
  /// Writes the property, which has a number among the properties of the rows.
  let fill:
    @Sendable (RowsInMaking, Int, inout ColumnReader, _ table: String) throws(FormatFault) -> Void

  init<Record, Value: ColumnValue>(_ field: Field<Record, Value>) {
    place = FieldPlace(field)
    if let native = Value.self as? any NativeColumnValue.Type {
      fill = { (rows, number, column, table) throws(FormatFault) in
        try native.fill(rows, number, from: &column, of: table)
      }
    } else {
      fill = { (rows, number, column, table) throws(FormatFault) in
        try rows.write(number) { () throws(FormatFault) -> Value in
          if let value = Value(try column.next()) { return value }
          throw column.fault(Value.self, in: table)
        }
      }
    }
  }
}
