extension String {
  /// Whether another text has the same bytes of UTF-8. Texts that are equal may have others.
  package func hasSameBytes(as other: String) -> Bool {
    let isSame = unsafe utf8.withContiguousStorageIfAvailable { bytes in
      unsafe other.utf8.withContiguousStorageIfAvailable { unsafe String.areSame(bytes, $0) }
    }
    return isSame.flatMap { $0 } ?? utf8.elementsEqual(other.utf8)
  }

  private static func areSame(
    _ bytes: UnsafeBufferPointer<UInt8>, _ others: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    if bytes.count != others.count { return false }
    // SAFETY: both have as many bytes. A loop that does not stop at the first that differs can take
    // several at once.
    var differing: UInt8 = 0
    for place in bytes.indices { unsafe differing |= bytes[place] ^ others[place] }
    return differing == 0
  }
}
