import KithCore
import Testing

@Suite struct `The size of scratch memory` {
  /// Borrows all kinds of memory for a number of rows, once, and gives them back.
  private func use(_ scratch: Scratch, rows: Int) {
    _ = scratch.counters(rows: rows)
    _ = scratch.weights(rows: rows)
    _ = scratch.bits(rows: rows)
    _ = scratch.marks(rows: rows)
    _ = scratch.touched(capacity: rows)
    _ = scratch.origins(capacity: rows)
    if scratch.noteReturn() { scratch.settle() }
  }

  /// What a table of so many rows takes: two bits, three counters and a wide one a row.
  private let large = 1_000_000
  private let largeBytes = 20_000_000

  @Test func `shrinks when a large table is not asked for any more`() {
    let scratch = Scratch()
    use(scratch, rows: large)
    #expect(scratch.byteCount >= largeBytes)
    for _ in 0..<2 * Scratch.period { use(scratch, rows: 100) }
    #expect(scratch.byteCount < 500_000)
    use(scratch, rows: large)
    #expect(scratch.counters(rows: large).prefix(large).allSatisfy { $0 == 0 })
  }

  @Test func `stays when a large table is asked for now and then`() {
    let scratch = Scratch()
    use(scratch, rows: large)
    let counters = scratch.counters(rows: large)
    let bytes = scratch.byteCount
    for number in 1...5 * Scratch.period {
      use(scratch, rows: number.isMultiple(of: 1_000) ? large : 100)
    }
    #expect(scratch.byteCount == bytes)
    // The very same memory: a mark is still there.
    counters[5] = 1
    #expect(scratch.counters(rows: large)[5] == 1)
  }

  @Test func `stays when a table grows row by row`() {
    let scratch = Scratch()
    var sizes: Set<Int> = []
    for rows in 20_000..<20_000 + 4 * Scratch.period {
      use(scratch, rows: rows)
      sizes.insert(scratch.byteCount)
    }
    #expect(sizes.count < 20, "it is made anew again and again")
  }

  @Test func `shrinks in the pool`() {
    let large = Scratch.borrow { scratch in
      _ = scratch.weights(rows: 3_000_000)
      return ObjectIdentifier(scratch)
    }
    // Other tests may borrow it in between; it is looked at only while it is here. The period in which
    // it was large has to end, and another one.
    var returns = 0
    for _ in 0..<100_000 where returns <= 2 * Scratch.period + 1 {
      Scratch.borrow { scratch in
        guard ObjectIdentifier(scratch) == large else { return }
        returns += 1
        if returns > 2 * Scratch.period { #expect(scratch.byteCount < 20_000_000) }
      }
    }
  }

  @Test func `of idle scratches counts until nobody takes them`() {
    var shelf = ScratchShelf()
    let scratches = (0..<5).map { _ in Scratch() }
    for scratch in scratches {
      use(scratch, rows: large)
      shelf.put(scratch)
    }
    #expect(shelf.byteCount >= 5 * largeBytes)
    // All of them are new.
    #expect(shelf.letGo().isEmpty)
    // Two are taken at once, again and again: the other three wait.
    for _ in 0..<100 {
      let two = (shelf.take(), shelf.take())
      #expect(two.0 === scratches[4] && two.1 === scratches[3])
      if let second = two.1 { shelf.put(second) }
      if let first = two.0 { shelf.put(first) }
    }
    let gone = shelf.letGo()
    #expect(gone.count == 3 && zip(gone, scratches).allSatisfy { $0 === $1 })
    #expect(shelf.byteCount < 3 * largeBytes)
    // Nobody takes any.
    #expect(shelf.letGo().count == 2)
    #expect(shelf.byteCount == 0 && shelf.take() == nil && shelf.letGo().isEmpty)
  }
}
