import KithCore
import KithTestSupport
import Testing

@Suite struct `Difference of two versions of rows` {
  private func slots<Row>(from old: RowPages<Row>, to new: RowPages<Row>) -> [UInt32] {
    var slots: [UInt32] = []
    new.forEachChangedSlot(since: old) { slots.append($0) }
    return slots
  }

  @Test(arguments: 1...UInt64(12))
  func `lists the rows that came, went or were changed`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var (rows, model) = (RowPages<Int>(), [UInt32: Int]())
    var versions = [(rows, model)]
    for version in 1...8 {
      for serial in 0..<[1, 20, 400][random.number(below: 3)] {
        let slot = random.row(below: [200, 3_000, 70_000][version % 3])
        if random.chance(60) {
          rows.set(serial, at: slot)
          model[slot] = serial
        } else if model[slot] != nil {
          rows.remove(at: slot)
          model[slot] = nil
        }
      }
      versions.append((rows, model))
    }
    for (version, (old, before)) in versions.enumerated() {
      let expected = Set(before.keys).union(model.keys)
        .filter { before[$0] != model[$0] }.sorted()
      #expect(slots(from: old, to: rows) == expected, "seed \(seed), version \(version)")
      #expect(slots(from: rows, to: old) == expected, "seed \(seed), version \(version)")
    }
  }

  /// A row whose size is no multiple of eight, with a reference in it and a byte at its end.
  private struct Note: Sendable {
    var text: String
    var count: UInt8
  }

  @Test func `lists no row that its page was copied with`() {
    var old = RowPages<Note>()
    for slot in 0..<UInt32(70) {
      old.set(Note(text: "a text that is too long for its place, \(slot)", count: 1), at: slot)
    }
    var new = old
    new.set(Note(text: "a text that is too long for its place, 5", count: 2), at: 5)
    new.set(Note(text: "a text that is too long for its place, seven", count: 1), at: 7)
    new.remove(at: 40)
    new.set(Note(text: "", count: 1), at: 70)
    #expect(slots(from: old, to: new) == [5, 7, 40, 70])
    #expect(slots(from: new, to: old) == [5, 7, 40, 70])
  }

  @Test func `lists no row that has no memory`() {
    var old = RowPages<Void>()
    old.set((), at: 1)
    var new = old
    new.set((), at: 1)
    new.set((), at: 2)
    #expect(slots(from: old, to: new) == [2])
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
    #expect(listed == 10)
    #expect(rows.forEachChangedSlot(since: rows) { _ in } == 0)
  }
}
