/// The pages of a hashed index, below a trie over the top bits of the hash.
///
/// ```
///  Root ──▶ node ──▶ node ──▶ page        one way a value of six bits, from the top of the fragment
///            │├───▶ page                  a page with few keys fills 2, 4, … 64 neighbouring ways
///            └┴───▶ (the same page)
/// ```
///
/// This is extendible hashing made persistent. A small index is a single page, which doubles until
/// it has the standard capacity. From then on a full page splits in two by the next bit of the
/// hash, and a page that has a way for itself first gets a node of its own. So growing moves the
/// entries of one page at most, however large the index. Pages that run empty merge again, in the
/// same steps.
///
/// A copy shares everything; a write copies the shared nodes and the page on its path. The ways
/// that name one page are neighbours, and the node counts as one owner of it.
struct HashPages<Entry: HashEntry>: Sendable {
  typealias HashPage = KithCore.HashPage<Entry>

  private var root: HashRoot
  /// What the root holds, read without going through the object.
  private(set) var top: HashChild
  let geometry: HashGeometry

  /// The number of slots.
  private(set) var count = 0
  /// Pages and nodes that writes had to copy because a snapshot shared them.
  private(set) var copies = 0
  /// Entries that growing and merging carried from page to page.
  private(set) var moved = 0

  init(geometry: HashGeometry) {
    self.geometry = geometry
    let page = HashPage.make(capacity: geometry.smallestCapacity)
    top = HashPages.name(page, geometry)
    root = HashRoot(child: top)
  }

  // MARK: Reading

  /// Reads pages without counting owners, for as long as they are neither changed nor dropped.
  @inline(__always)
  var view: HashPagesView<Entry> {
    HashPagesView(top: top, geometry: geometry, isEmpty: count == 0)
  }

  /// The slot of the first entry with a fragment that `matches` accepts. It may be asked about
  /// entries with other fragments too.
  @inline(__always)
  func find(_ fragment: UInt32, where matches: (Entry) -> Bool) -> UInt32? {
    defer { withExtendedLifetime(root) {} }
    return view.find(fragment, where: matches)
  }

  /// Calls `body` with every slot, in an order that depends on the hashes.
  func forEachSlot(_ body: (UInt32) -> Void) {
    forEachBlock(
      node: { _ in },
      page: { page in HashPage.forEachEntry(of: page) { body($0.slot) } })
  }

  /// The bytes of all nodes and pages, whether shared or not.
  var byteCount: Int {
    var total = 0
    forEachBlock(node: { total += $0.byteCount }, page: { total += $0.byteCount })
    return total
  }

  private func forEachBlock(node visitNode: (Block) -> Void, page visitPage: (Block) -> Void) {
    func walk(_ child: HashChild) {
      if child.isNode {
        visitNode(child.block)
        HashNode.forEachChild(of: child.block, walk)
      } else {
        visitPage(child.block)
      }
    }
    walk(top)
    withExtendedLifetime(root) {}
  }

  // MARK: Inserting

  /// Adds an entry whose key the index doesn't hold.
  mutating func insert(_ entry: Entry) {
    var place = ownedPlace(of: entry.fragment)
    while HashPage.isFull(child(at: place).block) {
      makeRoom(at: place)
      place = ownedPlace(of: entry.fragment)
    }
    HashPage.insert(entry, into: ownedPage(at: place))
    count += 1
  }

  /// Doubles a full page, or splits it, or gives it a node of its own in which it can be split.
  private mutating func makeRoom(at place: Place) {
    let page = child(at: place).block
    let capacity = HashPage.capacity(of: page)
    let span = span(at: place)
    let canSplit = span > 1 || geometry.hasBits(below: place.shift)
    if capacity < geometry.standardCapacity || !canSplit {
      resize(page, at: place, to: capacity * 2)
    } else if span > 1 {
      split(page, at: place, span: span)
    } else {
      let node = HashNode.make(ways: geometry.ways, filledWith: child(at: place))
      setChild(at: place, to: .node(node))
    }
  }

  /// Shares a page out to the lower and the upper half of its ways.
  private mutating func split(_ page: Block, at place: Place, span: Int) {
    let half = span / 2
    let bit = UInt32(half) << place.shift
    let count = HashPage.count(of: page)
    let upperCount = HashPage.countEntries(of: page, withBit: bit)
    var (lower, upper) = (page, page)
    if upperCount == 0 {
      upper = HashPage.make(capacity: geometry.smallestCapacity)
    } else if upperCount == count {
      lower = HashPage.make(capacity: geometry.smallestCapacity)
    } else {
      lower = HashPage.make(capacity: geometry.capacity(for: count - upperCount))
      upper = HashPage.make(capacity: geometry.capacity(for: upperCount))
      HashPage.forEachEntry(of: page) { entry in
        HashPage.insert(entry, into: entry.fragment & bit == 0 ? lower : upper)
      }
      retire(page)
    }
    setPage(around: place.with(way: place.way & ~half), to: lower, ways: half)
    setPage(around: place.with(way: place.way | half), to: upper, ways: half)
  }

  private mutating func resize(_ page: Block, at place: Place, to capacity: Int) {
    let resized = HashPage.make(capacity: capacity)
    HashPage.insertEntries(of: page, into: resized)
    setPage(around: place, to: resized, ways: span(at: place))
    retire(page)
  }

  /// Lets go of a page whose entries were carried elsewhere.
  private mutating func retire(_ page: Block) {
    moved += HashPage.count(of: page)
    if !page.isUnique { copies += 1 }
    HashPage.release(page)
  }

