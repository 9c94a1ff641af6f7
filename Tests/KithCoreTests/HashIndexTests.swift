import KithCore
import Testing

@Suite struct `Hash index` {
  // MARK: Against a model

  @Test(arguments: HashStyle.allCases, HashGeometry.tried)
  func `agrees with a dictionary, and so do its snapshots`(
    style: HashStyle, geometry: HashGeometry
  ) {
    for seed in 1...3 {
      var program = Program(seed: UInt64(seed), style: style, geometry: geometry)
      program.run(steps: 1_500)
      #expect(program.faults.first == nil, "seed \(seed)")
    }
  }

  @Test func `agrees with a dictionary when it is large`() {
    var program = Program(seed: 4, style: .spread, geometry: .standard, keys: 20_000)
    program.run(steps: 60_000)
    #expect(program.faults.first == nil)
  }

  /// Four entries in a page of eight, with all choices of their homes.
  @Test func `closes the gap of every removed entry`() {
    var failures = 0
    for homes in 0..<(8 * 8 * 8 * 8) {
      let hashes = (0..<4).map { (slot: Int) -> UInt64 in
        let home = homes >> (slot * 3) & 7
        return UInt64(home | slot << 8) << 32
      }
      var full = HashIndex(geometry: HashGeometry(standardCapacity: 8))
      for (slot, hash) in hashes.enumerated() { full.insert(UInt32(slot), hash: hash) }
      for removed in 0..<4 {
        var index = full
        let wasRemoved = index.remove(UInt32(removed), hash: hashes[removed])
        let found = hashes.map { index.find(hash: $0) { _ in true } }
        let expected = (0..<4).map { $0 == removed ? nil : UInt32($0) }
        if !wasRemoved || found != expected || index.validate() != [] { failures += 1 }
      }
    }
    #expect(failures == 0)
  }

  /// Eight entries in two pages that hold seven; three fit into one page that is half full.
  @Test func `moves what is left of two pages into one`() {
    func hash(_ slot: UInt32) -> UInt64 { UInt64(slot) << 61 }
    var index = HashIndex(geometry: HashGeometry(standardCapacity: 8))
    for slot in 0..<8 as Range<UInt32> { index.insert(slot, hash: hash(slot)) }
    #expect(index.moved == 7)
    for slot in [0, 1, 4, 5] as [UInt32] { _ = index.remove(slot, hash: hash(slot)) }
    #expect(index.moved == 7)
    _ = index.remove(6, hash: hash(6))
    #expect(index.moved == 10)
    let found = (0..<8).map { index.find(hash: hash($0)) { _ in true } }
    #expect(found == [nil, nil, 2, 3, nil, nil, nil, 7])
    #expect(index.validate() == [])
  }

  // MARK: Finding

  @Test func `finds nothing when it is empty`() {
    let index = HashIndex()
    #expect(index.find(hash: 0) { _ in true } == nil)
    #expect(index.find(hash: .max) { _ in true } == nil)
    #expect(index.count == 0)
    #expect(index.validate() == [])
  }

  @Test func `asks only about slots whose hashes agree`() {
    let index = filled(1_000)
    var asked: [UInt32] = []
    let found = index.find(hash: seed.hash(7)) { slot in
      asked.append(slot)
      return false
    }
    #expect(asked == [7])
    #expect(found == nil)
  }

  @Test func `tells keys of equal hash apart by asking`() {
    var index = HashIndex()
    for slot in 0..<5 { index.insert(UInt32(slot), hash: 42) }
    for slot in 0..<5 {
      #expect(index.find(hash: 42) { $0 == slot } == UInt32(slot))
    }
    #expect(index.find(hash: 42) { $0 == 5 } == nil)
  }

  @Test func `visits every slot once`() {
    var slots: [UInt32] = []
    filled(5_000).forEachSlot { slots.append($0) }
    #expect(slots.sorted() == Array(0..<5_000))
  }

  @Test func `orders the same keys differently under different seeds`() {
    func order(_ seed: HashSeed) -> [UInt32] {
      var slots: [UInt32] = []
      filled(100, seed: seed).forEachSlot { slots.append($0) }
      return slots
    }
    #expect(order(HashSeed(1, 2)) == order(HashSeed(1, 2)))
    #expect(order(HashSeed(1, 2)) != order(HashSeed(1, 3)))
    #expect(order(HashSeed(1, 2)) != order(HashSeed(2, 2)))
    #expect(order(.random()) != order(.random()))
  }

