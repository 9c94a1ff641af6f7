import KithCore
import KithTestSupport
import Synchronization
import Testing

@Suite struct `Row pages` {
  /// Counts the objects that are alive.
  private final class Ledger: Sendable {
    private let count = Atomic(0)

    var living: Int { count.load(ordering: .relaxed) }

    func add(_ difference: Int) { _ = count.wrappingAdd(difference, ordering: .relaxed) }
  }

  /// An object that tells its ledger when it is released.
  private final class Tracked: Sendable {
    let serial: Int
    let ledger: Ledger

    init(_ serial: Int, _ ledger: Ledger) {
      self.serial = serial
      self.ledger = ledger
      ledger.add(1)
    }

    deinit { ledger.add(-1) }
  }

  private struct Person: Sendable {
    var id: Int
    var name: String
    var tracked: Tracked
    var nickname: String?

    var shout: String { name + "!" }

    init(_ serial: Int, _ ledger: Ledger) {
      id = serial
      // Long enough to live outside the row.
      name = "a person whose number is \(serial)"
      tracked = Tracked(serial, ledger)
      nickname = serial % 2 == 0 ? nil : "number \(serial), for short"
    }
  }

  // MARK: Against a model

  @Test(arguments: 1...UInt64(10))
  func `hold every row once, and release it once`(seed: UInt64) {
    let ledger = Ledger()
    do {
      var program = Program(seed: seed, ledger: ledger)
      for _ in 0..<2_000 where program.faults.isEmpty { program.step() }
      program.compareAll()
      #expect(program.faults == [], "seed \(seed)")
    }
    #expect(ledger.living == 0, "seed \(seed)")
  }

  private struct Program {
    private(set) var faults: [String] = []
    private var random: SplitMix64
    private let ledger: Ledger
    private var serial = 0
    private var rows = RowPages<Person>()
    /// The serial number of the row at each slot.
    private var model: [UInt32: Int] = [:]
    private var snapshots: [(RowPages<Person>, [UInt32: Int])] = []

    init(seed: UInt64, ledger: Ledger) {
      random = SplitMix64(seed: seed)
      self.ledger = ledger
    }

    mutating func step() {
      let slot = random.skewedRow(below: 300)
      switch random.number(below: 200) {
      case 0..<3:
        snapshots.append((rows, model))
      case 3..<6:
        if !snapshots.isEmpty { snapshots.remove(at: random.number(below: snapshots.count)) }
      case 6:
        compareAll()
      case 7..<130:
        serial += 1
        rows.set(Person(serial, ledger), at: slot)
        model[slot] = serial
      default:
        rows.remove(at: slot)
        model[slot] = nil
      }
    }

    mutating func compareAll() {
      compare(rows, model)
      for (held, itsModel) in snapshots { compare(held, itsModel) }
      var living = Set(model.values)
      for (_, itsModel) in snapshots { living.formUnion(itsModel.values) }
      if ledger.living != living.count {
        faults.append("\(ledger.living) objects live, not \(living.count)")
      }
    }

    private mutating func compare(_ rows: RowPages<Person>, _ model: [UInt32: Int]) {
      let listed = rows.slots(below: 300).slots
      if listed != model.keys.sorted() { faults.append("lists \(listed)") }
      for slot in 0..<UInt32(320) {
        let (row, expected) = (rows[slot], model[slot])
        if row?.tracked.serial != expected || row?.id != expected
          || rows.isLive(slot) != (expected != nil)
        {
          faults.append("slot \(slot) holds \(row?.id ?? -1), not \(expected ?? -1)")
        }
        if let expected, row?.name != "a person whose number is \(expected)" {
          faults.append("slot \(slot) has another name")
        }
      }
    }
  }

  // MARK: Sharing

  @Test func `release a replaced row when the last snapshot goes`() {
    let ledger = Ledger()
    var rows = RowPages<Person>()
    rows.set(Person(1, ledger), at: 0)
    var snapshot: RowPages<Person>? = rows
    rows.set(Person(2, ledger), at: 0)
    #expect(ledger.living == 2)
    #expect(snapshot?[0]?.id == 1)
    snapshot = nil
    #expect(ledger.living == 1)
    rows.set(Person(3, ledger), at: 0)
    #expect(ledger.living == 1)
    rows.remove(at: 0)
    #expect(ledger.living == 0)
  }

