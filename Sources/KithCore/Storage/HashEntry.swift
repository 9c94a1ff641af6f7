/// What a page of a hashed index keeps of a key: its slot, half of its hash, and perhaps the key.
protocol HashEntry: Equatable, BitwiseCopyable {
  /// What stands where there is no entry.
  static var empty: Self { get }

  var slot: UInt32 { get }
  /// The upper half of the key's hash.
  var fragment: UInt32 { get }
  var isEmpty: Bool { get }
}

extension HashEntry {
  /// How many places behind its home the entry lies.
  @inline(__always)
  func distance(at place: Int, mask: Int) -> Int { (place &- Int(fragment)) & mask }
}

/// A slot with its fragment; the key is elsewhere.
///
/// ```
///  ├ slot (u32) ┼ fragment (u32) ┤      all bits are ones where there is none
/// ```
struct SlotEntry: HashEntry {
  static var empty: SlotEntry { SlotEntry(bits: .max) }

  private let bits: UInt64

  private init(bits: UInt64) { self.bits = bits }

  @inline(__always)
  init(slot: UInt32, fragment: UInt32) {
    bits = UInt64(fragment) << 32 | UInt64(slot)
  }

  @inline(__always)
  var slot: UInt32 { UInt32(truncatingIfNeeded: bits) }

  @inline(__always)
  var fragment: UInt32 { UInt32(truncatingIfNeeded: bits >> 32) }

  @inline(__always)
  var isEmpty: Bool { bits == .max }
}

/// A slot with the rank of its key, so that a look-up that has found the entry is done.
///
/// ```
///  ├ rank (u64) ┼ slot (u32) ┼ fragment (u32) ┤      the slot is .max where there is none
/// ```
struct RankEntry: HashEntry {
  static var empty: RankEntry { RankEntry(rank: 0, slot: .max, fragment: .max) }

  let rank: UInt64
  let slot: UInt32
  let fragment: UInt32

  @inline(__always)
  var isEmpty: Bool { slot == .max }
}