  @Test func `refuses the slot that marks an empty place`() async {
    await #expect(processExitsWith: .failure) {
      var index = HashIndex()
      index.insert(.max, hash: 0)
    }
  }

  // MARK: Growing

  @Test(arguments: HashGeometry.tried)
  func `moves the entries of one page at most to insert one`(geometry: HashGeometry) {
    var index = HashIndex(geometry: geometry)
    var longest = 0
    for key in 0..<30_000 {
      let before = index.moved
      index.insert(UInt32(key), hash: seed.hash(UInt64(key)))
      longest = max(longest, index.moved - before)
    }
    #expect(longest > 0)
    // Two splits in a row are only likely where a page holds three entries.
    #expect(longest <= max(geometry.standardCapacity, 32))
    #expect(index.validate() == [])
  }

  @Test(arguments: [10, 100, 1_000, 10_000, 100_000])
  func `takes less than twenty bytes a key, and a little for the top`(count: Int) {
    #expect(filled(count).byteCount < 20 * count + 700)
  }

  @Test func `copies a page and the nodes above it to insert after a snapshot`() {
    // 200,000 keys fill some 700 pages: two nodes above each.
    var index = filled(200_000)
    let full = index
    for key in 200_000..<200_100 {
      let snapshot = index
      let before = index.copies
      index.insert(UInt32(key), hash: seed.hash(UInt64(key)))
      #expect(1...3 ~= index.copies - before)
      #expect(snapshot.count == key)
      #expect(snapshot.find(hash: seed.hash(UInt64(key))) { $0 == key } == nil)
    }
    let before = index.copies
    remove(200_099, from: &index)
    index.insert(200_099, hash: seed.hash(200_099))
    #expect(index.copies == before, "what was copied once is written in place")
    #expect(full.count == 200_000)
    #expect(full.validate() == [])
    #expect(index.validate() == [])
  }

  @Test func `lets many tasks read a snapshot while it is written`() async {
    var index = filled(20_000)
    await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        let snapshot = index
        group.addTask { [seed] in
          (0..<20_000).count { key in
            snapshot.find(hash: seed.hash(UInt64(key))) { $0 == key } != nil
          }
        }
        for key in 0..<2_000 { remove(key, from: &index) }
        for key in 0..<2_000 { index.insert(UInt32(key), hash: seed.hash(UInt64(key))) }
      }
      for await found in group { #expect(found == 20_000) }
    }
    #expect(index.validate() == [])
  }

  // MARK: Removing

  @Test(arguments: HashGeometry.tried)
  func `is as small as a new one when all slots are removed`(geometry: HashGeometry) {
    var index = filled(10_000, geometry: geometry)
    let removed = (0..<10_000).count { remove($0, from: &index) }
    #expect(removed == 10_000)
    #expect(index.count == 0)
    #expect(index.byteCount == HashIndex(geometry: geometry).byteCount)
    #expect(index.validate() == [])
  }

  @Test func `doesn't grow while slots come and go`() {
    var index = filled(10_000)
    for key in 10_000..<200_000 {
      remove(key - 10_000, from: &index)
      index.insert(UInt32(key), hash: seed.hash(UInt64(key)))
    }
    #expect(index.count == 10_000)
    #expect(index.byteCount < 24 * 10_000)
    #expect(index.validate() == [])
  }

  @Test func `copies nothing to remove a slot that it doesn't hold`() {
    var index = filled(1_000)
    let snapshot = index
    let wasRemoved = index.remove(7, hash: seed.hash(8))
    #expect(!wasRemoved)
    #expect(index.copies == 0)
    #expect(snapshot.count == index.count)
  }

  /// An index of the keys 0, 1, 2, … in which every key is its own slot.
  private func filled(
    _ count: Int, seed: HashSeed = HashSeed(1, 2), geometry: HashGeometry = .standard
  ) -> HashIndex {
    var index = HashIndex(geometry: geometry)
    for key in 0..<count { index.insert(UInt32(key), hash: seed.hash(UInt64(key))) }
    return index
  }

  @discardableResult
  private func remove(_ key: Int, from index: inout HashIndex) -> Bool {
    index.remove(UInt32(key), hash: seed.hash(UInt64(key)))
  }

  private let seed = HashSeed(1, 2)
}

@Suite struct `Hash seed` {
  /// Pearson's test over 1,024 cells has 1,023 degrees of freedom, and so a deviation of 45.
  @Test(arguments: [0, 1, 8, 20, 32, 40])
  func `spreads regular keys evenly over pages and homes`(shift: Int) {
    let seed = HashSeed(11, 12)
    let hashes = (0..<(1 << 17)).map { seed.hash(UInt64($0) << UInt64(shift)) }
    #expect(chiSquared(hashes.map { $0 >> 54 }) < 1_300)
    #expect(chiSquared(hashes.map { $0 >> 32 & 1_023 }) < 1_300)
  }

  @Test func `spreads pairs evenly, whichever half differs`() {
    let seed = HashSeed(11, 12)
    let numbers = (0..<(UInt64(1) << 17))
    for hashes in [numbers.map { seed.hash($0, 5) }, numbers.map { seed.hash(5, $0) }] {
      #expect(chiSquared(hashes.map { $0 >> 54 }) < 1_300)
      #expect(chiSquared(hashes.map { $0 >> 32 & 1_023 }) < 1_300)
    }
  }

  @Test func `tells the parts of a composite key apart`() {
    let seed = HashSeed.random()
    #expect(seed.combine(1, 2) != seed.combine(2, 1))
    #expect(seed.combine(1, 1) != seed.combine(2, 2))
  }

