import KithFixtures
import Testing

@testable import Kith

@Suite struct `A text that is sought` {
  private static let letters = [
    "a", "b", "ab", "A", "\n", "\r\n", "\0", " ", "\u{7f}", "é", "e", "\u{301}", "가", "👩‍👧",
  ]

  private func text(_ letters: Int, _ count: Int, _ random: inout SplitMix64) -> String {
    let chosen = Self.letters.prefix(letters)
    return (0..<count).map { _ in chosen[random.number(below: chosen.count)] }.joined()
  }

  /// Texts of ASCII alone are searched by their bytes, all others by the standard library.
  @Test(arguments: [4, 9, 14]) func `is found where its characters stand side by side`(
    letters: Int
  ) {
    var random = SplitMix64(seed: UInt64(letters))
    var (found, missed) = (0, 0)
    for _ in 0..<20_000 {
      let part = text(letters, 1 + random.number(below: 3), &random)
      let other = text(letters, random.number(below: 12), &random)
      let (sought, characters) = (Array(part), Array(other))
      let holds = characters.indices.contains { characters[$0...].starts(with: sought) }
      #expect(
        SoughtText(part).isFound(in: other) == holds,
        "\(part.debugDescription) in \(other.debugDescription)")
      if holds { found += 1 } else { missed += 1 }
    }
    #expect(found > 1_000 && missed > 1_000)
  }

  @Test func `is found however long it is, at the start and at the end`() {
    for count in [1, 2, 63, 64, 65, 1_000] {
      let part = String(repeating: "a", count: count - 1) + "b"
      for text in [
        part, "x" + part, part + "x", "aaa" + part + "bbb", String(part.dropLast()) + "가" + part,
      ] {
        #expect(SoughtText(part).isFound(in: text))
      }
      #expect(!SoughtText(part).isFound(in: String(part.dropFirst())))
      #expect(!SoughtText(part).isFound(in: String(part.dropLast())))
      #expect(!SoughtText(part).isFound(in: ""))
    }
    #expect(SoughtText("").isFound(in: ""))
    #expect(SoughtText("").isFound(in: "가"))
  }
}
