extension FollowGraph {
  /// A graph in the shape of a social network: out-degrees are log-normal (at most 5,000),
  /// popularity follows a power law, about three in ten follows are returned, and one celebrity is
  /// followed by a share of all users.
  ///
  /// The celebrity is not always the most followed: the power law alone gives its first user a
  /// third of 100,000 users.
  ///
  /// Only operations that IEEE 754 makes exact are used, so the graph is the same on every
  /// platform.
  ///
  /// - Parameters:
  ///   - users: The number of users, zero or more.
  ///   - medianFollows: The median of the out-degree, before follows are returned, 0 to 5,000.
  ///   - celebrityShare: The chance with which a user follows the celebrity, 0 to 1. A few more
  ///     users return a follow of the celebrity's.
  ///   - seed: Equal seeds give equal graphs.
  /// - Returns: The graph, and the id of the celebrity, which is zero if there are no users.
  /// - Complexity: O(*n* log *n*), where *n* is the number of follows.
  public static func social(
    users: Int, medianFollows: Double = 16, celebrityShare: Double = 0.2, seed: UInt64
  ) -> (graph: FollowGraph, celebrity: Int) {
    precondition(users >= 0, "The number of users is zero or more.")
    precondition(
      0 <= medianFollows && medianFollows <= Double(longestRun),
      "The median number of follows is 0 to 5,000.")
    precondition(0 <= celebrityShare && celebrityShare <= 1, "A share is 0 to 1.")
    guard users > 1 else {
      return (FollowGraph(targets: Array(repeating: [], count: users)), celebrity: users)
    }
    var random = SplitMix64(seed: seed)
    let byPopularity = random.permutation(users)
    let celebrity = byPopularity[0]
    var targets = [[Int]](repeating: [], count: users)
    let longest = min(longestRun, users - 1)
    for source in 0..<users {
      if source != celebrity, random.fraction() < celebrityShare {
        targets[source].append(celebrity)
      }
      let degree = min(Int(medianFollows * exp2(1.44 * standardNormal(&random))), longest)
      for _ in 0..<degree {
        let target = byPopularity[popularRank(users, &random)]
        if target == celebrity || targets[source].count >= longest { continue }
        targets[source].append(target)
        if random.fraction() < returnedShare, targets[target].count < longest {
          targets[target].append(source)
        }
      }
    }
    return (FollowGraph(targets: targets), celebrity + 1)
  }

  /// Nobody follows more than this.
  private static let longestRun = 5000

  /// With this chance a follow is returned; then 2p / (1 + p) = 30 % of all follows are.
  private static let returnedShare = 0.1765

  /// A rank from zero on, where the rank r comes up about as often as r^-7/8: a power law of
  /// in-degrees with exponent 2.1.
  private static func popularRank(_ users: Int, _ random: inout SplitMix64) -> Int {
    let fraction = random.fraction()
    let square = fraction * fraction
    let fourth = square * square
    return Int(Double(users) * (fourth * fourth))
  }

  /// A number with mean 0 and variance 1, nearly normal: the sum of twelve uniform ones (Irwin and
  /// Hall).
  private static func standardNormal(_ random: inout SplitMix64) -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += random.fraction() }
    return sum
  }

  /// 2 to a power, by a polynomial for the fraction, so that no platform's library has a say.
  private static func exp2(_ power: Double) -> Double {
    // Not rounded(.down), which calls floor of a library that a client may not link.
    let whole = Int(power) - (power < Double(Int(power)) ? 1 : 0)
    let fraction = (power - Double(whole)) * 0.693_147_180_559_945_3
    var term = 1.0
    var sum = 1.0
    for step in 1...12 {
      term = term * fraction / Double(step)
      sum += term
    }
    return Double(sign: .plus, exponent: whole, significand: sum)
  }
}
