import Foundation
import KithCore
import Testing

@Suite struct `A search of bytes` {
  /// Scalars, and what they decompose to.
  private static let decompositions: [(Unicode.Scalar, [Unicode.Scalar])] =
    (UInt32(0)...0x10FFFF).compactMap { number in
      guard let scalar = Unicode.Scalar(number) else { return nil }
      let decomposed = String(scalar).decomposedStringWithCanonicalMapping
      return (scalar, Array(decomposed.unicodeScalars))
    }

  @Test func `knows all scalars that stand for one of ASCII`() {
    let found = Self.decompositions.filter { scalar, parts in
      !scalar.isASCII && parts.allSatisfy(\.isASCII)
    }
    #expect(found.map(\.0) == TextSearch.singletons.map(\.scalar))
    #expect(found.map(\.1) == TextSearch.singletons.map { [$0.ascii] })
  }

  @Test func `takes no scalar for composed that can be written in another way`() {
    let behind = Set(Self.decompositions.flatMap { $0.1.dropFirst() })
    var count = 0
    for (scalar, _) in Self.decompositions where ComposedScalars.areAll(of: String(scalar)) {
      count += 1
      let composed = String(scalar).precomposedStringWithCanonicalMapping
      let isComposed =
        Array(composed.unicodeScalars) == [scalar] && !behind.contains(scalar)
        && scalar.properties.canonicalCombiningClass == .notReordered
      if !isComposed { Issue.record("\(String(scalar.value, radix: 16)) is not composed") }
    }
    #expect(count > 40_000)
    #expect(Self.decompositions.prefix(0x300).allSatisfy { ComposedScalars.areAll(of: "\($0.0)") })
  }

  @Test(arguments: [
    "", "plain", "Zwölf Boxkämpfer", "Съешь ещё", "πνεῦμα".precomposedStringWithCanonicalMapping,
    "人人生而自由", "大韓民國 대한민국", "Tiếng Việt", "“What a day” – 🎉 👨‍👩‍👧‍👦 ☀️ 🇩🇪", "שלום", "سلام",
  ])
  func `takes the texts of many languages for composed`(text: String) {
    #expect(ComposedScalars.areAll(of: text) == !text.unicodeScalars.contains("\u{1FE6}"))
  }

  @Test(arguments: [
    "e\u{301}", "a\u{301}b", "\u{1100}\u{1161}", "가\u{11A8}", "\u{212B}", "\u{2126}", "\u{F900}",
    "\u{1D15E}", "\u{2F800}", "q\u{323}\u{307}", "か\u{3099}", "\u{958}",
  ])
  func `leaves texts to others that may be written in another way`(text: String) {
    #expect(!ComposedScalars.areAll(of: text))
    #expect(!ComposedScalars.areAll(of: "before, " + text))
  }

  /// What the search alone must tell: whoever compares characters takes many times as long.
  @Test(arguments: [
    ("day", "What a day 🎉", true), ("night", "What a day 🎉", false), ("K", "Kraków", true),
    ("über", "quer über den Deich", true), ("Süden", "quer über den Deich", false),
    ("ü", "all of ASCII", false), ("булок", "мягких французских булок", true),
    ("自由", "人人生而自由", true), ("🎉", "🎉🎉", true), ("👩", "👨‍👩‍👧", false), ("e", "é", false),
    ("day", "วันนี้ day", true), ("night", "วันนี้ day", false), ("e", "e\u{301}e", true),
    (String(repeating: "a", count: 80), String(repeating: "a", count: 63), false),
  ])
  func `tells by bytes what most texts contain`(part: String, text: String, isFound: Bool) {
    #expect(TextSearch(part).isFound(in: text) == isFound)
  }

  @Test(arguments: [
    ("K", "\u{212A}"), (";", "é\u{37E}"), ("é", "e\u{301}"), ("e\u{301}", "é"), ("ü", "q\u{307}"),
    (String(repeating: "a", count: 80), String(repeating: "a", count: 80)),
    ("🇩", "a" + String(repeating: "🇩", count: 99)),
  ])
  func `leaves to others what bytes can't tell`(part: String, text: String) {
    #expect(TextSearch(part).isFound(in: text) == nil)
  }
}
