/// A page of a hashed index: a small table with open addressing.
///
/// ```
///  0         8            16
///  ├ owners… ┼ tag: count ┼ entry ┆ entry ┆ … as many as the capacity, a power of two
/// ```
///
/// The fragment is half of the key's hash. Its low bits name the home of an entry, which lies there
/// or at the next places. Of two entries that want a place the one farther from its home gets it
/// (P. Celis, "Robin Hood hashing", 1986), so that a search in vain ends early: where an entry lies
/// nearer to its home than the search is to its own. An entry that is taken out leaves no mark:
/// those behind it move up. A page is at most seven eighths full, so that every search ends.
enum HashPage<Entry: HashEntry> {
  // MARK: Reading

  static func capacity(of page: Block) -> Int {
    page.payload / MemoryLayout<Entry>.size
  }

  static func count(of page: Block) -> Int { Int(page.tag) }

  static func isFull(_ page: Block) -> Bool {
    count(of: page) >= HashGeometry.limit(ofCapacity: capacity(of: page))
  }

  @inline(__always)
  static func entry(of page: Block, at place: Int) -> Entry {
    page.load(Entry.self, at: Block.headerSize &+ place &* MemoryLayout<Entry>.size)
  }

  /// The slot of the first entry with a fragment that `matches` accepts.
  ///
  /// - Parameter mask: The capacity less one, which the caller often knows without reading the
  ///   page.
  @inline(__always)
  static func find(
    _ fragment: UInt32, in page: Block, mask: Int, where matches: (Entry) -> Bool
  ) -> UInt32? {
    var distance = 0
    while true {
      let place = (Int(fragment) &+ distance) & mask
      let entry = entry(of: page, at: place)
      if entry.isEmpty { return nil }
      if matches(entry) { return entry.slot }
      if entry.distance(at: place, mask: mask) < distance { return nil }
      distance &+= 1
    }
  }

  static func forEachEntry(of page: Block, _ body: (Entry) -> Void) {
    for place in 0..<capacity(of: page) {
      let entry = entry(of: page, at: place)
      if !entry.isEmpty { body(entry) }
    }
  }

  // MARK: Writing

  static func make(capacity: Int) -> Block {
    let page = Block.allocate(payload: capacity * MemoryLayout<Entry>.size)
    for place in 0..<capacity { setEntry(of: page, at: place, to: .empty) }
    return page
  }

  private static func setEntry(of page: Block, at place: Int, to entry: Entry) {
    page.store(entry, at: Block.headerSize + place * MemoryLayout<Entry>.size)
  }

  /// Adds an entry to a page that the caller owns alone and that isn't full.
  static func insert(_ entry: Entry, into page: Block) {
    let mask = capacity(of: page) - 1
    var entry = entry
    var place = Int(entry.fragment) & mask
    var distance = 0
    while true {
      let resident = self.entry(of: page, at: place)
      if resident.isEmpty { break }
      let residentDistance = resident.distance(at: place, mask: mask)
      if residentDistance < distance {
        setEntry(of: page, at: place, to: entry)
        (entry, distance) = (resident, residentDistance)
      }
      place = (place &+ 1) & mask
      distance &+= 1
    }
    setEntry(of: page, at: place, to: entry)
    page.tag += 1
  }

  /// Takes an entry out of a page that the caller owns alone and that holds it.
  static func remove(_ entry: Entry, from page: Block) {
    let mask = capacity(of: page) - 1
    var gap = Int(entry.fragment) & mask
    while self.entry(of: page, at: gap) != entry { gap = (gap &+ 1) & mask }
    while true {
      let place = (gap &+ 1) & mask
      let next = self.entry(of: page, at: place)
      if next.isEmpty || next.distance(at: place, mask: mask) == 0 { break }
      setEntry(of: page, at: gap, to: next)
      gap = place
    }
    setEntry(of: page, at: gap, to: .empty)
    page.tag -= 1
  }

  /// Gives up one owner of a page, and frees it when that was the last.
  static func release(_ page: Block) {
    if page.dropOwner() { page.free() }
  }

  /// Adds all entries of one page to another, which the caller owns alone and which has room.
  static func insertEntries(of page: Block, into target: Block) {
    forEachEntry(of: page) { insert($0, into: target) }
  }

  /// The entries of a page whose fragments have a bit.
  static func countEntries(of page: Block, withBit bit: UInt32) -> Int {
    var count = 0
    forEachEntry(of: page) { count += $0.fragment & bit == 0 ? 0 : 1 }
    return count
  }

  // MARK: Checking

  /// What is wrong with a page whose fragments must all begin with the top `prefixLength` bits of
  /// `prefix`.
  static func faults(of page: Block, prefix: UInt32, prefixLength: Int) -> [String] {
    var faults: [String] = []
    let capacity = capacity(of: page)
    if capacity.nonzeroBitCount != 1 { faults.append("a page holds \(capacity) places") }
    if count(of: page) > HashGeometry.limit(ofCapacity: capacity) {
      faults.append("a page is too full")
    }
    var found = 0
    forEachEntry(of: page) { entry in
      found += 1
      // A shift by the whole width of a fragment yields zero: then any prefix is right.
      if (entry.fragment ^ prefix) >> (32 - prefixLength) != 0 {
        faults.append("slot \(entry.slot) is in a page of other hashes")
      }
      let reached = find(entry.fragment, in: page, mask: capacity - 1) { $0 == entry }
      if reached == nil { faults.append("slot \(entry.slot) is out of reach of its home") }
    }
    if found != count(of: page) {
      faults.append("a page counts \(count(of: page)) entries and has \(found)")
    }
    return faults
  }
}
