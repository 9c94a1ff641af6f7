import KithCore
import KithTestSupport
import Testing

@Suite struct `Recent merge` {
  /// In which order posts come.
  private enum Arrival: CaseIterable {
    /// In any order of ranks.
    case mixed
    /// In the order of ranks.
    case ascending
    /// In the order of ranks, and then some go.
    case ascendingWithLosses
    /// In the order of ranks, but one slot is left out.
    case ascendingWithGap
    /// In the order of ranks, and then one of the first rank.
    case ascendingButOne
    /// In the order of ranks, and then one goes and comes back as the first.
    case ascendingWithReturn
    /// In the order of ranks, all at once.
    case builtAscending
    /// In any order of ranks, all at once.
    case builtMixed
  }

  /// Posts with few different ranks, so that most of them are tied.
  private struct Posts {
    let index: OrderedIndex
    let ties: [TieOrder]
    private let rank: [UInt64]
    private let parent: [UInt32]
    private let isThere: [Bool]
    let parents: [UInt32]

    init(seed: UInt64, posts: Int, authors: Int, ranks: Int, _ arrival: Arrival = .mixed) {
      var random = SplitMix64(seed: seed)
      let geometry = RunGeometry.tried[Int(seed) % 3]
      var rank = (0..<posts).map { _ in UInt64(random.number(below: ranks)) }
      let parent = (0..<posts).map { _ in random.skewedRow(below: authors) }
      if arrival != .mixed, arrival != .builtMixed { rank.sort() }
      if arrival == .ascendingButOne, posts > 1 { rank[posts - 1] = 0 }
      var isThere = [Bool](repeating: true, count: posts)
      if arrival == .ascendingWithGap, posts > 0 { isThere[random.number(below: posts)] = false }
      var index = OrderedIndex(geometry: geometry)
      if arrival == .builtAscending || arrival == .builtMixed {
        index.build(ranks: rank, parents: parent, parentCount: authors)
      } else {
        for slot in 0..<posts where isThere[slot] {
          index.insert(UInt32(slot), rank: rank[slot], below: parent[slot])
        }
      }
      if arrival == .ascendingWithLosses {
        for slot in 0..<posts where random.chance(30) {
          index.remove(UInt32(slot), below: parent[slot])
          isThere[slot] = false
        }
      }
      if arrival == .ascendingWithReturn, posts > 0 {
        let slot = random.number(below: posts)
        index.remove(UInt32(slot), below: parent[slot])
        rank[slot] = 0
        index.insert(UInt32(slot), rank: 0, below: parent[slot])
      }
      self.index = index
      self.rank = rank
      self.parent = parent
      self.isThere = isThere
      parents = random.rows(below: authors + 3, percent: 70).shuffled(using: &random)
      ties = TieOrder.all(rows: posts, &random)
    }

    func rank(of slot: UInt32) -> UInt64 { rank[Int(slot)] }

    /// All posts below the parents, newest first, equal ranks by key.
    func sorted(_ ties: TieOrder, accept: (UInt32) -> Bool = { _ in true }) -> [UInt32] {
      let followed = Set(parents)
      let slots = (0..<UInt32(rank.count)).filter {
        isThere[Int($0)] && followed.contains(parent[Int($0)]) && accept($0)
      }
      return slots.sorted { first, second in
        let (left, right) = (rank(of: first), rank(of: second))
        return left == right
          ? ties.places[Int(first)] < ties.places[Int(second)] : left > right
      }
    }

    /// Walks page after page until one is empty; stops when there are too many.
    func pages(of size: Int, _ ties: TieOrder, accept: ((UInt32) -> Bool)? = nil) -> [UInt32] {
      var all: [UInt32] = []
      while all.count <= rank.count {
        let start =
          all.last.map { last in
            RecentMerge.Start(rank: rank(of: last)) { ties.order.precedes(last, $0) }
          } ?? .newest
        let page = index.withView {
          RecentMerge.newest(
            size, below: parents, $0, ties: ties.order, after: start, accept: accept)
        }
        if page.slots.isEmpty { break }
        all += page.slots
      }
      return all
    }
  }

  @Test(arguments: 1...UInt64(9))
  func `yields what sorting yields`(seed: UInt64) {
    for (posts, authors, ranks) in [(0, 3, 1), (1, 1, 1), (60, 8, 5), (200, 40, 30), (90, 5, 1)] {
      let posts = Posts(seed: seed, posts: posts, authors: authors, ranks: ranks)
      for ties in posts.ties {
        for (divisor, limits) in [(1, [0, 1, 2, 7, 50, 1_000]), (3, [1, 7, 1_000])] {
          let accept = { (slot: UInt32) in slot % UInt32(divisor) == 0 }
          let expected = posts.sorted(ties, accept: accept)
          for limit in limits {
            let outcome = posts.index.withView {
              RecentMerge.newest(
                limit, below: posts.parents, $0, ties: ties.order,
                accept: divisor == 1 ? nil : accept)
            }
            #expect(outcome.slots == Array(expected.prefix(limit)), "seed \(seed), ties by \(ties)")
          }
        }
      }
    }
  }

