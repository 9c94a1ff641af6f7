/// A claim that holds for all values of a generator.
package struct Property<Value>: Sendable {
  /// What it is called in messages.
  package let name: String
  let generator: Generator<Value>
  /// How many cases are tested, not counting those that are discarded.
  package var cases: Int
  /// The seed of the first case; the next case has the next seed.
  package var firstSeed: UInt64 = 0
  /// Seeds of cases that failed once. They are tested first.
  package var failedSeeds: [UInt64] = []
  /// The least share of cases that must have a label.
  package var demands: [String: Double] = [:]
  /// How many shorter or simpler cases are tried when one fails.
  package var attempts = 4_000
  let claim: @Sendable (Value, inout Trial) throws -> Void

  /// Makes a property of a generator and of a claim that throws where it does not hold.
  package init(
    _ name: String, for generator: Generator<Value>, cases: Int = 100,
    _ claim: @escaping @Sendable (Value, inout Trial) throws -> Void
  ) {
    self.name = name
    self.generator = generator
    self.cases = cases
    self.claim = claim
  }

  /// What became of a property.
  package enum Outcome {
    case held(Statistics)
    case failed(Counterexample)
    /// The property says nothing: it expects nothing, has no cases, or not those that it demands.
    case refused(String)
  }

  /// The simplest case that was found for which a property does not hold.
  package struct Counterexample {
    /// The seed of the case that failed first.
    package let seed: UInt64
    /// How many cases held before.
    package let casesBefore: Int
    package let value: Value
    package let choices: [UInt64]
    package let error: any Error
    /// How many simpler cases were tried.
    package let attempts: Int
  }
}

extension Property {
  /// Tests one seed.
  package func replay(seed: UInt64) -> Outcome {
    run(seeds: [seed], upTo: 1)
  }

  /// Tests the seeds that failed once, and then as many as there are to be cases.
  package func run() -> Outcome {
    // A generator that discards nine values of ten is of no use.
    let last = firstSeed &+ UInt64(cases * 10)
    let fresh = sequence(first: firstSeed) { $0 == last ? nil : $0 &+ 1 }
    for seed in failedSeeds {
      if case .failed(let example) = replay(seed: seed) { return .failed(example) }
    }
    return run(seeds: fresh, upTo: cases)
  }

  private func run(seeds: some Sequence<UInt64>, upTo cases: Int) -> Outcome {
    var statistics = Statistics()
    for seed in seeds where statistics.cases < cases {
      let attempt = attempt(Choices(seed: seed))
      if attempt.choices.isDiscarded {
        statistics.countDiscarded()
      } else if let error = attempt.error {
        return .failed(shrink(attempt.choices, error, seed, statistics.cases))
      } else {
        statistics.count(attempt.trial, attempt.choices.notes)
      }
    }
    if statistics.cases < cases {
      return .refused("only \(statistics.cases) of \(cases) cases were not discarded")
    }
    if statistics.expectations == 0 { return .refused("it expects nothing") }
    return cases > 1 ? judge(statistics) : .held(statistics)
  }

  private func judge(_ statistics: Statistics) -> Outcome {
    for (label, share) in demands.sorted(by: { $0.key < $1.key })
    where statistics.share(of: label) < share {
      return .refused(
        "\"\(label)\" comes up in \(statistics.share(of: label)) of the cases, and \(share) are "
          + "demanded\n\(statistics)")
    }
    return .held(statistics)
  }

  private func attempt(_ choices: Choices) -> (choices: Choices, trial: Trial, error: (any Error)?)
  {
    var choices = choices
    var trial = Trial()
    let value = generator.make(&choices)
    if choices.isDiscarded { return (choices, trial, nil) }
    do {
      try claim(value, &trial)
      return (choices, trial, nil)
    } catch {
      return (choices, trial, error)
    }
  }

  private func shrink(
    _ choices: Choices, _ error: any Error, _ seed: UInt64, _ casesBefore: Int
  ) -> Counterexample {
    var error = error
    var shrinker = Shrinker(choices, attempts: attempts) { numbers in
      let attempt = attempt(Choices(replaying: numbers))
      guard !attempt.choices.isDiscarded, let found = attempt.error else { return nil }
      return Shrinker.Found(attempt.choices, found)
    }
    if let simplest = shrinker.run() { error = simplest }
    var replayed = Choices(replaying: shrinker.best.numbers)
    return Counterexample(
      seed: seed, casesBefore: casesBefore, value: generator.make(&replayed),
      choices: shrinker.best.numbers, error: error, attempts: shrinker.attempted)
  }
}

extension Property.Outcome {
  /// What to tell a developer; nil if the property held.
  package var complaint: String? {
    switch self {
    case .held: nil
    case .refused(let reason): "the property says nothing: \(reason)"
    case .failed(let example):
      """
      \(example.error)
      for the simplest case that was found in \(example.attempts) attempts:
      \(example.value)
      The first that failed was that of seed \(example.seed), after \(example.casesBefore) cases \
      that held. To repeat it:
        KITH_SEED=\(example.seed) swift test --disable-xctest --filter …
      Add the seed to the property's failed seeds, so that it stays.
      """
    }
  }
}
