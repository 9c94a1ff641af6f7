import KithCore

/// A text to be sought in many others, whose characters are compared; every text contains the empty
/// one.
struct SoughtText: Sendable {
  private let text: String
  /// Finds the text in others that are ASCII as it is, many times as fast.
  private let search: ASCIISearch?

  init(_ text: String) {
    self.text = text
    search = ASCIISearch(text)
  }

  /// Whether another text contains it.
  func isFound(in other: String) -> Bool {
    if let found = search?.isFound(in: other) { return found }
    // Not `contains`, which is Foundation's where Foundation is imported: on Linux that finds "a\0" in
    // "a", and can read past the end (Swift 6.3.1).
    return text.isEmpty || other.firstRange(of: text) != nil
  }
}
