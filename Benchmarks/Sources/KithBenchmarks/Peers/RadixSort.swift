/// How the static CSR is made of links in any order.
enum RadixSort {
  /// The links by source and then by target, without repeats: two passes of a counting sort with one
  /// bucket a user.
  static func links(_ pairs: [(Int, Int)], _ slots: [Int: UInt32]) -> [UInt64] {
    var packed: [UInt64] = []
    packed.reserveCapacity(pairs.count)
    for (source, target) in pairs {
      guard let from = slots[source], let to = slots[target] else { continue }
      packed.append(UInt64(from) << 32 | UInt64(to))
    }
    let byTarget = sorted(packed, buckets: slots.count, shift: 0)
    let sorted = sorted(byTarget, buckets: slots.count, shift: 32)
    var end = 0
    return [UInt64](unsafeUninitializedCapacity: sorted.count) { buffer, count in
      for link in sorted {
        buffer[end] = link
        end += 1
        if end > 1, buffer[end - 2] == link { end -= 1 }
      }
      count = end
    }
  }

  private static func sorted(_ packed: [UInt64], buckets: Int, shift: UInt64) -> [UInt64] {
    var starts = [Int](repeating: 0, count: buckets + 1)
    for link in packed { starts[Int(link >> shift & 0xffff_ffff) + 1] += 1 }
    for bucket in 0..<buckets { starts[bucket + 1] += starts[bucket] }
    return [UInt64](unsafeUninitializedCapacity: packed.count) { buffer, count in
      for link in packed {
        let bucket = Int(link >> shift & 0xffff_ffff)
        buffer[starts[bucket]] = link
        starts[bucket] += 1
      }
      count = packed.count
    }
  }

  /// All ids at either end, ascending.
  static func distinctIDs(_ pairs: [(Int, Int)]) -> [Int] {
    var ids: Set<Int> = []
    for (source, target) in pairs {
      ids.insert(source)
      ids.insert(target)
    }
    return ids.sorted()
  }
}

/// Edge lists of digits, one tab and line ends, and nothing else: a parser that checks nothing.
enum EdgeText {
  static func pairs(_ text: [UInt8]) -> [(Int, Int)] {
    var pairs: [(Int, Int)] = []
    var (source, number) = (0, 0)
    text.withUnsafeBufferPointer { text in
      for byte in text {
        switch byte {
        case UInt8(ascii: "\t"):
          source = number
          number = 0
        case UInt8(ascii: "\n"):
          pairs.append((source, number))
          number = 0
        default: number = number &* 10 &+ Int(byte &- UInt8(ascii: "0"))
        }
      }
    }
    return pairs
  }
}
