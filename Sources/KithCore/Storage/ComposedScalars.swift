/// Scalars that are composed in every text: neither they nor what stands beside them is written in
/// another way in Unicode's normalization form C.
///
/// Each is unchanged by that form, starts a sequence (its combining class is 0), and is part of no
/// other scalar's decomposition but in front. So a text of such scalars alone is in the form, and two
/// of them that are canonically equivalent have the same bytes. There are more of them than are known
/// here, which are those of the scripts that need no combining marks, and symbols.
package enum ComposedScalars {
  /// Those below U+10000.
  private static let ranges: [ClosedRange<UInt32>] = [
    0x0000...0x02FF,  // Latin
    0x0388...0x038A, 0x038C...0x038C, 0x038E...0x03A1, 0x03A3...0x03FF,  // Greek
    0x0400...0x0482, 0x048A...0x052F,  // Cyrillic
    0x0531...0x0556, 0x0559...0x058A,  // Armenian
    0x05D0...0x05EA,  // Hebrew
    0x060C...0x060C, 0x061F...0x064A, 0x0660...0x066F, 0x0671...0x06D5, 0x06EE...0x06FF,  // Arabic
    0x10D0...0x10FF,  // Georgian
    0x1E00...0x1EFF,  // Latin, as of Vietnamese
    0x2002...0x2064, 0x20A0...0x20C0,  // punctuation, currencies
    0x2100...0x2125, 0x212C...0x218B,  // letterlike symbols, numbers
    0x2190...0x2328, 0x232B...0x2426, 0x2460...0x2ADB, 0x2B00...0x2B73,  // arrows, symbols
    0x3000...0x3029, 0x3030...0x303F, 0x3041...0x3096, 0x309B...0x30FF,  // Japanese
    0x3105...0x312F, 0x3131...0x318E,  // Bopomofo, Hangul letters
    0x3400...0x4DBF, 0x4E00...0x9FFF,  // Han
    0xAC00...0xD7A3,  // Hangul syllables
    0xFE00...0xFE0F, 0xFF01...0xFFBE,  // variation selectors, wide and narrow forms
  ]
  /// Emoji and other pictures.
  private static let pictures: ClosedRange<UInt32> = 0x1F000...0x1FAFF

  /// A bit for each scalar below U+10000.
  private static let bits: [UInt64] = {
    var words = [UInt64](repeating: 0, count: 1_024)
    for range in ranges {
      for scalar in range { words[Int(scalar >> 6)] |= 1 << UInt64(scalar & 63) }
    }
    return words
  }()

  /// Whether all scalars of a text are known to be composed.
  package static func areAll(of text: String) -> Bool {
    // SAFETY: the bytes do not outlive the call.
    let answer = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe areAll(of: $0) }
    return answer ?? false
  }

  /// Whether all scalars of a text are known to be composed, by its bytes.
  static func areAll(of bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let bits = bits
    var place = 0
    while place < bytes.count {
      // SAFETY: texts are whole UTF-8: behind the first byte of a scalar are all others of it.
      let first = unsafe UInt32(bytes[place])
      if first < 0x80 {
        place += 1
        continue
      }
      var scalar = unsafe UInt32(bytes[place + 1]) & 0x3F
      if first < 0xE0 {
        scalar |= (first & 0x1F) << 6
        place += 2
      } else if first < 0xF0 {
        let third = unsafe UInt32(bytes[place + 2])
        scalar = (first & 0x0F) << 12 | scalar << 6 | third & 0x3F
        place += 3
      } else {
        // Nothing depends on the last byte: pictures are whole blocks of 64.
        let third = unsafe UInt32(bytes[place + 2])
        scalar = (first & 0x07) << 18 | scalar << 12 | (third & 0x3F) << 6
        if !pictures.contains(scalar) { return false }
        place += 4
        continue
      }
      if bits[Int(scalar >> 6)] >> UInt64(scalar & 63) & 1 == 0 { return false }
    }
    return true
  }
}
