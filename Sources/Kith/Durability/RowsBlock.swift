import KithCore

/// The block of a table's rows: how many there are (8 bytes), and the largest key that the table
/// remembers (a value), if the next one follows it.
struct RowsBlock {
  let count: Int
  /// The largest integer that ever was a key, or null.
  let largestKey: StoredValue

  /// - Parameter largestKey: Is not kept for a table that gives no keys.
  init(count: Int, largestKey: StoredValue, of table: Schema.Table) {
    self.count = count
    self.largestKey = table.hasNextKey ? largestKey : .null
  }

  /// Writes the content of the block.
  func write(into writer: inout ByteWriter) {
    writer.append(UInt64(count))
    writer.append(largestKey)
  }

  /// Reads the content of a block.
  init(_ block: inout ByteReader, of table: Schema.Table) throws(FormatFault) {
    let start = block.offset
    let count = try block.number(UInt64.self)
    guard count < UInt32.max - 1 else {
      throw .damaged(offset: start, "\(table.name) can't have \(count) rows")
    }
    let keyOffset = block.offset
    self.count = Int(count)
    largestKey = try block.value()
    try block.finish()
    guard table.mayRemember(largestKey) else {
      throw .damaged(offset: keyOffset, table.fault(ofLargestKey: largestKey))
    }
  }
}

extension Schema.Table {
  /// Whether the table remembers the largest key that it had, to give the next.
  var hasNextKey: Bool { !isAssociation && keyKind?.isInteger ?? false }

  /// Whether a value can be the largest key that the table remembers.
  func mayRemember(_ key: StoredValue) -> Bool {
    key.isNull || hasNextKey && key.kind == keyKind
  }

  /// What is wrong with a value that can't be.
  func fault(ofLargestKey key: StoredValue) -> String {
    "\(name) can't have the largest key \(key)"
  }
}

extension StoredValue {
  /// What is wrong with a table that remembers this as its largest key, and has another; nil if nothing
  /// is.
  func fault(asLargest key: StoredValue, of table: String) -> String? {
    key <= self ? nil : "\(table) has the key \(key), after its largest, \(self)"
  }
}

extension TableInfo {
  /// Whether the table remembers the largest key that it had, to give the next.
  var hasNextKey: Bool { keyKind.isInteger }
}

extension StoredValue.Kind {
  fileprivate var isInteger: Bool { self == .integer || self == .unsigned }
}
