/// A page of runs: the sorted targets of up to 64 neighbouring sources.
///
/// ```
///  0         8                16                 148
///  ├ owners… ┼ tag: hub bits ─┼ 65 offsets (u16) ┼ … ┆ targets of source 0 ┆ of source 1 ┆ … ┆ …
/// ```
///
/// Offsets count words from byte 148. There may be room in front of the first target and behind the
/// last, so that a gap is made by moving the shorter of the two parts. A source whose hub bit is set
/// has five words there instead of targets: the address of its hub tree in two, the number of its
/// targets, and the address again. So the page tells how many targets a source has, and no hub is
/// read for that; and wherever the words lie, one of the addresses is at a multiple of eight, where a
/// search for leaks looks.
enum RunPage {
  static let places = 64
  static let offsetsStart = Block.headerSize
  static let targetsStart = offsetsStart + 132

  /// The words that stand for a hub in its page.
  static let hubWords = 5

  static func make() -> Block {
    Block.allocateZeroed(payload: targetsStart - Block.headerSize)
  }

  /// Makes a page with room for words, whose offsets are to be written.
  static func allocate(words: Int) -> Block {
    Block.allocate(payload: targetsStart - Block.headerSize + words * 4)
  }

  @inline(__always)
  static func offset(of page: Block, at place: Int) -> Int {
    Int(page.load(UInt16.self, at: offsetsStart + place * 2))
  }

  static func setOffset(of page: Block, at place: Int, to offset: Int) {
    page.store(UInt16(offset), at: offsetsStart + place * 2)
  }

  /// The words of all sources.
  static func wordsUsed(_ page: Block) -> Int { wordsEnd(page) - offset(of: page, at: 0) }

  /// Where the words of the last source end.
  static func wordsEnd(_ page: Block) -> Int { offset(of: page, at: places) }

  static func wordCapacity(_ page: Block) -> Int { (page.byteCount - targetsStart) / 4 }

  @inline(__always)
  static func isHub(_ page: Block, _ place: Int) -> Bool {
    page.tag >> UInt64(place) & 1 == 1
  }

  /// The words of one source: its targets, or what stands for its hub.
  @inline(__always)
  static func words(of page: Block, at place: Int) -> UnsafeBufferPointer<UInt32> {
    unsafe words(of: page, at: place..<place + 1)
  }

  /// The words of neighbouring sources.
  @inline(__always)
  static func words(of page: Block, at places: Range<Int>) -> UnsafeBufferPointer<UInt32> {
    let start = offset(of: page, at: places.lowerBound)
    let end = offset(of: page, at: places.upperBound)
    return unsafe page.words(at: targetsStart + start * 4, count: end - start)
  }

  /// The number of words of one source.
  @inline(__always)
  static func wordCount(of page: Block, at place: Int) -> Int {
    offset(of: page, at: place + 1) - offset(of: page, at: place)
  }

  /// How many words stand in eight places, one beside the other.
  @inline(__always)
  static func wordCounts(of page: Block, from place: Int) -> SIMD8<Int16> {
    let start = offsetsStart &+ place &* 2
    return page.load(SIMD8<Int16>.self, at: start &+ 2) &- page.load(SIMD8<Int16>.self, at: start)
  }

  static func hub(of page: Block, at place: Int) -> Block {
    guard let hub = page.block(at: targetsStart + offset(of: page, at: place) * 4) else {
      preconditionFailure("a hub has an address")
    }
    return hub
  }

  /// Writes the address of a hub and the number of its targets. Whoever has changed the hub calls
  /// this, so that the number stays right.
  static func setHub(of page: Block, at place: Int, to hub: Block) {
    let start = targetsStart + offset(of: page, at: place) * 4
    page.setBlock(at: start, to: hub)
    page.store(UInt32(HubTree.count(hub)), at: start + 8)
    page.setBlock(at: start + 12, to: hub)
  }

  /// The number of targets of a hub, as its page has it.
  @inline(__always)
  static func hubCount(of page: Block, at place: Int) -> Int {
    Int(page.load(UInt32.self, at: targetsStart + offset(of: page, at: place) * 4 + 8))
  }

  /// The number of targets of one source.
  @inline(__always)
  static func count(of page: Block, at place: Int) -> Int {
    if isHub(page, place) { return hubCount(of: page, at: place) }
    return wordCount(of: page, at: place)
  }

