extension FollowGraph {
  /// A graph in the shape of a social network: out-degrees are log-normal, popularity follows a
  /// power law, three in ten follows are returned, and one celebrity is followed by a share of all
  /// users.
  ///
  /// Only operations that IEEE 754 makes exact are used, so the graph is the same on every
  /// platform.
  ///
  /// - Parameters:
  ///   - users: The number of users.
  ///   - medianFollows: The median of the out-degree, before follows are returned.
  ///   - celebrityShare: The share of users who follow the celebrity, 0 to 1.
  ///   - seed: Equal seeds give equal graphs.
  /// - Returns: The graph, and the id of the celebrity.
  /// - Complexity: O(follows · log).
  public static func social(
    users: Int, medianFollows: Double = 16, celebrityShare: Double = 0.2, seed: UInt64
  ) -> (graph: FollowGraph, celebrity: Int) {
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
    let whole = power.rounded(.down)
    let fraction = (power - whole) * 0.693_147_180_559_945_3
    var term = 1.0
    var sum = 1.0
    for step in 1...12 {
      term = term * fraction / Double(step)
      sum += term
    }
    return Double(sign: .plus, exponent: Int(whole), significand: sum)
  }
}
