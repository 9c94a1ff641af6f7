/// Radix sorts of links, each a number with the source in its upper half and the target in its
/// lower.
///
/// A table of counters a pass, and a stable pass a digit, from the least digit up (H. H. Seward,
/// 1954). More links than a cache holds are first shared out to buckets by the top bits of what they
/// are sorted by; then all passes over a bucket stay in the cache.
package struct LinkSort: Sendable {
  /// The most links of a bucket, if they are spread evenly: so many that a core's own cache holds
  /// them twice.
  let bucketSize: Int
  /// The most bits of a digit.
  let digitBits: Int

  /// The sizes that measured best.
  package static let standard = LinkSort(bucketSize: 1 << 15, digitBits: 11)

  /// - Precondition: A bucket holds a link; a digit has 1 to 16 bits.
  package init(bucketSize: Int, digitBits: Int) {
    precondition(bucketSize > 0 && (1...16).contains(digitBits))
    self.bucketSize = bucketSize
    self.digitBits = digitBits
  }

  /// The bits that numbers below a count have.
  static func bits(below count: Int) -> Int { Int.bitWidth - max(count - 1, 0).leadingZeroBitCount }

  /// How many of the top bits choose a bucket.
  func bucketBits(of links: Int, bits: Int) -> Int {
    min(LinkSort.bits(below: links / bucketSize + 1), bits, digitBits)
  }

  /// Makes counters into the places where what they counted starts.
  @inline(__always)
  static func accumulate(_ counters: borrowing WordBuffer<UInt32>, _ length: Int) {
    var sum: UInt32 = 0
    for index in 0..<length {
      let count = counters[index]
      counters[index] = sum
      sum += count
    }
  }
}

/// The links of a bucket, and as much room beside them, between which the passes go back and forth.
struct LinkSorter: ~Copyable {
  private let places: WordBuffer<UInt32>
  private let digitBits: Int
  private let front: WordBuffer<UInt64>
  private let back: WordBuffer<UInt64>
  private var isInBack = false
  private var count = 0

  /// Makes room for buckets.
  init(_ geometry: LinkSort, largestBucket: Int) {
    digitBits = geometry.digitBits
    places = WordBuffer(count: 1 << geometry.digitBits)
    front = WordBuffer(count: largestBucket)
    back = WordBuffer(count: largestBucket)
  }

  /// One link of the bucket.
  @inline(__always)
  subscript(index: Int) -> UInt64 { isInBack ? back[index] : front[index] }

  /// Takes the links of a bucket.
  mutating func take(_ links: borrowing WordBuffer<UInt64>, _ range: Range<Int>) {
    for index in range { front[index - range.lowerBound] = links[index] }
    (count, isInBack) = (range.count, false)
  }

  /// Sorts the links by some of their bits; those that agree there keep their order.
  mutating func sort(byBits bits: Int, from shift: Int) {
    let passes = (bits + digitBits - 1) / digitBits
    var done = 0
    for pass in 0..<passes {
      let width = (bits - done) / (passes - pass)
      if isInBack {
        Self.pass(back, front, count, shift + done, width, places)
      } else {
        Self.pass(front, back, count, shift + done, width, places)
      }
      isInBack.toggle()
      done += width
    }
  }

  private static func pass(
    _ links: borrowing WordBuffer<UInt64>, _ sorted: borrowing WordBuffer<UInt64>, _ count: Int,
    _ shift: Int, _ width: Int, _ places: borrowing WordBuffer<UInt32>
  ) {
    let (shift, mask) = (UInt64(shift), (1 << UInt64(width)) - 1 as UInt64)
    places.clear(1 << width)
    for index in 0..<count { places[Int(links[index] &>> shift & mask)] &+= 1 }
    LinkSort.accumulate(places, 1 << width)
    for index in 0..<count {
      let link = links[index]
      let digit = Int(link &>> shift & mask)
      let place = places[digit]
      places[digit] = place &+ 1
      sorted[Int(place)] = link
    }
  }
}
