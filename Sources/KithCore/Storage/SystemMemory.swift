#if canImport(Darwin)
  private import Darwin
#elseif canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

/// Memory, by the calls of the C library.
enum SystemMemory {
  /// Memory that is not initialized, aligned to 16 bytes.
  ///
  /// `allocate` of the standard library asks the system for that alignment, which takes longer, and it
  /// is what `malloc` gives. Where there is no memory the process stops, as it does when an array grows:
  /// a page that is to be copied can't be left as it was.
  @inline(__always)
  static func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
    guard let address = unsafe malloc(byteCount) else {
      fatalError("there is no memory for \(byteCount) bytes")
    }
    return unsafe address
  }

  /// Gives memory back.
  ///
  /// SAFETY: `allocate` gave it, and nobody uses it any more.
  @inline(__always)
  static func giveBack(_ address: UnsafeMutableRawPointer) {
    unsafe free(address)
  }

  /// Whether bytes are the same.
  static func areSame(
    _ bytes: UnsafeBufferPointer<UInt8>, _ others: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard bytes.count == others.count else { return false }
    guard let start = bytes.baseAddress, let other = others.baseAddress else { return true }
    // SAFETY: both have as many bytes.
    return unsafe memcmp(start, other, bytes.count) == 0
  }

  /// The size of a huge page; smaller memory has none.
  private static let hugePage = 2 << 20

  /// Asks the system for huge pages where large memory is about to be written for the first time: one
  /// fault for 2 MiB, where pages of 4 KiB take 512. Other systems than Linux are not asked.
  ///
  /// SAFETY: advice changes no byte, and the memory is the caller's.
  static func willFill(_ start: UnsafeMutableRawPointer?, byteCount: Int) {
    #if os(Linux)
      guard byteCount >= 2 * hugePage, let start = unsafe start else { return }
      let first = unsafe start.alignedUp(toMultipleOf: hugePage)
      let length = unsafe (start + byteCount - first) / hugePage * hugePage
      _ = unsafe madvise(first, length, MADV_HUGEPAGE)
    #endif
  }
}
