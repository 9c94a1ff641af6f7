import KithCore
import KithTestSupport
import Testing

@Suite struct `Ordered index` {
  @Test(arguments: 1...UInt64(12))
  func `agrees with sorted arrays, and so do its snapshots`(seed: UInt64) {
    var program = OrderProgram(seed: seed, geometry: geometry(seed))
    for _ in 0..<1_500 where program.faults.isEmpty { program.step() }
    program.compareAll()
    #expect(program.faults == [], "seed \(seed)")
  }

  @Test(arguments: 1...UInt64(9))
  func `is the same, built at once or row by row`(seed: UInt64) {
    var program = OrderProgram(seed: seed, geometry: geometry(seed))
    program.build(rows: [0, 1, 400][Int(seed % 3)])
    program.compareAll()
    for _ in 0..<300 where program.faults.isEmpty { program.step() }
    program.compareAll()
    #expect(program.faults == [], "seed \(seed)")
  }

  private func geometry(_ seed: UInt64) -> RunGeometry {
    seed % 4 == 0 ? .standard : .tiny[Int(seed) % RunGeometry.tiny.count]
  }

  @Test func `keeps equal ranks in the order of their slots`() {
    var index = OrderedIndex()
    for slot in [9, 2, 5] as [UInt32] { index.insert(slot, rank: 1, below: 0) }
    index.insert(7, rank: 0, below: 0)
    index.withView { view in
      #expect(view.runs.targets(of: 0, in: 0..<4) == [7, 2, 5, 9])
      #expect(view.rowCount(below: 1, orEqual: false, of: 0) == 1)
      #expect(view.rowCount(below: 1, orEqual: true, of: 0) == 4)
      #expect(view.rowCount(below: 5, orEqual: true, of: 3) == 0)
    }
  }

  @Test func `takes a row back in at another rank`() {
    var index = OrderedIndex()
    index.insert(3, rank: .max, below: 1)
    index.remove(3, below: 1)
    index.insert(3, rank: 5, below: 1)
    index.insert(4, rank: 0, below: 1)
    index.withView { view in
      #expect(view.lastRanks[1] == 5)
      #expect(view.ranks[3] == 5)
      #expect(view.runs.targets(of: 1, in: 0..<2) == [4, 3])
    }
  }

  @Test func `keeps its geometry when it is built`() {
    let rows = (0..<UInt32(60)).map { (slot: $0, rank: UInt64($0), parent: UInt32(0)) }
    func bytes(_ geometry: RunGeometry) -> Int {
      var index = OrderedIndex(geometry: geometry)
      index.build(rows, parentCount: 1)
      return index.byteCount
    }
    let hubs = RunGeometry(pageShift: 6, nodeShift: 6, longestRun: 4, leafCapacity: 4)
    #expect(bytes(hubs) > bytes(.standard))
  }

  @Test func `copies few pages after a snapshot`() {
    var index = OrderedIndex()
    index.build(
      (0..<UInt32(20_000)).map { (slot: $0, rank: UInt64($0), parent: $0 % 100) },
      parentCount: 100)
    let snapshot = index
    let before = index.copies
    index.insert(20_000, rank: 20_000, below: 7)
    #expect((1...12).contains(index.copies - before))
    #expect(snapshot.withView { $0.runs.count(of: 7) } == 200)
  }
}

/// A random program on an ordered index and on a sorted array a parent.
private struct OrderProgram {
  struct Row: Comparable {
    var rank: UInt64
    var slot: UInt32

    static func < (first: Row, second: Row) -> Bool {
      (first.rank, first.slot) < (second.rank, second.slot)
    }
  }

  private(set) var faults: [String] = []
  private var random: SplitMix64
  private var index: OrderedIndex
  /// The rows below each parent, in any order.
  private var model = [[Row]](repeating: [], count: 12)
  private var snapshots: [(OrderedIndex, [[Row]])] = []
  private var used: Set<UInt32> = []

  init(seed: UInt64, geometry: RunGeometry) {
    random = SplitMix64(seed: seed)
    index = OrderedIndex(geometry: geometry)
  }

  mutating func build(rows count: Int) {
    var rows: [(slot: UInt32, rank: UInt64, parent: UInt32)] = []
    for _ in 0..<count {
      let (slot, row, parent) = draw()
      guard used.insert(slot).inserted else { continue }
      rows.append((slot, row.rank, parent))
      model[Int(parent)].append(row)
    }
    index.build(rows.shuffled(using: &random), parentCount: model.count)
  }

  mutating func step() {
    let (slot, row, parent) = draw()
    switch random.number(below: 300) {
    case 0..<2:
      snapshots.append((index, model))
    case 2:
      if !snapshots.isEmpty { snapshots.remove(at: random.number(below: snapshots.count)) }
    case 3:
      compareAll()
    case 4..<190:
      guard used.insert(slot).inserted else { return }
      index.insert(slot, rank: row.rank, below: parent)
      model[Int(parent)].append(row)
    default:
      guard let rank = model[Int(parent)].indices.randomElement(using: &random) else { return }
      let removed = model[Int(parent)].remove(at: rank)
      index.remove(removed.slot, below: parent)
      used.remove(removed.slot)
    }
  }

  /// A slot, a rank that is likely to be taken, and a parent, of which the first have most rows.
  private mutating func draw() -> (UInt32, Row, UInt32) {
    let slot = random.row(below: 900)
    let small = UInt64(random.number(below: 20))
    let rank = random.chance(5) ? .max - small % 2 : small
    return (slot, Row(rank: rank, slot: slot), random.skewedRow(below: model.count))
  }

  mutating func compareAll() {
    compare(index, model)
    for (held, itsModel) in snapshots { compare(held, itsModel) }
  }

  private mutating func compare(_ index: OrderedIndex, _ model: [[Row]]) {
    faults += index.withView { view in
      model.enumerated().flatMap { parent, rows in
        differences(view, UInt32(parent), rows.sorted())
      }
    }
  }

  private func differences(
    _ view: OrderedIndexView, _ parent: UInt32, _ rows: [Row]
  ) -> [String] {
    var faults: [String] = []
    let count = view.runs.count(of: parent)
    if count != rows.count { return ["parent \(parent) has \(count) rows, not \(rows.count)"] }
    if view.runs.targets(of: parent, in: 0..<count) != rows.map(\.slot) {
      faults.append("parent \(parent): order differs")
    }
    if let last = rows.last, view.lastRanks[parent] != last.rank {
      faults.append("parent \(parent): last rank is \(view.lastRanks[parent])")
    }
    for row in rows where view.ranks[row.slot] != row.rank { faults.append("rank of \(row.slot)") }
    for rank in Array(0...20) + [.max - 1, .max] as [UInt64] {
      let below = view.rowCount(below: rank, orEqual: false, of: parent)
      let through = view.rowCount(below: rank, orEqual: true, of: parent)
      if below != rows.count(where: { $0.rank < rank }) { faults.append("rows below \(rank)") }
      if through != rows.count(where: { $0.rank <= rank }) { faults.append("rows to \(rank)") }
    }
    return faults
  }
}