  @Test(arguments: 1...UInt64(6), Arrival.allCases)
  private func `yields pages that add up to the whole order`(seed: UInt64, arrival: Arrival) {
    let posts = Posts(seed: seed, posts: 40, authors: 6, ranks: 6, arrival)
    for ties in posts.ties {
      let expected = posts.sorted(ties)
      for size in 1...(expected.count + 1) {
        #expect(
          posts.pages(of: size, ties) == expected, "\(arrival), seed \(seed), \(ties), size \(size)"
        )
      }
      let accept = { (slot: UInt32) in slot % 3 != 0 }
      let accepted = posts.sorted(ties, accept: accept)
      for size in [1, 2, 5, accepted.count] {
        #expect(
          posts.pages(of: size, ties, accept: accept) == accepted,
          "\(arrival), seed \(seed), \(ties)")
      }
    }
  }

  @Test(arguments: 1...UInt64(6))
  func `goes down to a rank and no further`(seed: UInt64) {
    let posts = Posts(seed: seed, posts: 60, authors: 8, ranks: 9)
    for ties in posts.ties {
      for least in 0...UInt64(10) {
        let expected = posts.sorted(ties) { posts.rank(of: $0) >= least }
        for limit in [1, 4, 100] {
          let outcome = posts.index.withView {
            RecentMerge.newest(
              limit, below: posts.parents, $0, ties: ties.order, downTo: least)
          }
          #expect(outcome.slots == Array(expected.prefix(limit)), "seed \(seed), down to \(least)")
          // One row a parent shows that the rest are older.
          #expect(outcome.rowsTouched <= expected.count + posts.parents.count)
        }
      }
    }
  }

  @Test(arguments: 1...UInt64(6), Arrival.allCases)
  private func `goes back from any place`(seed: UInt64, arrival: Arrival) {
    let posts = Posts(seed: seed, posts: 40, authors: 6, ranks: 6, arrival)
    for ties in posts.ties {
      for (divisor, greatest) in [(1, UInt64.max), (3, .max), (1, 4)] {
        let accept = { (slot: UInt32) in slot % UInt32(divisor) == 0 }
        let all = posts.sorted(ties)
        for (place, start) in all.enumerated() {
          let expected = all[..<place].reversed().filter {
            accept($0) && posts.rank(of: $0) <= greatest
          }
          for limit in [0, 1, 3, 100] {
            let outcome = posts.index.withView {
              RecentMerge.oldest(
                limit, below: posts.parents, $0, ties: ties.order,
                before: RecentMerge.Start(rank: posts.rank(of: start)) {
                  ties.order.precedes($0, start)
                }, upTo: greatest, accept: divisor == 1 ? nil : accept)
            }
            #expect(
              outcome.slots == Array(expected.prefix(limit)), "\(arrival), seed \(seed), \(ties)")
          }
        }
      }
    }
  }

  @Test func `yields nothing below no parents`() {
    let posts = Posts(seed: 1, posts: 20, authors: 3, ranks: 9)
    let outcome = posts.index.withView { RecentMerge.newest(5, below: [], $0, ties: .slots) }
    #expect(outcome.slots == [])
    #expect(outcome.rowsTouched == 0)
  }

  // MARK: Cost

  /// Each of 100 authors has many posts; in each round they post in the same shuffled order.
  private func feed(postsEach: Int) -> OrderedIndex {
    var rows: [(slot: UInt32, rank: UInt64, parent: UInt32)] = []
    for age in 0..<postsEach {
      for author in 0..<100 {
        let rank = UInt64(1_000_000 - age * 100 - author * 37 % 100)
        rows.append((UInt32(rows.count), rank, UInt32(author)))
      }
    }
    var index = OrderedIndex()
    index.build(rows, parentCount: 100)
    return index
  }

  @Test func `touches no more rows when there are ten times as many`() {
    let (few, many) = (feed(postsEach: 40), feed(postsEach: 400))
    func merge(
      _ limit: Int, _ index: OrderedIndex, after start: RecentMerge.Start = .newest
    ) -> Int {
      let outcome = index.withView {
        RecentMerge.newest(limit, below: Array(0..<100), $0, ties: .slots, after: start)
      }
      #expect(outcome.slots.count == limit)
      return outcome.rowsTouched
    }
    for limit in [1, 5, 20] {
      let first = merge(limit, many)
      #expect(merge(limit, few) == first)
      // The last rows of authors are known; each that is taken shows the one before it.
      #expect(first == limit)
      let later = RecentMerge.Start(rank: 999_000) { _ in false }
      let second = merge(limit, many, after: later)
      #expect(merge(limit, few, after: later) == second)
      // Each of the 100 authors has ten newer rows, past which a search of doubling steps looks at
      // ten at most; then the page is found as a first page is.
      #expect(second <= 100 * 10 + limit + 1)
    }
  }

  @Test func `touches few rows to go back`() {
    let (few, many) = (feed(postsEach: 40), feed(postsEach: 400))
    let start = RecentMerge.Start(rank: 999_000) { _ in false }
    let touched = [few, many].map { index in
      let outcome = index.withView {
        RecentMerge.oldest(20, below: Array(0..<100), $0, ties: .slots, before: start)
      }
      #expect(outcome.slots.count == 20)
      return outcome.rowsTouched
    }
    // The first newer row of each author, and of each that is taken the next.
    #expect(touched[0] <= 100 + 21)
    #expect(touched[1] == touched[0])
  }

  @Test func `reads one rank of each parent of a later page where ranks ascend with slots`() {
    let (authors, posts) = (50, 20_000)
    var index = OrderedIndex()
    for slot in 0..<UInt32(posts) {
      index.insert(slot, rank: UInt64(slot) * 10, below: slot % UInt32(authors))
    }
    for page in [1, 100, 350] {
      let start = RecentMerge.Start(rank: UInt64(posts - page * authors) * 10) { _ in false }
      let outcome = index.withView {
        RecentMerge.newest(20, below: Array(0..<50), $0, ties: .slots, after: start)
      }
      let last = UInt32(posts - page * authors)
      #expect(outcome.slots == (1...20).map { last - $0 })
      // That of the start itself is passed over, and of each row that is taken the one before is read.
      #expect(outcome.rowsTouched <= authors + 1 + 20)
    }
  }
}