  @Test func `hashes equal texts alike`() {
    let seed = HashSeed.random()
    let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
    #expect(composed == decomposed)
    #expect(seed.hash(composed) == seed.hash(decomposed))
    #expect(seed.hash("ada") != seed.hash("grace"))
    #expect(seed.hash("ada") != HashSeed.random().hash("ada"))
  }

  @Test func `changes half of the bits when one bit of the key changes`() {
    let seed = HashSeed(5, 6)
    var changed = 0
    for key in 0..<UInt64(64) {
      for bit in 0..<64 {
        changed += (seed.hash(key) ^ seed.hash(key ^ 1 << UInt64(bit))).nonzeroBitCount
      }
    }
    let mean = Double(changed) / (64 * 64)
    #expect(abs(mean - 32) < 0.5)
  }

  private func chiSquared(_ cells: [UInt64]) -> Double {
    var counts = [Int](repeating: 0, count: 1_024)
    for cell in cells { counts[Int(cell)] += 1 }
    let expected = Double(cells.count) / 1_024
    return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  }
}

/// How the keys of a test come by their hashes: well, and as badly as can be.
enum HashStyle: CaseIterable, Sendable {
  case spread, allEqual, allOnes, equalLow, equalHigh, equalPrefix, fewPages

  func hash(of key: Int) -> UInt64 {
    let spread = HashSeed(3, 4).hash(UInt64(key))
    return switch self {
    case .spread: spread
    case .allEqual: 0
    case .allOnes: .max
    case .equalLow: spread & ~0xFFFF_FFFF | 7
    case .equalHigh: spread >> 32 | 7 << 32
    // The trie's bits are used up, and only the homes differ.
    case .equalPrefix: 0xABCD_EF << 40 | spread >> 24
    case .fewPages: spread & 0xC000_0007_0000_0000
    }
  }
}

extension HashGeometry {
  static let tried = [
    HashGeometry(standardCapacity: 4, nodeShift: 1),
    HashGeometry(standardCapacity: 4, nodeShift: 2),
    HashGeometry(standardCapacity: 8),
    .standard,
  ]
}

/// A random program on an index and on a dictionary, which must agree at every step.
private struct Program {
  private var index: HashIndex
  private var model: [Int: UInt32] = [:]
  private var snapshots: [(index: HashIndex, model: [Int: UInt32])] = []
  private var keyOfSlot: [Int] = []
  private var dice: Dice
  private let style: HashStyle
  private let keys: Int
  private(set) var faults: [String] = []

  init(seed: UInt64, style: HashStyle, geometry: HashGeometry, keys: Int = 300) {
    index = HashIndex(geometry: geometry)
    dice = Dice(state: seed)
    self.style = style
    self.keys = keys
  }

  mutating func run(steps: Int) {
    for step in 0..<steps {
      // Growth and decline take turns, so that pages both split and merge.
      let prefersInsert = step / (steps / 6) % 2 == 0
      toggle(dice.roll(keys), prefersInsert: prefersInsert)
      if dice.roll(50) == 0 { snapshots.append((index, model)) }
      if snapshots.count > 8 { snapshots.remove(at: dice.roll(snapshots.count)) }
      if step.isMultiple(of: max(97, steps / 100)) { faults += index.validate() }
    }
    snapshots.append((index, model))
    for snapshot in snapshots { compare(snapshot.index, snapshot.model) }
  }

  private mutating func toggle(_ key: Int, prefersInsert: Bool) {
    let hash = style.hash(of: key)
    let found = find(key, in: index)
    if found != model[key] { faults.append("key \(key) is at \(found as UInt32?)") }
    if let slot = model[key] {
      if prefersInsert && dice.roll(4) != 0 { return }
      if !index.remove(slot, hash: hash) { faults.append("slot \(slot) was not removed") }
      if index.remove(slot, hash: hash) { faults.append("slot \(slot) was removed twice") }
      model[key] = nil
    } else {
      if !prefersInsert && dice.roll(4) != 0 { return }
      let slot = UInt32(keyOfSlot.count)
      keyOfSlot.append(key)
      index.insert(slot, hash: hash)
      model[key] = slot
    }
  }

  private func find(_ key: Int, in index: HashIndex) -> UInt32? {
    index.find(hash: style.hash(of: key)) { keyOfSlot[Int($0)] == key }
  }

  private mutating func compare(_ index: HashIndex, _ model: [Int: UInt32]) {
    faults += index.validate()
    if index.count != model.count { faults.append("\(index.count) slots, not \(model.count)") }
    for key in 0..<keys where find(key, in: index) != model[key] {
      faults.append("key \(key) differs in a snapshot")
    }
    var slots: [UInt32] = []
    index.forEachSlot { slots.append($0) }
    if slots.sorted() != model.values.sorted() { faults.append("the slots differ") }
  }
}

/// Random numbers from a seed.
private struct Dice {
  var state: UInt64

  mutating func roll(_ sides: Int) -> Int {
    state &+= 1
    return Int(HashSeed(91, 92).hash(state) >> 1) % sides
  }
}
