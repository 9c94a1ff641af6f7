import KithCore
import KithTestSupport
import Testing

/// As many rows come as go, and slots are not used again.
@Suite struct `Under churn` {
  /// The slots of rows that come and go: the oldest goes, or any.
  private struct Churn {
    private(set) var living: [UInt32] = []
    private(set) var next: UInt32 = 0
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func come() -> UInt32 {
      living.append(next)
      next += 1
      return next - 1
    }

    mutating func go(oldest: Bool) -> UInt32 {
      living.remove(at: oldest ? 0 : random.number(below: living.count))
    }

    mutating func number(below end: Int) -> Int { random.number(below: end) }
  }

  @Test func `rows take no more room, and no more places are looked at for them`() {
    var (rows, churn) = (RowPages<Int>(), Churn(seed: 1))
    var (bytes, places): ([Int], [Int]) = ([], [])
    for step in 1...200_000 {
      let slot = churn.come()
      rows.set(Int(slot), at: slot)
      if churn.living.count > 1_000 { rows.remove(at: churn.go(oldest: true)) }
      if step % 10_000 == 0 {
        bytes.append(rows.byteCount)
        places.append(rows.slots(below: .max).places)
      }
    }
    // 1,000 rows lie in 32 or 33 pages of 32, below at most five nodes of 64 ways.
    #expect(bytes.allSatisfy { $0 <= 33 * (32 * 8 + 16) + 5 * (64 * 8 + 16) }, "\(bytes)")
    #expect(places.allSatisfy { $0 <= 5 * 64 }, "\(places)")
  }

  @Test func `rows that are far apart are listed without the places between them`() {
    var rows = RowPages<Int>()
    for slot in [3, 70_000, UInt32.max - 1] { rows.set(0, at: slot) }
    let (slots, places) = rows.slots(below: .max)
    #expect(slots == [3, 70_000, .max - 1])
    #expect(places < 3 * 5 * 64)
    for slot in slots { rows.remove(at: slot) }
    // The top node is left.
    #expect(rows.byteCount == 64 * 8 + 16)
    #expect(rows.slots(below: .max).places <= 64)
  }

  @Test func `a page that a snapshot shares is not copied to take its last row away`() {
    var rows = RowPages<Int>()
    for slot in [1, 40, 100_000] as [UInt32] { rows.set(Int(slot), at: slot) }
    let snapshot = rows
    rows.remove(at: 100_000)
    // The path to it: two nodes.
    #expect(rows.copies == 2)
    rows.remove(at: 40)
    #expect(rows.copies == 3)
    #expect([1, 40, 100_000].allSatisfy { snapshot[$0] == Int($0) })
    #expect(rows[1] == 1 && rows[40] == nil && rows[100_000] == nil)
    #expect(rows.byteCount < snapshot.byteCount)
  }

  @Test(arguments: 1...UInt64(6))
  func `rows agree with a dictionary, and so do their snapshots and differences`(seed: UInt64) {
    var (rows, churn) = (RowPages<Int>(), Churn(seed: seed))
    var model: [UInt32: Int] = [:]
    var held: [(rows: RowPages<Int>, model: [UInt32: Int])] = [(rows, model)]
    for step in 1...12_000 {
      let slot = churn.come()
      rows.set(step, at: slot)
      model[slot] = step
      while churn.living.count > 40 || !churn.living.isEmpty && churn.number(below: 50) == 0 {
        let gone = churn.go(oldest: churn.number(below: 3) > 0)
        rows.remove(at: gone)
        model[gone] = nil
      }
      guard churn.number(below: 400) == 0 || step == 12_000 else { continue }
      for (old, itsModel) in held {
        let listed = old.slots(below: churn.next).slots
        #expect(listed == itsModel.keys.sorted())
        #expect(listed.allSatisfy { old[$0] == itsModel[$0] })
        var changed: [UInt32] = []
        rows.forEachChangedSlot(since: old) { changed.append($0) }
        let all = Set(model.keys).union(itsModel.keys).filter { model[$0] != itsModel[$0] }
        #expect(changed == all.sorted())
      }
      if held.count > 4 { held.remove(at: churn.number(below: held.count)) }
      held.append((rows, model))
    }
  }

