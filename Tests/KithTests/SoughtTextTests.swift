import KithFixtures
import Testing

@testable import Kith

@Suite struct `A text that is sought` {
  private static let letters = [
    "a", "b", "ab", "A", "\n", "\r\n", "\0", " ", "\u{7f}", "é", "e", "\u{301}", "가", "👩‍👧",
  ]
  /// Pieces of characters, those that can be written in several ways among them.
  private static let pieces = [
    // ASCII, and what stands for it.
    ["a", "e", "K", ";", "`", "\r", "\n", "\r\n", "\u{212A}", "\u{37E}", "\u{1FEF}", "\u{301}"],
    // Marks, in two orders and after a letter that they are composed with.
    ["a", "e", "\u{301}", "\u{323}", "\u{307}", "é", "ẹ", "\u{1E69}", "s", "\u{212B}", "Å"],
    // Hangul: parts, syllables of two and of three.
    ["a", "\u{1100}", "\u{1161}", "\u{11A8}", "가", "각", "\u{AC00}\u{11A8}", "\u{1160}", "나"],
    // Emoji, with a joiner, a selector, a skin and flags; a scalar that is put before others.
    ["a", "👩", "👧", "\u{200D}", "\u{FE0F}", "🏽", "☀", "🇩", "🇪", "\u{600}", "é", "\u{93F}"],
    // Texts of which each scalar is a character.
    ["a", "b", "é", "ü", "ж", "щ", "自", "由", "“", "🎉", "\n"],
  ]

  private func text(_ letters: [String], _ count: Int, _ random: inout SplitMix64) -> String {
    (0..<count).map { _ in letters[random.number(below: letters.count)] }.joined()
  }

  @Test(arguments: [4, 9, 14]) func `is found where its characters stand side by side`(
    letters: Int
  ) {
    compare(Array(Self.letters.prefix(letters)), seed: UInt64(letters))
  }

  @Test(arguments: 0...5) func `is found however its characters are written`(number: Int) {
    let all = Self.pieces.flatMap { $0 }
    compare(number < Self.pieces.count ? Self.pieces[number] : all, seed: UInt64(number))
  }

  /// Compares with a search that takes the texts apart and compares their characters.
  private func compare(_ letters: [String], seed: UInt64) {
    var random = SplitMix64(seed: seed)
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
    #expect(found > 500 && missed > 1_000)
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
