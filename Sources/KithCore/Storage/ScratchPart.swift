/// One kind of words of a scratch, and how many of them its borrowers needed of late.
struct ScratchPart<Word: FixedWidthInteger & BitwiseCopyable> {
  private var words = ScratchWords<Word>(count: 0)
  /// The most words that were asked for since the part was last settled.
  private var need = 0

  /// What is always kept: freeing less is not worth the next borrower's time.
  private static var leastBytes: Int { 1 << 16 }

  /// The words, after room was made for at least `minimum`; see `ScratchWords.grown(to:)`.
  @inline(__always)
  mutating func grown(to minimum: Int) -> ScratchWords<Word> {
    need = max(need, minimum)
    return words.grown(to: minimum)
  }

  /// Frees the words if less than half of them were needed since this was last called. They grow to
  /// at most twice of what is asked for, so that what is needed again and again stays.
  mutating func settle() {
    if byteCount > ScratchPart.leastBytes, words.count / 2 > need {
      words.free()
      words = ScratchWords(count: 0)
    }
    need = 0
  }

  var byteCount: Int { words.count * MemoryLayout<Word>.stride }

  /// Gives the memory back, which whoever owns it calls once.
  func free() {
    words.free()
  }
}
