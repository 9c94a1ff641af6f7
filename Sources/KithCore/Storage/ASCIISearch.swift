/// A few characters of ASCII to be sought in many texts.
package struct ASCIISearch: Sendable {
  private let part: [UInt8]
  /// A longer part is left to others: a text is compared with it from every place.
  private static let longestPart = 64

  /// Prepares the search for a text; nil if it is empty, long, or has other characters than those of
  /// ASCII.
  package init?(_ text: String) {
    part = Array(text.utf8)
    guard (1...ASCIISearch.longestPart).contains(part.count), part.allSatisfy({ $0 < 0x80 })
    else { return nil }
  }

  /// Whether a text has the characters side by side; nil if it has others than those of ASCII, which
  /// may be one character with the one before them.
  ///
  /// - Complexity: O(bytes), of which each is compared with at most 64 of the part.
  package func isFound(in text: String) -> Bool? {
    // SAFETY: the bytes do not outlive the call.
    let found = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe isFound(in: $0) }
    return found ?? nil
  }

  private func isFound(in bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
    // SAFETY: a place is read that has at least as many bytes behind it as the part.
    var bits: UInt8 = 0
    for place in bytes.indices { bits |= unsafe bytes[place] }
    if bits >= 0x80 { return nil }
    let (first, last) = (part[0], bytes.count - part.count)
    var place = 0
    while place <= last {
      if unsafe bytes[place] == first {
        let isFound = unsafe isPart(bytes, at: place)
        if isFound { return true }
      }
      place += 1
    }
    return false
  }

  /// Whether the part stands at a place, where its first byte does.
  @inline(__always)
  private func isPart(_ bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> Bool {
    // SAFETY: as above; the bytes before and behind are read if there are any.
    for index in 1..<part.count {
      let byte = unsafe bytes[place + index]
      if byte != part[index] { return false }
    }
    // The two that end a line are one character.
    let (carriageReturn, lineFeed) = (UInt8(0x0D), UInt8(0x0A))
    let end = place + part.count
    if part[0] == lineFeed, place > 0, unsafe bytes[place - 1] == carriageReturn { return false }
    if part[part.count - 1] == carriageReturn, end < bytes.count, unsafe bytes[end] == lineFeed {
      return false
    }
    return true
  }
}
