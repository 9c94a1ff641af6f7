import KithTestSupport
import Testing

@Suite struct `A property that does not hold` {
  @Test func `of a list whose sum is at most 1000 shrinks to one element`() throws {
    let numbers = Generator.integer(in: 0...10_000).array(count: 0...20)
    let example = try counterexample(numbers) { $0.reduce(0, +) <= 1_000 }
    #expect(example.value == [1_001])
  }

  @Test func `of a list that is sorted shrinks to two elements`() throws {
    let numbers = Generator.integer(in: 0...10_000).array(count: 0...20)
    #expect(try counterexample(numbers) { $0 == $0.sorted() }.value == [1, 0])
  }

  @Test func `of a list without repeats shrinks to two zeros`() throws {
    let numbers = Generator.integer(in: -50...50).array(count: 0...40)
    #expect(try counterexample(numbers) { Set($0).count == $0.count }.value == [0, 0])
  }

  @Test func `of a list of fixed length keeps the length`() throws {
    let numbers = Generator.integer(in: 3...50).array(count: 4...4)
    #expect(try counterexample(numbers) { _ in false }.value == [3, 3, 3, 3])
  }

  @Test func `of integers shrinks to the nearest to zero, the positive first`() throws {
    #expect(try counterexample(.integer(in: -900...900)) { abs($0) < 17 }.value == 17)
    #expect(try counterexample(.integer(in: -900...5)) { $0 > -17 }.value == -17)
    #expect(try counterexample(.integer(in: .min ... .max)) { $0 > -17 }.value == -17)
    #expect(try counterexample(.integer(in: -90...(-20))) { _ in false }.value == -20)
  }

  @Test func `of texts shrinks to the part that matters`() throws {
    let example = try counterexample(.string(count: 0...20)) { !$0.contains("각") }
    #expect(example.value == "각")
    #expect(try counterexample(.string()) { $0.count == $0.unicodeScalars.count }.value.count == 1)
  }

  @Test func `of a value inside a value shrinks both`() throws {
    let lists = Generator.integer(in: 0...12).flatMap { count in
      Generator.integer(in: 0...9).flatMap { Generator.integer(in: 0...99).array(count: $0...$0) }
        .array(count: count...count)
    }
    let example = try counterexample(lists) { $0.allSatisfy { $0.reduce(0, +) < 50 } }
    #expect(example.value == [[50]])
  }

  @Test func `of two numbers that must be equal shrinks both at once`() throws {
    let pairs = Generator.integer(in: 0...20).array(count: 2...2)
    #expect(try counterexample(pairs) { $0[0] != $0[1] || $0[0] < 7 }.value == [7, 7])
  }

  @Test func `of a program shrinks to the fewest steps`() throws {
    // The stack forgets its third element, which shows when three are pushed and one is popped.
    let programs = StackStep.generator.array(count: 0...60)
    let example = try counterexample(programs) { StackStep.holds($0) }
    #expect(example.value == [.push(0), .push(0), .push(1), .pop])
  }

  @Test func `says its seed, its simplest value and its error`() throws {
    var property = Property("numbers are small", for: .integer(in: 0...99)) { number, trial in
      try trial.expect(number < 40, "\(number) is large")
    }
    property.firstSeed = 5
    let complaint = try #require(property.run().complaint)
    let example = try counterexample(property)
    #expect(complaint.contains("KITH_SEED=\(example.seed) swift test"))
    #expect(complaint.contains("40 is large"))
    #expect(example.value == 40)
    #expect(example.seed - 5 == UInt64(example.casesBefore))
  }

  @Test func `fails again when its seed is replayed`() throws {
    let property = Property("numbers are small", for: .integer(in: 0...999)) { number, trial in
      try trial.expect(number < 900, "\(number)")
    }
    let first = try counterexample(property)
    guard case .failed(let second) = property.replay(seed: first.seed) else {
      Issue.record("the seed \(first.seed) does not fail again")
      return
    }
    #expect(second.value == first.value && second.choices == first.choices)
  }

  @Test func `is found by a seed that failed once, before any other`() throws {
    var property = Property("it is not 77", for: .integer(in: 0...99_999), cases: 1) {
      number, trial in try trial.expect(number != Self.rare, "\(number)")
    }
    property.firstSeed = 1
    #expect(property.run().complaint == nil)
    property.failedSeeds = [9]
    #expect(try counterexample(property).seed == 9)
  }

  /// What the seed 9 makes.
  private static let rare: Int = {
    var choices = Choices(seed: 9)
    return Generator.integer(in: 0...99_999).make(&choices)
  }()
}

@Suite struct `A generator` {
  @Test func `makes the same value of the same seed`() {
    let texts = Generator.string().array(count: 0...30)
    for seed in 0..<UInt64(50) {
      var (first, second) = (Choices(seed: seed), Choices(seed: seed))
      let made = texts.make(&first)
      #expect(made == texts.make(&second))
      var replayed = Choices(replaying: first.numbers)
      #expect(made == texts.make(&replayed))
      #expect(replayed.numbers == first.numbers)
    }
  }

