import KithCore
import KithTestSupport
import Testing

@Suite struct `Primary keys with ranks` {
  /// How a program chooses its keys.
  enum Ranks: String, CaseIterable {
    case inSequence, withGaps, descending, random, nearTheLargest, nearTheSmallest, mixed
  }

  @Test(arguments: Ranks.allCases, 1...UInt64(effort(release: 6, debug: 2)))
  func `agree with a dictionary, and so do those of snapshots`(kind: Ranks, seed: UInt64) {
    var program = KeyProgram(kind, seed: seed)
    program.run(steps: 2_000)
    #expect(program.faults == [], "\(kind), seed \(seed)")
  }

  /// slot 0: 71,  slot 1: 72,  slot 2: 500,  slot 3: 74
  @Test func `are found at their slots, in sequence or not`() {
    var index = KeyIndex()
    for (slot, rank) in [71, 72, 500, 74].enumerated() {
      index.insert(UInt32(slot), rank: UInt64(rank))
    }
    #expect([71, 72, 500, 74].map { index.find($0) } == [0, 1, 2, 3])
    #expect([0, 70, 73, 75, 499, .max].allSatisfy { index.find($0) == nil })
    #expect(index.count == 4)
  }

  @Test func `are not found where a row is gone, or never was`() {
    var index = KeyIndex()
    // The base is .max - 1; the slots from 2 on wrap around to rank 0 and more.
    for slot in 0..<UInt32(3) { index.insert(slot, rank: .max - 1 &+ UInt64(slot)) }
    index.insert(9, rank: 7)
    #expect(index.find(0) == 2)
    #expect(index.find(1) == nil)
    index.remove(2, rank: 0)
    index.remove(2, rank: 0)
    #expect(index.find(0) == nil)
    #expect(index.find(7) == 9)
    #expect(index.count == 3)
    #expect(index.validate() == [])
  }

  @Test func `change hands`() {
    var index = KeyIndex()
    for slot in 0..<UInt32(4) { index.insert(slot, rank: UInt64(slot) + 1) }
    index.remove(1, rank: 2)
    index.remove(3, rank: 4)
    index.insert(1, rank: 4)
    index.insert(3, rank: 2)
    #expect((1...4).map { index.find($0) } == [0, 3, 2, 1])
    #expect(index.validate() == [])
  }

  /// rank less base   0: 2,  1: 0,  2: –,  3: 1
  @Test func `are placed when they come at once, close together and in another order`() {
    var index = KeyIndex()
    #expect(index.insert(contentsOf: [72, 74, 71]) == nil)
    #expect((70...76).map { index.find($0) } == [nil, 2, 0, nil, 1, nil, nil])
    #expect(index.moved == 0 && index.count == 3)
    // What comes later is placed too, unless it is far off.
    index.insert(3, rank: 73)
    index.insert(4, rank: 75)
    #expect(index.moved == 0)
    index.insert(5, rank: 70)
    index.insert(6, rank: 9_999)
    #expect((70...76).map { index.find($0) } == [5, 2, 0, 3, 1, 4, nil])
    #expect(index.find(9_999) == 6 && index.count == 7)
    for (slot, rank) in [(5, 70), (0, 72), (6, 9_999)] as [(UInt32, UInt64)] {
      index.remove(slot, rank: rank)
      index.remove(slot, rank: rank)
      #expect(index.find(rank) == nil)
    }
    #expect(index.count == 4 && index.validate() == [])
    // A row that is gone is not found by what would be its direct key.
    index.remove(1, rank: 74)
    #expect((71...75).map { index.find($0) } == [2, nil, 3, nil, 4])
  }

  @Test func `that come twice at once are told`() {
    for keys in [[7, 8, 7], [9, 7, 8, 8], [1, 500, 3, 500], [3, 2, 1, 3]] as [[UInt64]] {
      var index = KeyIndex()
      #expect(index.insert(contentsOf: keys) == keys.count - 1, "\(keys)")
    }
  }

  @Test func `are found many at a time, whether they are a sequence or not`() {
    var index = KeyIndex()
    for slot in 0..<UInt32(100) { index.insert(slot, rank: 40 + UInt64(slot)) }
    func found(_ ranks: [UInt64], from first: Int) -> [UInt32] {
      var slots = [UInt32](repeating: .max, count: ranks.count)
      var span = slots.mutableSpan
      index.view.findEverySecond(of: ranks.span, from: first, &span)
      withExtendedLifetime(index) {}
      return slots
    }
    let ranks: [UInt64] = [40, 39, 139, 140, 90, 90, 90, 41, 0]
    #expect(found(ranks, from: 0) == [0, .max, 99, .max, 50, .max, 50, .max, .max])
    #expect(found(ranks, from: 1) == [.max, .max, .max, .max, .max, 50, .max, 1, .max])
    index.remove(50, rank: 90)
    index.insert(50, rank: 0)
    #expect(found(ranks, from: 0) == [0, .max, 99, .max, .max, .max, .max, .max, 50])
    #expect(found(ranks, from: 1) == [.max, .max, .max, .max, .max, .max, .max, 1, .max])
  }

  // MARK: Counts

  @Test func `in sequence move no entry and take the bytes of their column`() {
    var index = KeyIndex()
    for slot in 0..<UInt32(100_000) { index.insert(slot, rank: UInt64(slot) + 1) }
    #expect(index.moved == 0)
    #expect(index.byteCount < 100_000 * 9)
  }

