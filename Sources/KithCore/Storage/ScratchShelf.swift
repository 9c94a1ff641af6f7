/// The scratches that nobody has borrowed, the last one that came back on top.
///
/// ```
///   a b c │ d e       since the last `letGo` nobody reached below d: a, b and c go next
/// ```
///
/// SAFETY: a scratch is in here or with one borrower, never with two, and the lock around the shelf
/// hands it over.
package struct ScratchShelf: @unchecked Sendable {
  private var scratches: [Scratch] = []
  /// How many scratches, from the bottom, nobody has taken since `letGo` was last called.
  private var untaken = 0

  package init() {}

  /// The bytes of all scratches.
  package var byteCount: Int { scratches.reduce(0) { $0 + $1.byteCount } }

  /// Takes the scratch on top; nil if there is none.
  package mutating func take() -> Scratch? {
    let scratch = scratches.popLast()
    untaken = min(untaken, scratches.count)
    return scratch
  }

  /// Puts a scratch on top.
  package mutating func put(_ scratch: Scratch) {
    scratches.append(scratch)
  }

  /// Takes away, and returns, the scratches that nobody has taken since this was last called.
  package mutating func letGo() -> [Scratch] {
    let gone = Array(scratches[..<untaken])
    scratches.removeFirst(untaken)
    untaken = scratches.count
    return gone
  }
}
