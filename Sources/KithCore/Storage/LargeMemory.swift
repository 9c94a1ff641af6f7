#if canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

/// Memory of megabytes that is about to be written for the first time.
enum LargeMemory {
  /// The size of a huge page; smaller memory has none.
  private static let hugePage = 2 << 20

  /// Asks the system for huge pages where memory is large: one fault for 2 MiB, where pages of 4 KiB
  /// take 512. Other systems than Linux are not asked.
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