  /// Replaces words of one source by a gap of another size, in the page itself when it fits and is
  /// not shared, or in a new page that takes the old one's place. The caller fills the gap.
  ///
  /// - Returns: The page that has the gap.
  static func splice(
    _ page: Block, at place: Int, word: Int, removing removed: Int, inserting inserted: Int
  ) -> Block {
    let used = wordsUsed(page)
    let newUsed = used + inserted - removed
    let capacity = wordCapacity(page)
    let isUnfit = newUsed > capacity || newUsed * 2 + 16 < capacity
    let isShared = !page.isUnique
    let start = offset(of: page, at: 0)
    var gap = Gap(
      start: start, head: offset(of: page, at: place) + word - start, removed: removed,
      inserted: inserted, used: used)
    if !isShared, !isUnfit {
      gap.chooseStart(capacity: capacity)
      gap.move(page, to: page, at: place)
      return page
    }
    let slack = isUnfit ? (inserted > removed ? newUsed / 8 + 4 : 0) : capacity - newUsed
    let target = Block.allocate(payload: targetsStart - Block.headerSize + (newUsed + slack) * 4)
    target.tag = page.tag
    target.copyBytes(
      from: page, at: offsetsStart, to: offsetsStart, count: targetsStart - offsetsStart)
    gap.newStart = min(slack / 2, Gap.mostWords - newUsed)
    gap.move(page, to: target, at: place)
    if isShared {
      forEachHub(of: target) { $0.retain() }
      if page.dropOwner() { RunFormat().destroy(page) }
    } else {
      page.free()
    }
    return target
  }

  static func setWord(of page: Block, at place: Int, word: Int, to value: UInt32) {
    page.store(value, at: targetsStart + (offset(of: page, at: place) + word) * 4)
  }

  static func forEachHub(of page: Block, _ body: (Block) -> Void) {
    forEachHubPlace(of: page) { body(hub(of: page, at: $0)) }
  }

  @inline(__always)
  static func forEachHubPlace(of page: Block, _ body: (_ place: Int) -> Void) {
    var bits = page.tag
    while bits != 0 {
      body(bits.trailingZeroBitCount)
      bits &= bits &- 1
    }
  }

  /// What is wrong with what a page says of its hubs; empty when it is sound.
  static func faults(of page: Block) -> [String] {
    var faults: [String] = []
    forEachHubPlace(of: page) { place in
      let (said, found) = (hubCount(of: page, at: place), HubTree.count(hub(of: page, at: place)))
      if said != found { faults.append("a page counts \(said) targets of a hub that has \(found)") }
    }
    let offsets = (0...places).map { offset(of: page, at: $0) }
    if offsets != offsets.sorted() { faults.append("a page has offsets out of order") }
    if wordsEnd(page) > wordCapacity(page) { faults.append("a page ends behind its memory") }
    return faults
  }
}

/// Words of a page that give way to others, and what moves for that.
///
/// ```
///   start                                                  start      inserted
///   │ head │ removed │ tail │            becomes           │ head │             │ tail │
/// ```
private struct Gap {
  /// Where the words start before and after.
  let start: Int
  var newStart: Int
  /// The words in front of those that are removed.
  let head: Int
  let removed: Int
  let inserted: Int
  /// All words before.
  let used: Int

  /// The most words that offsets can count.
  static let mostWords = Int(UInt16.max)

  init(start: Int, head: Int, removed: Int, inserted: Int, used: Int) {
    self.start = start
    newStart = start
    self.head = head
    self.removed = removed
    self.inserted = inserted
    self.used = used
  }

  private var tail: Int { used - head - removed }
  private var growth: Int { inserted - removed }

  /// Moves the shorter part if there is room on its side, or else the other one, or else both.
  @inline(__always)
  mutating func chooseStart(capacity: Int) {
    let fitsBehind = start + used + growth <= min(capacity, Gap.mostWords)
    let fitsBefore = start >= growth
    if fitsBefore, head < tail || !fitsBehind {
      newStart = start - growth
    } else if !fitsBehind {
      newStart = 0
    }
  }

  /// Moves the words, in a page or to another that has the same offsets so far, and puts the offsets
  /// right. The head goes first: where it comes to, no word of the tail has been.
  @inline(__always)
  func move(_ page: Block, to target: Block, at place: Int) {
    let (first, tailStart) = (RunPage.targetsStart, start + head + removed)
    let newTailStart = newStart + head + inserted
    if page != target || newStart != start {
      target.copyBytes(from: page, at: first + start * 4, to: first + newStart * 4, count: head * 4)
      target.addToHalfWords(
        at: RunPage.offsetsStart, count: place + 1, UInt16(truncatingIfNeeded: newStart - start))
    }
    if page != target || newTailStart != tailStart {
      target.copyBytes(
        from: page, at: first + tailStart * 4, to: first + newTailStart * 4, count: tail * 4)
      target.addToHalfWords(
        at: RunPage.offsetsStart + (place + 1) * 2, count: RunPage.places - place,
        UInt16(truncatingIfNeeded: newTailStart - tailStart))
    }
  }
}

/// Copies and destroys pages of runs, and the hubs that hang below them.
struct RunFormat: PageFormat {
  func copy(_ page: Block) -> Block {
    let copy = page.cloned(
      payload: page.payload,
      used: RunPage.targetsStart - Block.headerSize + RunPage.wordsEnd(page) * 4)
    RunPage.forEachHub(of: copy) { $0.retain() }
    return copy
  }

  func destroy(_ page: Block) {
    RunPage.forEachHub(of: page) { HubTree.release($0) }
    page.free()
  }

  func byteCount(_ page: Block) -> Int {
    var total = page.byteCount
    RunPage.forEachHub(of: page) { total += HubTree.byteCount($0) }
    return total
  }
}
