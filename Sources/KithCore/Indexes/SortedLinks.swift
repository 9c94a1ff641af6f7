/// Distinct links as a static CSR in both directions.
///
/// ```
///  links ──▶ buckets by source ──▶ sorted, without repeats ──▶ forward runs
///                                       │
///                                       └▶ buckets by target ──▶ sorted ──▶ backward runs
/// ```
///
/// Links are shared out to buckets of neighbouring sources and each bucket is sorted in the cache.
/// As it leaves the cache, each link goes to the end of the forward runs, and to a bucket of
/// neighbouring targets; those arrive in the order of their sources, so that the buckets have only
/// to be sorted by target. O(links + rows) time and space.
struct SortedLinks: ~Copyable {
  /// The number of distinct links.
  private(set) var count = 0
  private(set) var forwardOffsets: RunOffsets
  let targets: WordBuffer<UInt32>
  private(set) var backwardOffsets: RunOffsets
  let sources: WordBuffer<UInt32>

  init(_ batch: LinkBatch, sourceCount: Int, targetCount: Int, _ geometry: LinkSort) {
    precondition(batch.count <= UInt32.max, "32 bits must be able to count the links")
    let bySource = LinkBuckets(geometry, links: batch.count, rows: sourceCount, bitsBelow: 32)
    let byTarget = LinkBuckets(geometry, links: batch.count, rows: targetCount, bitsBelow: 0)
    let targetBits = LinkSort.bits(below: targetCount)
    forwardOffsets = RunOffsets(rows: sourceCount)
    backwardOffsets = RunOffsets(rows: targetCount)
    targets = WordBuffer(count: batch.count)
    sources = WordBuffer(count: batch.count)

    bySource.count(batch.links.span)
    byTarget.count(batch.links.span)
    let (sourceEnds, targetEnds) = (bySource.ends(), byTarget.ends())
    let buckets = WordBuffer<UInt64>(count: batch.count)
    bySource.distribute(batch.links.span, into: buckets)
    var sorter = LinkSorter(
      geometry, largestBucket: max(sourceEnds.largest, targetEnds.largest))

    let backward = WordBuffer<UInt64>(count: batch.count)
    for range in sourceEnds.ranges {
      sorter.take(buckets, range)
      sorter.sort(byBits: targetBits, from: 0)
      sorter.sort(byBits: bySource.lowBits, from: 32)
      addForward(sorter, range.count, backward, byTarget)
    }
    forwardOffsets.finish(count)
    var place = 0
    for (bucket, range) in targetEnds.ranges.enumerated() {
      // Repeats are gone, so a bucket may have fewer links than were counted.
      let length = byTarget.place(of: bucket) - range.lowerBound
      sorter.take(backward, range.prefix(length))
      sorter.sort(byBits: byTarget.lowBits, from: 0)
      addBackward(sorter, length, &place)
    }
    backwardOffsets.finish(place)
  }

  private mutating func addForward(
    _ sorter: borrowing LinkSorter, _ length: Int, _ backward: borrowing WordBuffer<UInt64>,
    _ byTarget: borrowing LinkBuckets
  ) {
    var place = count
    var last: UInt64?
    for index in 0..<length {
      let link = sorter[index]
      if link == last { continue }
      last = link
      forwardOffsets.start(Int(link >> 32), at: place)
      targets[place] = UInt32(truncatingIfNeeded: link)
      byTarget.put(link, into: backward)
      place += 1
    }
    count = place
  }

  private mutating func addBackward(
    _ sorter: borrowing LinkSorter, _ length: Int, _ place: inout Int
  ) {
    for index in 0..<length {
      let link = sorter[index]
      backwardOffsets.start(Int(truncatingIfNeeded: link & 0xFFFF_FFFF), at: place)
      sources[place] = UInt32(truncatingIfNeeded: link >> 32)
      place += 1
    }
  }
}

/// Where the run of each row starts, noted as the rows come by, ascending.
struct RunOffsets: ~Copyable {
  private let starts: WordBuffer<UInt32>
  private let rows: Int
  /// The rows whose start is known.
  private var known = 0

  init(rows: Int) {
    self.rows = rows
    starts = WordBuffer(count: rows + 1)
  }

  /// Notes that a row, and those before it that had no links, start at a place, unless they have
  /// started before.
  @inline(__always)
  mutating func start(_ row: Int, at place: Int) {
    precondition(row < rows, "links join rows that exist")
    while known <= row {
      starts[known] = UInt32(truncatingIfNeeded: place)
      known += 1
    }
  }

  /// Notes where the last run ends.
  mutating func finish(_ count: Int) {
    while known <= rows {
      starts[known] = UInt32(count)
      known += 1
    }
  }

  /// Reads the starts, and after the last the end.
  func withSpan<Result>(_ body: (Span<UInt32>) -> Result) -> Result {
    starts.withPrefix(rows + 1, body)
  }
}

/// Buckets of links whose source, or whose target, has the same top bits.
struct LinkBuckets: ~Copyable {
  /// The bits by which the links of one bucket differ.
  let lowBits: Int
  private let shift: UInt64
  private let mask: UInt64
  /// How many links each bucket has; then where its next link goes.
  private let places: WordBuffer<UInt32>

  /// - Parameter bitsBelow: The bits below those that are looked at: 32 for the source.
  init(_ geometry: LinkSort, links: Int, rows: Int, bitsBelow: Int) {
    let bits = LinkSort.bits(below: rows)
    let bucketBits = geometry.bucketBits(of: links, bits: bits)
    lowBits = bits - bucketBits
    shift = UInt64(lowBits + bitsBelow)
    mask = 1 << UInt64(bucketBits) - 1
    places = WordBuffer(count: 1 << bucketBits)
    places.clear(places.count)
  }

  @inline(__always)
  private func bucket(of link: UInt64) -> Int { Int(link &>> shift & mask) }

  func count(_ links: Span<UInt64>) {
    for index in links.indices { places[bucket(of: links[index])] &+= 1 }
  }

  /// Where the links of each bucket go, by their numbers; counting is over then.
  func ends() -> (ranges: [Range<Int>], largest: Int) {
    var ranges: [Range<Int>] = []
    var start = 0
    for bucket in 0..<places.count {
      let end = start + Int(places[bucket])
      ranges.append(start..<end)
      start = end
    }
    LinkSort.accumulate(places, places.count)
    return (ranges, ranges.reduce(0) { max($0, $1.count) })
  }

  /// Where the next link of a bucket goes.
  func place(of bucket: Int) -> Int { Int(places[bucket]) }

  /// Puts a link behind the others of its bucket.
  @inline(__always)
  func put(_ link: UInt64, into buckets: borrowing WordBuffer<UInt64>) {
    let bucket = bucket(of: link)
    let place = places[bucket]
    places[bucket] = place &+ 1
    buckets[Int(place)] = link
  }

  func distribute(_ links: Span<UInt64>, into buckets: borrowing WordBuffer<UInt64>) {
    for index in links.indices { put(links[index], into: buckets) }
  }
}
