import Foundation
import KithCore

/// A text to be sought in many others, whose characters are compared; every text contains the empty
/// one.
struct SoughtText: Sendable {
  private let text: String
  /// Compares bytes, many times as fast; nil if the text is empty.
  private let search: TextSearch?

  init(_ text: String) {
    let composed = text.precomposedStringWithCanonicalMapping
    // The same characters may have other ends if they are written in another way.
    self.text = composed.elementsEqual(text) ? composed : text
    search = text.isEmpty ? nil : TextSearch(self.text)
  }

  /// Whether another text contains it.
  func isFound(in other: String) -> Bool {
    guard let search else { return true }
    if let found = search.isFound(in: other) { return found }
    // Not `contains`, which is Foundation's where Foundation is imported: on Linux that finds "a\0" in
    // "a", and can read past the end (Swift 6.3.1).
    return other.firstRange(of: text) != nil
  }
}
