import KithTestSupport
import Testing

/// The check of histories finds what is wrong with these, and calls it by its name.
@Suite struct `The check of histories` {
  private typealias Transaction = History.Transaction
  private typealias Step = History.Step

  private let x = 1
  private let y = 2

  private func expect(
    _ kinds: Set<Anomaly>, in transactions: Transaction...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let found = History(transactions).anomalies()
    #expect(Set(found.map(\.kind)) == kinds, "\(found)", sourceLocation: sourceLocation)
  }

  @Test func `finds two transactions that each write behind the other`() {
    expect(
      [.writeCycle],
      in: Transaction([.append(1, to: x), .append(2, to: y)]),
      Transaction([.append(3, to: x), .append(4, to: y)]),
      Transaction([.read([1, 3], of: x), .read([4, 2], of: y)]))
  }

  @Test func `finds that what was taken back was read`() {
    expect(
      [.abortedRead],
      in: Transaction([.append(1, to: x)], isCommitted: false), Transaction([.read([1], of: x)]))
  }

  @Test func `finds that a transaction was read before it had ended`() {
    expect(
      [.intermediateRead],
      in: Transaction([.append(1, to: x), .append(2, to: x)]), Transaction([.read([1], of: x)]))
  }

  @Test func `finds two transactions that each read the other`() {
    expect(
      [.informationCycle],
      in: Transaction([.append(1, to: x), .read([2], of: y)]),
      Transaction([.append(2, to: y), .read([1], of: x)]))
  }

  @Test func `finds that half of a transaction was read`() {
    expect(
      [.singleSkew],
      in: Transaction([.append(1, to: x), .append(2, to: y)]),
      Transaction([.read([], of: x), .read([2], of: y)]), Transaction([.read([1], of: x)]))
  }

  @Test func `finds two transactions that each wrote what the other had read`() {
    expect(
      [.writeSkew],
      in: Transaction([.read([], of: x), .append(1, to: y)]),
      Transaction([.read([], of: y), .append(2, to: x)]),
      Transaction([.read([2], of: x), .read([1], of: y)]))
  }

  @Test func `finds an update that does not know of the one before`() {
    expect(
      [.lostUpdate, .singleSkew],
      in: Transaction([.read([], of: x), .append(1, to: x)]),
      Transaction([.read([], of: x), .append(2, to: x)]), Transaction([.read([1, 2], of: x)]))
  }

  @Test func `finds a transaction that does not see what it did itself`() {
    expect([.inside], in: Transaction([.append(1, to: x), .read([], of: x)]))
    expect([.inside], in: Transaction([.append(1, to: x), .read([1, 1], of: x)]))
  }

  @Test func `finds a list that changes while a transaction reads it twice`() {
    expect(
      [.inside], in: Transaction([.append(1, to: x)]),
      Transaction([.read([], of: x), .read([1], of: x)]))
  }

  @Test func `finds two orders of one list`() {
    expect(
      [.order, .singleSkew],
      in: Transaction([.append(1, to: x)]), Transaction([.append(2, to: x)]),
      Transaction([.read([1, 2], of: x)]), Transaction([.read([2], of: x)]))
  }

  @Test func `finds a value that nobody appended, and one that is there twice`() {
    expect([.order], in: Transaction([.read([7], of: x)]))
    expect([.order], in: Transaction([.append(1, to: x)]), Transaction([.read([1, 1], of: x)]))
  }

  @Test func `finds a read that misses what was over before it began`() {
    let write = Transaction([.append(1, to: x)], time: 0..<1)
    let late = Transaction([.read([1], of: x)], time: 4..<5)
    expect([.staleRead], in: write, Transaction([.read([], of: x)], time: 2..<3), late)
    expect([], in: write, Transaction([.read([], of: x)]), late)
  }

  @Test func `finds a cycle of many transactions`() {
    // Each reads what the one before it appended, and the first what the last did.
    let count = 5_000
    let transactions = (0..<count).map { number in
      Transaction([.append(1, to: number), .read([1], of: (number + count - 1) % count)])
    }
    let found = History(transactions).anomalies()
    #expect(found.map(\.kind) == [.informationCycle])
    #expect(found.first?.transactions.count == count)
  }

  /// In the order in which they run, and told in any order.
  @Test(arguments: 0..<50 as Range<UInt64>)
  func `finds nothing where one transaction comes after the other`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var lists: [Int: [Int]] = [:]
    var transactions: [Transaction] = []
    for number in 0..<100 {
      let before = lists
      let steps = (0..<1 + random.number(below: 5)).map { step -> Step in
        let list = random.number(below: 4)
        if random.chance(50) { return .read(lists[list] ?? [], of: list) }
        lists[list, default: []].append(number * 10 + step)
        return .append(number * 10 + step, to: list)
      }
      let isCommitted = random.chance(80)
      if !isCommitted { lists = before }
      transactions.append(
        Transaction(steps, isCommitted: isCommitted, time: number * 2..<number * 2 + 1))
    }
    transactions.shuffle(using: &random)
    let found = History(transactions).anomalies()
    #expect(found.isEmpty, "\(found)")
  }
}
