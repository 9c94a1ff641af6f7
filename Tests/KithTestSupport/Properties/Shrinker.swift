/// Makes a list of choices shorter and simpler while it still does what is sought.
///
/// A list is simpler if it is shorter, or as long and less where the two first differ.
struct Shrinker {
  /// A list of choices that does what is sought, as the generator used it.
  struct Found {
    let choices: Choices
    let error: any Error

    init(_ choices: Choices, _ error: any Error) {
      self.choices = choices
      self.error = error
    }
  }

  /// The simplest choices so far.
  private(set) var best: Choices
  /// How many lists were tried.
  private(set) var attempted = 0

  private var error: (any Error)?
  private let attempts: Int
  private var tried: Set<[UInt64]> = []
  private let seek: ([UInt64]) -> Found?

  init(_ choices: Choices, attempts: Int, _ seek: @escaping ([UInt64]) -> Found?) {
    best = choices
    self.attempts = attempts
    self.seek = seek
  }

  /// Simplifies until nothing more helps, and returns the error of the simplest list, if any is
  /// simpler than the first.
  mutating func run() -> (any Error)? {
    var before: [UInt64]
    repeat {
      before = best.numbers
      repeat {
        before = best.numbers
        removeGroups()
      } while best.numbers != before && attempted < attempts
      zeroGroups()
      if best.numbers.count < 400 { removeStretches() }
      lowerEach()
      lowerEqual()
      if best.numbers.count < 200 {
        lowerAndRemove()
        move()
      }
      sortGroups()
    } while best.numbers != before && attempted < attempts
    return error
  }

  /// Takes a list if it does what is sought and is simpler.
  @discardableResult
  private mutating func take(_ numbers: [UInt64]) -> Bool {
    guard attempted < attempts, Shrinker.isSimpler(numbers, best.numbers),
      tried.insert(numbers).inserted
    else { return false }
    attempted += 1
    guard let found = seek(numbers), Shrinker.isSimpler(found.choices.numbers, best.numbers)
    else { return false }
    (best, error) = (found.choices, found.error)
    return true
  }

  private static func isSimpler(_ left: [UInt64], _ right: [UInt64]) -> Bool {
    left.count == right.count ? left.lexicographicallyPrecedes(right) : left.count < right.count
  }

  // MARK: Passes

  /// Leaves groups out, the longest first, so that most goes in few attempts.
  private mutating func removeGroups() {
    var index = 0
    var groups = longestFirst
    while index < groups.count {
      if take(without(groups[index])) { groups = longestFirst }
      index += 1
    }
  }

  private var longestFirst: [Range<Int>] {
    best.groups.sorted { ($1.count, $1.lowerBound) < ($0.count, $0.lowerBound) }
  }

  /// Leaves stretches out, whatever they belong to.
  private mutating func removeStretches() {
    for length in [32, 16, 8, 4, 3, 2, 1] {
      var start = best.numbers.count - length
      while start >= 0 {
        if start + length > best.numbers.count { start = best.numbers.count - length }
        if start < 0 { break }
        if !take(without(start..<start + length)) { start -= 1 }
      }
    }
  }

  private mutating func zeroGroups() {
    var index = 0
    while index < best.groups.count {
      var numbers = best.numbers
      for place in best.groups[index] { numbers[place] = 0 }
      take(numbers)
      index += 1
    }
  }

  /// Lowers each number as far as it goes.
  private mutating func lowerEach() {
    var place = 0
    while place < best.numbers.count {
      lower([place])
      place += 1
    }
  }

  /// Lowers numbers that are equal together.
  private mutating func lowerEqual() {
    for number in Set(best.numbers).subtracting([0]).sorted(by: >) {
      let places = best.numbers.indices.filter { best.numbers[$0] == number }
      if (2...8).contains(places.count) { lower(places) }
    }
  }

  /// Lowers the equal numbers at some places as far as they go, by halves.
  private mutating func lower(_ places: [Int]) {
    guard best.numbers[places[0]] > 0 else { return }
    if take(at: places, 0) { return }
    var low: UInt64 = 0
    while let last = places.last, last < best.numbers.count, best.numbers[places[0]] - low > 1 {
      let middle = low + (best.numbers[places[0]] - low) / 2
      if !take(at: places, middle) { low = middle }
      if low >= best.numbers[places[0]] { return }
    }
  }

  private mutating func take(at places: [Int], _ number: UInt64) -> Bool {
    var numbers = best.numbers
    for place in places { numbers[place] = number }
    return take(numbers)
  }

  /// Lowers a number by one and leaves a later group out: a count, and one of what it counts.
  private mutating func lowerAndRemove() {
    var place = 0
    while place < best.numbers.count {
      for group in best.groups where group.lowerBound > place && best.numbers[place] > 0 {
        var numbers = without(group)
        numbers[place] -= 1
        if take(numbers) { break }
      }
      place += 1
    }
  }

  /// Moves as much as goes from one number to a later one.
  private mutating func move() {
    var place = 0
    while place < best.numbers.count {
      for other in place + 1..<min(place + 5, best.numbers.count) where other > place {
        guard place < best.numbers.count, other < best.numbers.count else { break }
        var amount = best.numbers[place]
        while amount > 0 {
          var numbers = best.numbers
          guard place < numbers.count, other < numbers.count, numbers[place] >= amount,
            numbers[other] <= .max - amount
          else { break }
          numbers[place] -= amount
          numbers[other] += amount
          if !take(numbers) { amount /= 2 }
        }
      }
      place += 1
    }
  }

  /// Puts neighbouring groups into order.
  private mutating func sortGroups() {
    for index in best.groups.indices {
      for other in best.groups.indices
      where index < best.groups.count && other < best.groups.count {
        let (left, right) = (best.groups[index], best.groups[other])
        guard left.upperBound == right.lowerBound else { continue }
        var numbers = best.numbers
        let exchanged: [ArraySlice] = [numbers[right], numbers[left]]
        numbers.replaceSubrange(left.lowerBound..<right.upperBound, with: exchanged.joined())
        take(numbers)
      }
    }
  }

  private func without(_ range: Range<Int>) -> [UInt64] {
    Array(best.numbers[..<range.lowerBound] + best.numbers[range.upperBound...])
  }
}