  @Test func `release all rows when they are dropped`() {
    let ledger = Ledger()
    do {
      var rows = RowPages<Person>()
      for slot in 0..<UInt32(3_000) { rows.set(Person(Int(slot), ledger), at: slot * 7) }
      #expect(ledger.living == 3_000)
      let snapshot = rows
      rows.remove(at: 7)
      #expect(ledger.living == 3_000)
      #expect(snapshot.isLive(7))
    }
    #expect(ledger.living == 0)
  }

  @Test func `copy one page and its path after a snapshot`() {
    var rows = RowPages<Int>()
    for slot in 0..<UInt32(10_000) { rows.set(Int(slot), at: slot) }
    #expect(rows.copies == 0)
    let snapshot = rows
    rows.set(-1, at: 5_000)
    #expect((1...4).contains(rows.copies))
    let before = rows.copies
    rows.remove(at: 5_001)
    #expect(rows.copies == before)
    #expect(snapshot[5_000] == 5_000)
    #expect(snapshot[5_001] == 5_001)
  }

  @Test func `copy nothing to remove a row that isn't there`() {
    var rows = RowPages<Int>()
    rows.set(1, at: 1)
    let snapshot = rows
    rows.remove(at: 2)
    rows.remove(at: 2_000)
    #expect(rows.copies == snapshot.copies)
  }

  // MARK: Reading

  @Test func `read stored and computed properties`() {
    let ledger = Ledger()
    var rows = RowPages<Person>()
    rows.set(Person(4, ledger), at: 40)
    rows.set(Person(5, ledger), at: 41)
    #expect(rows.read(Field(\.id), at: 40) == 4)
    #expect(rows.read(Field(\.name), at: 41) == "a person whose number is 5")
    #expect(rows.read(Field(\.nickname), at: 40) == nil)
    #expect(rows.read(Field(\.nickname), at: 41) == "number 5, for short")
    #expect(rows.read(Field(\.shout), at: 41) == "a person whose number is 5!")
    #expect(Field(\Person.shout).offset == nil)
    #expect(Field(\Person.id).offset == 0)
    #expect(rows.read(Field(\.shout, storedAs: \.name), at: 40) == "a person whose number is 4")
    #expect(Field(\Person.shout, storedAs: nil).offset == nil)
  }

  @Test func `list no row at the end or past it`() {
    var rows = RowPages<Int>()
    for slot in [0, 5, 31, 32, 40, 1_000] as [UInt32] { rows.set(0, at: slot) }
    #expect(rows.slots(below: 0).slots == [])
    #expect(rows.slots(below: 5).slots == [0])
    #expect(rows.slots(below: 6).slots == [0, 5])
    #expect(rows.slots(below: 33).slots == [0, 5, 31, 32])
    #expect(rows.slots(below: 2_000).slots == [0, 5, 31, 32, 40, 1_000])
  }

  @Test func `stop listing when they are told to`() {
    var rows = RowPages<Int>()
    for slot in 0..<UInt32(100) { rows.set(0, at: slot) }
    var seen = 0
    rows.view.forEachLive(in: 0..<100) { slot in
      seen += 1
      return slot < 40
    }
    withExtendedLifetime(rows) {}
    #expect(seen == 41)
  }

  @Test func `hold rows of any size`() {
    var empty = RowPages<Void>()
    empty.set((), at: 3)
    #expect(empty[3] != nil)
    #expect(empty[2] == nil)
    var wide = RowPages<SIMD8<UInt64>>()
    for slot in 0..<UInt32(70) { wide.set(SIMD8(repeating: UInt64(slot)), at: slot) }
    #expect((0..<70).allSatisfy { wide[$0] == SIMD8(repeating: UInt64($0)) })
  }
}

extension RowPages {
  /// The slots before an end at which rows live, and how many places were looked at for pages.
  func slots(below end: UInt32) -> (slots: [UInt32], places: Int) {
    var slots: [UInt32] = []
    let places = view.forEachLive(in: 0..<end) { slot in
      slots.append(slot)
      return true
    }
    withExtendedLifetime(self) {}
    return (slots, places)
  }
}
