import KithCore
import KithTestSupport
import Testing

@Suite struct `Difference of two versions of rows` {
  private func slots(from old: RowPages<Int>, to new: RowPages<Int>) -> [UInt32] {
    var slots: [UInt32] = []
    new.forEachChangedSlot(since: old) { slots.append($0) }
    return slots
  }

  /// Versions that come from one another, and for each page the version that last wrote to it.
  @Test(arguments: 1...UInt64(12))
  func `lists all rows of the pages that were written`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var (rows, model, written) = (RowPages<Int>(), [UInt32: Int](), [UInt32: Int]())
    var versions = [(rows, model)]
    for version in 1...8 {
      for serial in 0..<[1, 20, 400][random.number(below: 3)] {
        let slot = random.row(below: [200, 3_000, 70_000][version % 3])
        if random.chance(60) {
          rows.set(serial, at: slot)
          model[slot] = serial
          written[slot / 32] = version
        } else if model[slot] != nil {
          rows.remove(at: slot)
          model[slot] = nil
          written[slot / 32] = version
        }
      }
      versions.append((rows, model))
    }
    for (version, (old, before)) in versions.enumerated() {
      let expected = Set(before.keys).union(model.keys)
        .filter { written[$0 / 32, default: 0] > version }.sorted()
      #expect(slots(from: old, to: rows) == expected, "seed \(seed), version \(version)")
      #expect(slots(from: rows, to: old) == expected, "seed \(seed), version \(version)")
    }
  }

  @Test func `reaches the last slot there is`() {
    var old = RowPages<Int>()
    old.set(1, at: 3)
    var new = old
    new.set(2, at: .max)
    #expect(slots(from: old, to: new) == [.max])
    #expect(slots(from: new, to: old) == [.max])
    #expect(slots(from: RowPages(), to: new) == [3, .max])
  }

  /// 100,000 rows stand in 3,125 pages below 49 nodes and a root.
  @Test func `of ten changes looks at ten pages and the paths to them`() {
    var rows = RowPages<Int>()
    for slot in 0..<UInt32(100_000) { rows.set(0, at: slot) }
    let old = rows
    for change in 0..<UInt32(10) { rows.set(1, at: change * 9_999) }
    var listed = 0
    let places = rows.forEachChangedSlot(since: old) { _ in listed += 1 }
    #expect(places == 21)
    #expect(listed == 320)
    #expect(rows.forEachChangedSlot(since: rows) { _ in } == 0)
  }
}