  @Test func `out of sequence move a few entries each, and never more than a page`() {
    var index = KeyIndex(seed: HashSeed(1, 2))
    var random = SplitMix64(seed: 1)
    var largest = 0
    for slot in 0..<UInt32(100_000) {
      let before = index.moved
      index.insert(slot, rank: random.next())
      largest = max(largest, index.moved - before)
    }
    #expect(largest <= 512)
    #expect(index.moved < 4 * 100_000)
  }

  @Test func `copy a few pages after a snapshot`() {
    var random = SplitMix64(seed: 2)
    for isSequence in [true, false] {
      var index = KeyIndex(seed: HashSeed(3, 4))
      for slot in 0..<UInt32(100_000) {
        index.insert(slot, rank: isSequence ? UInt64(slot) : random.next())
      }
      #expect(index.copies == 0)
      let snapshot = index
      index.insert(100_000, rank: isSequence ? 100_000 : random.next())
      #expect((1...7).contains(index.copies))
      #expect(snapshot.count == 100_000)
    }
  }
}

/// A random program that changes an index of keys and a dictionary, and keeps snapshots of both.
struct KeyProgram {
  private(set) var faults: [String] = []
  private var random: SplitMix64
  private let kind: `Primary keys with ranks`.Ranks
  private var index: KeyIndex
  private var model: [UInt64: UInt32] = [:]
  private var freeSlots: [UInt32] = []
  private var slotEnd: UInt32 = 0
  private var snapshots: [(KeyIndex, [UInt64: UInt32])] = []

  init(_ kind: `Primary keys with ranks`.Ranks, seed: UInt64) {
    self.kind = kind
    random = SplitMix64(seed: seed)
    let geometry = HashGeometry(
      standardCapacity: 4 << Int(seed % 3), nodeShift: [1, 2, 8][Int(seed % 3)])
    index = KeyIndex(seed: HashSeed(seed, 1), geometry: geometry)
    if seed.isMultiple(of: 2) { fill() }
  }

  /// Enters the first keys all at once, in no order.
  private mutating func fill() {
    var ranks = Set((0..<UInt32(200)).map { rank(for: $0) }).sorted()
    for place in ranks.indices.dropFirst() {
      ranks.swapAt(place, random.number(below: place + 1))
    }
    if index.insert(contentsOf: ranks) != nil { faults.append("a key came twice") }
    for (slot, rank) in ranks.enumerated() { model[rank] = UInt32(slot) }
    slotEnd = UInt32(ranks.count)
  }

  mutating func run(steps: Int) {
    for step in 1...steps where faults.isEmpty {
      // It grows, then shrinks until it is empty, then grows again.
      let growth = step % 800 < 500 ? 80 : 10
      if random.chance(growth) { insert() } else { changeOrRemove() }
      if step % 250 == 0 {
        compare(index, model)
        if snapshots.count == 3 { snapshots.remove(at: random.number(below: 3)) }
        snapshots.append((index, model))
      }
    }
    for (held, itsModel) in snapshots { compare(held, itsModel) }
  }

  private mutating func insert() {
    // Rows go to new slots; a row whose key changes comes back to its own.
    let slot = random.chance(20) ? freeSlots.popLast() ?? slotEnd : slotEnd
    slotEnd = max(slotEnd, slot + 1)
    enter(slot)
  }

  private mutating func enter(_ slot: UInt32) {
    let rank = rank(for: slot)
    guard model[rank] == nil else { return freeSlots.append(slot) }
    index.insert(slot, rank: rank)
    model[rank] = slot
  }

  private mutating func changeOrRemove() {
    let ranks = model.keys.sorted()
    guard !ranks.isEmpty else { return }
    let rank = ranks[random.number(below: ranks.count)]
    guard let slot = model.removeValue(forKey: rank) else { return }
    index.remove(slot, rank: rank)
    if random.chance(30) { enter(slot) } else { freeSlots.append(slot) }
  }

  private mutating func rank(for slot: UInt32) -> UInt64 {
    let next = UInt64(slot)
    switch kind {
    case .inSequence: return 1_000 + next
    case .withGaps: return 1_000 + next * 3
    case .descending: return 1_000_000 - next
    case .random: return random.next()
    case .nearTheLargest: return UInt64.max - 30 &+ next
    case .nearTheSmallest: return random.chance(80) ? next : next &- 5
    case .mixed:
      if random.chance(60) { return 500 + next }
      return random.chance(50) ? 500 + UInt64(random.number(below: 900)) : random.next()
    }
  }

  private mutating func compare(_ index: KeyIndex, _ model: [UInt64: UInt32]) {
    faults += index.validate()
    if index.count != model.count { faults.append("count is \(index.count), not \(model.count)") }
    for (rank, slot) in model {
      if index.find(rank) != slot { faults.append("rank \(rank) is not at slot \(slot)") }
      if index.ranks[slot] != rank { faults.append("the rank of slot \(slot) is not \(rank)") }
      for near in [rank &+ 1, rank &- 1, rank &+ 7] where index.find(near) != model[near] {
        faults.append("rank \(near) is at \(String(describing: index.find(near)))")
      }
    }
    // Many at a time, each there twice, as links have them.
    let ranks = model.keys.flatMap { [$0, $0, $0 &+ 1, $0 &- 1] }
    let slots = ranks.map { model[$0] ?? .max }
    var found = [UInt32](repeating: 7, count: ranks.count)
    var room = found.mutableSpan
    index.view.findEverySecond(of: ranks.span, from: 0, &room)
    index.view.findEverySecond(of: ranks.span, from: 1, &room)
    if found != slots { faults.append("ranks are at other slots where every second is sought") }
    if index.view.slots(of: ranks) != slots { faults.append("ranks are at other slots together") }
    withExtendedLifetime(index) {}
  }
}