  @Test func `columns take no room for what reads as their fallback`() {
    var (column, churn) = (PagedColumn<UInt32>(repeating: .max, pageShift: 4), Churn(seed: 2))
    let empty = column.byteCount
    for _ in 1...20_000 {
      let slot = churn.come()
      column[slot] = slot
      if churn.living.count > 100 { column[churn.go(oldest: true)] = .max }
    }
    #expect(column.byteCount <= empty + 8 * (64 + 16) + 4 * (64 * 8 + 16))
    let snapshot = column
    for slot in churn.living { column[slot] = .max }
    #expect(column.byteCount == empty)
    #expect(churn.living.allSatisfy { snapshot[$0] == $0 && column[$0] == .max })
    #expect(
      PagedColumn<UInt32>([.max, .max, .max], repeating: .max).byteCount == empty)
  }

  /// Keys that follow one another are direct, all others are hashed.
  @Test(arguments: [1, 3]) func `key indexes take no more room`(step: UInt64) {
    var (index, churn) = (KeyIndex(), Churn(seed: 3))
    var bytes: [Int] = []
    for count in 1...50_000 {
      let slot = churn.come()
      index.insert(slot, rank: UInt64(slot) * step)
      if churn.living.count > 1_000 {
        let gone = churn.go(oldest: true)
        index.remove(gone, rank: UInt64(gone) * step)
      }
      if count % 5_000 == 0 { bytes.append(index.byteCount) }
    }
    #expect(bytes.allSatisfy { $0 < 60_000 }, "\(bytes)")
    #expect(index.validate() == [])
    #expect(churn.living.allSatisfy { index.find(UInt64($0) * step) == $0 })
  }

  /// The key of the row at slot 300 has the rank that stands for none.
  @Test func `a key is read whose rank is that of rows without one`() {
    var index = KeyIndex()
    index.insert(0, rank: 7)
    index.insert(300, rank: 6)
    #expect(index.find(6) == 300)
    #expect(index.view.rank(of: 300) == 6)
    let slots: [UInt32] = [300, 0, 300]
    #expect(index.view.keys(of: slots.span) { $0 } == [6, 7, 6])
    index.remove(300, rank: 6)
    #expect(index.find(6) == nil)
    #expect(index.validate() == [])
  }

  @Test func `runs take no room for sources without targets`() {
    var (runs, churn) = (Runs(), Churn(seed: 4))
    let empty = runs.byteCount
    var bytes: [Int] = []
    for step in 1...50_000 {
      let source = churn.come()
      for target in 0..<UInt32(churn.number(below: 3)) { runs.insert(target, into: source) }
      if churn.living.count > 1_000 {
        let gone = churn.go(oldest: true)
        if step % 2 == 0 { runs.removeAll(of: gone) }
        for target in 0..<UInt32(3) { runs.remove(target, from: gone) }
      }
      if step % 5_000 == 0 { bytes.append(runs.byteCount) }
    }
    #expect(bytes.allSatisfy { $0 < 30_000 }, "\(bytes)")
    let snapshot = runs
    for source in churn.living { runs.removeAll(of: source) }
    var removed = 0
    runs.forEachChange(since: snapshot) { _, gone, come in
      removed += gone.count
      #expect(come == [])
    }
    var links = 0
    snapshot.forEachSource { links += $1.count }
    #expect(removed == links && removed > 500)
    #expect(runs.byteCount < empty + 20_000)
    #expect(runs.validate() == [] && snapshot.validate() == [])
  }

  @Test func `a hub goes with its page, once no snapshot has it`() {
    var runs = Runs()
    for target in 0..<UInt32(5_000) { runs.insert(target, into: 7) }
    let snapshot = runs
    let bytes = runs.byteCount
    runs.removeAll(of: 7)
    #expect(runs.count(of: 7) == 0)
    #expect(runs.byteCount < bytes / 10)
    #expect(snapshot.count(of: 7) == 5_000 && snapshot.withView { $0.contains(4_999, in: 7) })
    runs.insert(1, into: 7)
    #expect(runs.count(of: 7) == 1)
  }
}