  // MARK: Removing

  /// Takes an entry out, and tells whether it was there.
  mutating func remove(_ entry: Entry) -> Bool {
    guard find(entry.fragment, where: { $0 == entry }) != nil else { return false }
    let place = ownedPlace(of: entry.fragment)
    HashPage.remove(entry, from: ownedPage(at: place))
    count -= 1
    giveBackRoom(at: place, of: entry.fragment)
    return true
  }

  /// Merges a page with its neighbours for as long as both have few entries, or halves it.
  private mutating func giveBackRoom(at place: Place, of fragment: UInt32) {
    var place = place
    while let merged = merge(at: place, of: fragment) { place = merged }
    let page = child(at: place).block
    let capacity = HashPage.capacity(of: page)
    if capacity > geometry.smallestCapacity, HashPage.count(of: page) < capacity / 4 {
      resize(page, at: place, to: capacity / 2)
    }
  }

  /// Merges the page at a place with its neighbour, or puts it in place of a node that holds it
  /// alone.
  ///
  /// - Returns: The place of the merged page; nil when there is nothing to merge.
  private mutating func merge(at place: Place, of fragment: UInt32) -> Place? {
    guard place.level > 0 else { return nil }
    let page = child(at: place)
    if HashPage.count(of: page.block) > geometry.mergeLimit { return nil }
    let span = span(at: place)
    if span == geometry.ways {
      let above = ownedPlace(of: fragment, level: place.level - 1)
      let node = child(at: above).block
      setChild(at: above, to: page)
      node.free()
      return above
    }
    let neighbor = place.with(way: place.way ^ span)
    let other = child(at: neighbor)
    guard !other.isNode, self.span(at: neighbor) == span else { return nil }
    let total = HashPage.count(of: page.block) + HashPage.count(of: other.block)
    if total > geometry.mergeLimit { return nil }
    let merged = merge(page.block, other.block, count: total)
    setPage(around: place, to: merged, ways: 2 * span)
    return place
  }

  /// One page with the entries of two: an empty one costs nothing.
  private mutating func merge(_ page: Block, _ other: Block, count: Int) -> Block {
    for (kept, spare) in [(other, page), (page, other)] where HashPage.count(of: spare) == 0 {
      HashPage.release(spare)
      return kept
    }
    let merged = HashPage.make(capacity: geometry.capacity(for: count))
    for source in [page, other] {
      HashPage.insertEntries(of: source, into: merged)
      retire(source)
    }
    return merged
  }

  // MARK: Owning

  /// A page as its parent names it.
  private static func name(_ page: Block, _ geometry: HashGeometry) -> HashChild {
    HashChild.page(page, isStandard: HashPage.capacity(of: page) == geometry.standardCapacity)
  }

  func name(_ page: Block) -> HashChild { HashPages.name(page, geometry) }

  /// Where a child hangs: a way of a node, or the root when the level is zero.
  private struct Place {
    var node: Block?
    var way: Int
    var level: Int
    /// How far a fragment is shifted so that its low bits are a way of the node.
    var shift: UInt32

    func with(way: Int) -> Place {
      Place(node: node, way: way, level: level, shift: shift)
    }
  }

  private func child(at place: Place) -> HashChild {
    guard let node = place.node else { return top }
    return HashNode.child(of: node, at: place.way)
  }

  private mutating func setChild(at place: Place, to child: HashChild) {
    if let node = place.node {
      HashNode.setChild(of: node, at: place.way, to: child)
    } else {
      root.child = child
      top = child
    }
  }

  /// The number of neighbouring ways that name the page at a place: a power of two.
  private func span(at place: Place) -> Int {
    guard let node = place.node else { return 1 }
    return HashNode.span(of: node, at: place.way)
  }

  /// Names a page in a number of neighbouring ways, a power of two, of which that of a place is one.
  private mutating func setPage(around place: Place, to page: Block, ways: Int) {
    let first = place.way & ~(ways - 1)
    for way in first..<(first + ways) { setChild(at: place.with(way: way), to: name(page)) }
  }

  /// The place of the page for a fragment, or of what hangs at a level above it, with all nodes on
  /// the way owned alone.
  private mutating func ownedPlace(of fragment: UInt32, level: Int = .max) -> Place {
    if !isKnownUniquelyReferenced(&root) { root = HashRoot(sharing: root) }
    var place = Place(node: nil, way: 0, level: 0, shift: 32)
    while place.level < level {
      let child = child(at: place)
      if !child.isNode { break }
      var node = child.block
      if !node.isUnique {
        node = HashNode.copy(node)
        copies += 1
        setChild(at: place, to: .node(node))
        child.release()
      }
      place.node = node
      place.level += 1
      place.shift -= geometry.nodeShift
      place.way = Int(fragment >> place.shift) & geometry.wayMask
    }
    return place
  }

  /// The page at a place, copied if it is shared.
  private mutating func ownedPage(at place: Place) -> Block {
    let page = child(at: place).block
    if page.isUnique { return page }
    let copy = page.cloned()
    copies += 1
    setPage(around: place, to: copy, ways: span(at: place))
    HashPage.release(page)
    return copy
  }
}

/// Owns the top of one version of a hashed index's pages.
///
/// SAFETY: shared roots are never written, because writers make their own first; blocks count
/// their owners atomically.
private final class HashRoot: @unchecked Sendable {
  var child: HashChild

  init(child: HashChild) {
    self.child = child
  }

  init(sharing other: HashRoot) {
    child = other.child
    child.block.retain()
  }

  deinit {
    child.release()
  }
}
