/// A text whose bytes are sought in many others, before anybody compares characters.
///
/// ```
///   text   … t h e   c a f é s   o f …
///   part           │ c a f é │           its bytes occur: does a character end on both sides?
/// ```
///
/// Characters are compared by canonical equivalence: é is one scalar or two, K is a letter or the
/// sign for kelvin. Bytes that stand between two ends of characters are the characters that are
/// sought. Where there are none, the characters are not there either, if nothing can be spelled in
/// another way: the part is ASCII, and the text has no other scalar that stands for one of ASCII; or
/// both are composed.
package struct TextSearch: Sendable {
  /// The bytes that are sought, or the first of them.
  private let part: [UInt8]
  /// Whether these are all bytes. More are left to others: a text is compared with them from every
  /// place.
  private let isWhole: Bool
  private let spelling: Spelling

  private static let longestPart = 64
  /// How many places are tried at which the bytes stand inside of characters. To find out where these
  /// start may take the whole text.
  private static let mostPlaces = 16

  /// How else the characters of a part can be written.
  private enum Spelling {
    /// They are ASCII, some of which other scalars stand for, whose bytes these are.
    case ascii(others: [[UInt8]])
    /// They are composed, and have the same bytes in every text that is.
    case composed
    case unknown
  }

  /// The scalars that are canonically equivalent to one of ASCII, each by that.
  package static let singletons: [(ascii: Unicode.Scalar, scalar: Unicode.Scalar)] = [
    (";", "\u{37E}"), ("`", "\u{1FEF}"), ("K", "\u{212A}"),
  ]

  /// Prepares the search for a text that is not empty.
  package init(_ text: String) {
    let bytes = Array(text.utf8)
    part = Array(bytes.prefix(TextSearch.longestPart))
    isWhole = part.count == bytes.count
    if bytes.allSatisfy({ $0 < 0x80 }) {
      let others = TextSearch.singletons.filter { text.unicodeScalars.contains($0.ascii) }
      spelling = .ascii(others: others.map { Array(String($0.scalar).utf8) })
    } else {
      spelling = ComposedScalars.areAll(of: text) ? .composed : .unknown
    }
  }

  /// Whether a text has the characters side by side; nil if the bytes can't tell.
  ///
  /// - Complexity: O(bytes), of which each is compared with at most 64 of the part.
  package func isFound(in text: String) -> Bool? {
    // SAFETY: the bytes do not outlive the call.
    let found = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe isFound(in: $0, text) }
    return found ?? nil
  }

  private func isFound(in bytes: UnsafeBufferPointer<UInt8>, _ text: String) -> Bool? {
    // SAFETY: the bytes are those of the text.
    var (start, places) = (0, 0)
    while let place = unsafe TextSearch.firstPlace(of: part, in: bytes, from: start) {
      if !isWhole || places == TextSearch.mostPlaces { return nil }
      let isCharacters =
        unsafe TextSearch.isEnd(place, of: bytes, text)
        && TextSearch.isEnd(place + part.count, of: bytes, text)
      if isCharacters { return true }
      (start, places) = (place + 1, places + 1)
    }
    switch spelling {
    case .ascii(let others):
      for other in others {
        let place = unsafe TextSearch.firstPlace(of: other, in: bytes, from: 0)
        if place != nil { return nil }
      }
      return false
    case .composed:
      let isComposed = unsafe ComposedScalars.areAll(of: bytes)
      return isComposed ? false : nil
    case .unknown:
      return nil
    }
  }

  /// The first place, from one on, where bytes stand.
  private static func firstPlace(
    of part: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Int? {
    // SAFETY: a place is read that has at least as many bytes behind it as the part.
    let (first, last) = (part[0], bytes.count - part.count)
    var place = start
    while place <= last {
      if unsafe bytes[place] == first {
        var index = 1
        while index < part.count, unsafe bytes[place + index] == part[index] { index += 1 }
        if index == part.count { return place }
      }
      place += 1
    }
    return nil
  }

  /// Whether a scalar at a place starts a character, and ends the one before.
  private static func isEnd(
    _ place: Int, of bytes: UnsafeBufferPointer<UInt8>, _ text: String
  ) -> Bool {
    if place == 0 || place == bytes.count { return true }
    // SAFETY: there are bytes before and behind.
    let (before, behind) = unsafe (bytes[place - 1], bytes[place])
    if before < 0x80, behind < 0x80 {
      // The two that end a line are one character.
      return before != 0x0D || behind != 0x0A
    }
    let index = text.utf8.index(text.startIndex, offsetBy: place)
    return String.Index(index, within: text) != nil
  }
}
