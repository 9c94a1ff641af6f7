/// What the cases of a property were made of.
package struct Statistics: Sendable {
  /// The cases that were tested.
  package private(set) var cases = 0
  /// The values that were made and not tested.
  package private(set) var discarded = 0
  /// The steps of programs.
  package private(set) var steps = 0
  /// The expectations that were tested.
  package private(set) var expectations = 0
  /// How many cases have a label, and how often it was noted in all.
  package private(set) var labels: [String: (cases: Int, times: Int)] = [:]

  package init() {}

  /// Counts a value that was not tested.
  package mutating func countDiscarded() {
    discarded += 1
  }

  /// Counts a case that was tested, with what was noted of it.
  package mutating func count(_ trial: Trial, _ notes: [String]) {
    cases += 1
    steps += trial.steps
    expectations += trial.expectations
    var seen: Set<String> = []
    for label in notes + trial.notes {
      let isNew = seen.insert(label).inserted
      let old = labels[label] ?? (0, 0)
      labels[label] = (old.cases + (isNew ? 1 : 0), old.times + 1)
    }
  }

  /// The share of cases that have a label, from 0 to 1.
  package func share(of label: String) -> Double {
    cases == 0 ? 0 : Double(labels[label]?.cases ?? 0) / Double(cases)
  }
}

extension Statistics: CustomStringConvertible {
  /// A line in all, then a line for each label.
  package var description: String {
    let head =
      "\(cases) cases, \(discarded) discarded, \(steps) steps, \(expectations) expectations"
    let lines = labels.sorted { $0.key < $1.key }.map { label, count in
      let percent = Int((share(of: label) * 100).rounded())
      return "  \(label): \(count.times) times, in \(percent) % of the cases"
    }
    return ([head] + lines).joined(separator: "\n")
  }
}
