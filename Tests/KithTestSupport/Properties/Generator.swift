/// A way to make random values out of choices.
///
/// Generators compose, and what they make shrinks without code of its own.
///
/// ```swift
/// let points = Generator.integer(in: -9...9).flatMap { x in
///   Generator.integer(in: 0...abs(x)).map { y in (x, y) }
/// }
/// ```
package struct Generator<Value>: Sendable {
  /// Makes a value.
  package let make: @Sendable (inout Choices) -> Value

  /// Makes a generator of a closure that makes a value.
  package init(_ make: @escaping @Sendable (inout Choices) -> Value) {
    self.make = make
  }

  /// A value that is made of another.
  package func map<Other>(_ change: @escaping @Sendable (Value) -> Other) -> Generator<Other> {
    Generator<Other> { change(make(&$0)) }
  }

  /// A value whose generator depends on another value.
  package func flatMap<Other>(
    _ next: @escaping @Sendable (Value) -> Generator<Other>
  ) -> Generator<Other> {
    Generator<Other> { choices in
      let value = choices.group(make)
      return choices.group(next(value).make)
    }
  }

  /// A value that a test accepts; after ten that it does not, the whole case is discarded.
  package func filter(_ accepts: @escaping @Sendable (Value) -> Bool) -> Generator {
    Generator { choices in
      var value = choices.group(make)
      for _ in 1..<10 where !accepts(value) { value = choices.group(make) }
      if !accepts(value) { choices.discard() }
      return value
    }
  }
}

extension Generator {
  /// Always the same value.
  package static func just(_ value: Value) -> Generator where Value: Sendable {
    Generator { _ in value }
  }

  /// What one of some generators makes; the first is the simplest.
  package static func oneOf(_ generators: Generator...) -> Generator {
    frequency(generators.map { (1, $0) })
  }

  /// What one of some generators makes, each as often as its weight says; the first is the simplest.
  package static func frequency(_ weighted: [(Int, Generator)]) -> Generator {
    let total = weighted.reduce(0) { $0 + $1.0 }
    precondition(total > 0, "a choice has a weight above zero")
    return Generator { choices in
      var left = choices.number(below: total)
      for (weight, generator) in weighted {
        if left < weight { return choices.group(generator.make) }
        left -= weight
      }
      preconditionFailure("the weights add up")
    }
  }

  /// An array of values, whose elements can go one by one.
  package func array(count: ClosedRange<Int>) -> Generator<[Value]> {
    Generator<[Value]> { $0.array(count: count, make) }
  }
}

extension Generator where Value == Int {
  /// An integer; zero is the simplest, or what in the range is next to it, and a positive number is
  /// simpler than its negative.
  package static func integer(in range: ClosedRange<Int>) -> Generator {
    let origin = min(max(0, range.lowerBound), range.upperBound)
    let (above, below) = (
      UInt64(bitPattern: Int64(range.upperBound &- origin)),
      UInt64(bitPattern: Int64(origin &- range.lowerBound))
    )
    let both = min(above, below)
    return Generator { choices in
      let number = choices.number(upTo: above &+ below)
      // Both sides in turn while there are two: 0, 1, -1, 2, -2, … ; then the longer one.
      if number / 2 + number % 2 <= both {
        let distance = Int(truncatingIfNeeded: number / 2 + number % 2)
        return number % 2 == 1 ? origin &+ distance : origin &- distance
      }
      let distance = Int(truncatingIfNeeded: number - both)
      return above > below ? origin &+ distance : origin &- distance
    }
  }
}

extension Generator where Value == Bool {
  /// True or false; false is the simplest.
  package static var boolean: Generator { Generator { $0.number(below: 2) == 1 } }
}

extension Generator where Value == String {
  /// A text, often empty or short: letters, and what is hard to take apart, such as Hangul, marks
  /// that combine with the letter before, and emoji of several scalars.
  package static func string(count: ClosedRange<Int> = 0...8) -> Generator {
    character.array(count: count).map { $0.joined() }
  }

  private static let character = Generator { choices in
    choices.pick([
      "a", "b", "c", "A", "0", " ", "\"", "\n", "가", "나", "각", "\u{1100}\u{1161}", "é",
      "e\u{301}", "\u{301}", "ß", "😀", "👩‍👧", "🇰🇷", "\u{0}", "\u{200D}",
    ])
  }
}
