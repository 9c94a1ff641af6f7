/// Runs of slots in two flat arrays: run *i* is `targets[offsets[i]..<offsets[i + 1]]`, ascending.
///
/// The memory belongs to whoever made it, and lives as long as the program.
struct FlatRuns {
  let offsets: UnsafeMutableBufferPointer<UInt32>
  let targets: UnsafeMutableBufferPointer<UInt32>

  /// Counts the links of each source, then puts the targets down: a radix sort with one bucket a
  /// source, which keeps the order of the targets.
  ///
  /// - Parameters:
  ///   - packed: The links by ascending target of each source.
  ///   - isBackward: Whether to swap the ends; then links come by ascending source.
  init(count: Int, packed: [UInt64], isBackward: Bool) {
    offsets = .allocate(capacity: count + 1)
    offsets.initialize(repeating: 0)
    targets = .allocate(capacity: packed.count)
    let (keyShift, valueShift): (UInt64, UInt64) = isBackward ? (0, 32) : (32, 0)
    packed.withUnsafeBufferPointer { packed in
      for link in packed { offsets[Int(link >> keyShift & 0xffff_ffff) + 1] += 1 }
      for index in 0..<count { offsets[index + 1] += offsets[index] }
      let next = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: count + 1)
      defer { next.deallocate() }
      _ = next.initialize(from: offsets)
      for link in packed {
        let key = Int(link >> keyShift & 0xffff_ffff)
        targets[Int(next[key])] = UInt32(truncatingIfNeeded: link >> valueShift)
        next[key] &+= 1
      }
    }
  }

  func deallocate() {
    offsets.deallocate()
    targets.deallocate()
  }

  @inline(__always)
  subscript(slot: UInt32) -> UnsafeBufferPointer<UInt32> {
    let start = Int(offsets[Int(slot)])
    let end = Int(offsets[Int(slot) &+ 1])
    return UnsafeBufferPointer(rebasing: targets[start..<end])
  }

  @inline(__always)
  func degree(_ slot: UInt32) -> Int {
    Int(offsets[Int(slot) &+ 1] &- offsets[Int(slot)])
  }
}
