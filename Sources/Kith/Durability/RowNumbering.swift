/// The rows of a table in an order, numbered from 0, without the gaps of rows that were deleted.
struct RowNumbering {
  let count: Int
  /// The slots in the order; nil if that is the order of slots.
  let order: [UInt32]?
  /// The number of the row at each slot; nil if that is the slot.
  private let numbers: [UInt32]?

  /// Numbers rows in an order of all of them, or else in that of insertion.
  init(_ table: TableState, inOrder order: [UInt32]? = nil) {
    count = table.count
    self.order = order
    if order == nil, table.count == table.slotEnd {
      numbers = nil
      return
    }
    var numbers = [UInt32](repeating: 0, count: Int(table.slotEnd))
    for (number, slot) in (order ?? table.allSlots()).enumerated() {
      numbers[Int(slot)] = UInt32(number)
    }
    self.numbers = numbers
  }

  /// The number of the row at a slot.
  subscript(slot: UInt32) -> UInt32 { numbers.map { $0[Int(slot)] } ?? slot }
}
