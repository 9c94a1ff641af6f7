import KithCore
import KithTestSupport
import Testing

@Suite struct `Paged columns` {
  /// A value whose stride is larger than its size.
  struct Uneven: BitwiseCopyable, Equatable {
    var wide: UInt32
    var narrow: UInt8
  }

  @Test(arguments: 1...UInt64(8))
  func `agree with a dictionary, and so do their snapshots`(seed: UInt64) {
    #expect(faults(seed) { $0.next() } == [], "seed \(seed)")
    #expect(faults(seed) { UInt8(truncatingIfNeeded: $0.next()) } == [], "seed \(seed)")
    #expect(
      faults(seed) { Uneven(wide: $0.row(below: 9), narrow: 3) } == [], "seed \(seed)")
  }

  private func faults<Value: BitwiseCopyable & Equatable & Sendable>(
    _ seed: UInt64, _ draw: (inout SplitMix64) -> Value
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    let fallback = draw(&random)
    var column = PagedColumn(
      repeating: fallback, pageShift: Int(seed % 4), nodeShift: 1 + Int(seed % 2))
    var model: [UInt32: Value] = [:]
    var snapshots = [(column, model)]
    var faults: [String] = []
    for step in 1...1_500 {
      let slot = random.skewedRow(below: 600)
      let value = draw(&random)
      column[slot] = value
      model[slot] = value
      if step % 150 == 0 {
        if snapshots.count > 3 { snapshots.remove(at: random.number(below: 3)) }
        snapshots.append((column, model))
      }
    }
    for (held, itsModel) in snapshots + [(column, model)] {
      held.withView { view in
        for slot in 0..<UInt32(700) {
          let expected = itsModel[slot] ?? fallback
          if held[slot] != expected || view[slot] != expected { faults.append("row \(slot)") }
        }
      }
    }
    return faults
  }

  @Test func `read as their fallback where nothing was written`() {
    var column = PagedColumn<Int64>(repeating: -1)
    #expect(column[0] == -1)
    #expect(column[.max] == -1)
    column[.max] = 5
    #expect(column[.max] == 5)
    #expect(column[.max - 1] == -1)
    #expect(column[0] == -1)
  }

  @Test func `copy one page and its path after a snapshot`() {
    var column = PagedColumn<UInt64>(repeating: 0)
    for slot in 0..<UInt32(40_000) { column[slot] = UInt64(slot) }
    #expect(column.copies == 0)
    let snapshot = column
    column[17] = 1
    #expect((1...4).contains(column.copies))
    let before = column.copies
    column[18] = 1
    #expect(column.copies == before)
    #expect(snapshot[17] == 17)
    #expect(column.byteCount < 40_000 * 9)
  }
}