  @Test func `makes its simplest value of no choices`() {
    var choices = Choices(replaying: [])
    let values = Generator.integer(in: -3...3).array(count: 2...5).make(&choices)
    #expect(values == [0, 0])
  }

  @Test func `makes every integer of a range, and none beside it`() {
    for range in [-3...3, -1...6, -6...1, 2...5, -5...(-2), 0...0] {
      let integers = Generator.integer(in: range)
      var made: Set<Int> = []
      for number in 0..<UInt64(range.count) {
        var choices = Choices(replaying: [number])
        made.insert(integers.make(&choices))
      }
      #expect(made == Set(range))
    }
  }

  @Test func `makes the ends of a large range often`() {
    let made = Set(
      (0..<UInt64(200)).map { seed in
        var choices = Choices(seed: seed)
        return Generator.integer(in: 0 ... .max).make(&choices)
      })
    #expect(made.contains(0) && made.contains(.max))
  }

  @Test func `chooses as its weights say`() {
    let letters = Generator.frequency([(9, .just("a")), (1, .just("b"))])
    let made = (0..<UInt64(2_000)).map { seed in
      var choices = Choices(seed: seed)
      return letters.make(&choices)
    }
    #expect((120...280).contains(made.count { $0 == "b" }))
  }
}

@Suite struct `A property` {
  @Test func `does not count a case that is discarded`() throws {
    let even = Generator.integer(in: 0...99).filter { $0 % 32 == 0 }
    let property = Property("multiples", for: even, cases: 50) { number, trial in
      try trial.expect(number % 32 == 0, "\(number)")
    }
    guard case .held(let statistics) = property.run() else {
      Issue.record("the property does not hold")
      return
    }
    #expect(statistics.cases == 50)
    #expect(statistics.discarded > 0)
  }

  @Test func `is refused when all cases are discarded`() {
    let none = Generator.integer(in: 0...99).filter { _ in false }
    let property = Property("nothing", for: none) { _, trial in try trial.expect(true, "") }
    #expect(property.run().complaint?.contains("0 of 100 cases") == true)
  }

  @Test func `is refused when it expects nothing`() {
    let property = Property("nothing", for: .boolean) { _, _ in }
    #expect(property.run().complaint?.contains("expects nothing") == true)
  }

  @Test func `is refused when too few cases have a label`() {
    let numbers = Generator<Int> { choices in
      let number = choices.number(below: 100)
      if number == 0 { choices.note("zero") }
      return number
    }
    var property = Property("notes", for: numbers, cases: 500) { number, trial in
      trial.note(number % 2 == 0 ? "even" : "odd")
      try trial.expect(number < 100, "\(number)")
    }
    property.demands = ["even": 0.3, "odd": 0.3]
    #expect(property.run().complaint == nil)
    property.demands["zero"] = 0.1
    #expect(property.run().complaint?.contains("\"zero\" comes up in") == true)
  }

  @Test func `tells what its cases were made of`() throws {
    let property = Property("counts", for: .just(1), cases: 4) { number, trial in
      trial.note("one")
      trial.note("one")
      trial.countStep()
      try trial.expect(number, is: 1, "")
    }
    guard case .held(let statistics) = property.run() else {
      Issue.record("the property does not hold")
      return
    }
    #expect(
      statistics.description == """
        4 cases, 0 discarded, 4 steps, 4 expectations
          one: 8 times, in 100 % of the cases
        """)
  }
}

/// A step of a program on a stack that has a fault.
private enum StackStep: Equatable {
  case push(Int)
  case pop

  static let generator = Generator<StackStep>.oneOf(
    Generator.integer(in: 0...9).map { .push($0) }, .just(.pop))

  /// Whether a stack that keeps no third element pops what was pushed.
  static func holds(_ steps: [StackStep]) -> Bool {
    var (stack, broken) = ([Int](), [Int]())
    for step in steps {
      switch step {
      case .push(let number):
        stack.append(number)
        broken.append(broken.count == 2 ? 0 : number)
      case .pop:
        if stack.popLast() != broken.popLast() { return false }
      }
    }
    return true
  }
}

private func counterexample<Value>(
  _ property: Property<Value>
) throws -> Property<Value>.Counterexample {
  guard case .failed(let example) = property.run() else {
    throw Trial.Failure(description: "the property holds")
  }
  return example
}

/// The simplest value that a claim does not hold for.
private func counterexample<Value>(
  _ generator: Generator<Value>, _ claim: @escaping @Sendable (Value) -> Bool
) throws -> Property<Value>.Counterexample {
  try counterexample(
    Property("a claim", for: generator, cases: 1_000) { value, trial in
      try trial.expect(claim(value), "\(value)")
    })
}
