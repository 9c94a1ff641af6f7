/// The order of a table's rows by primary key, which breaks every tie.
package enum KeyOrder: RunOrder {
  /// Keys ascended with insertion so far, so the slots are in key order.
  case slots
  /// Every row has a rank that sorts as its key does.
  case ranks(PagedColumn<UInt64>)
  /// Keys have to be compared.
  case compare((UInt32, UInt32) -> Bool)

  @inline(__always)
  package func precedes(_ first: UInt32, _ second: UInt32) -> Bool {
    switch self {
    case .slots: first < second
    case .ranks(let ranks): ranks[first] < ranks[second]
    case .compare(let precedes): precedes(first, second)
    }
  }
}
