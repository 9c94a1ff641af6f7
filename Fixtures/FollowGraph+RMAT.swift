extension FollowGraph {
  /// A power-law graph by recursive descent into the quarters of its matrix (R-MAT), with
  /// Graph500's probabilities .57, .19, .19 and .05, and users numbered at random so that the
  /// popular ones are not neighbours.
  ///
  /// Chakrabarti, Zhan and Faloutsos, *R-MAT: A Recursive Model for Graph Mining*, SDM 2004.
  ///
  /// - Parameters:
  ///   - scale: The binary logarithm of the number of users, 0 to 32.
  ///   - draws: How many links are drawn. Repeats and self links are left out, so fewer remain.
  ///   - seed: Equal seeds give equal graphs.
  /// - Complexity: O(draws · scale), and memory for all links.
  public static func rmat(scale: Int, draws: Int, seed: UInt64) -> FollowGraph {
    checkArguments(scale: scale, draws: draws)
    var targets = [[Int]](repeating: [], count: 1 << scale)
    forEachRMATDraw(scale: scale, draws: draws, seed: seed) { source, target in
      targets[source - 1].append(target - 1)
    }
    return FollowGraph(targets: targets)
  }

  /// Calls a closure with each link that ``rmat(scale:draws:seed:)`` draws, in the order of the
  /// draws, without keeping them: for graphs too large to hold twice.
  ///
  /// Self links are left out; repeats are not, so the closure may see a link again.
  ///
  /// - Parameters:
  ///   - scale: The binary logarithm of the number of users, 0 to 32.
  ///   - draws: How many links are drawn. Self links count as drawn.
  ///   - seed: Equal seeds give equal draws.
  ///   - body: Takes the ids of the source and the target, 1 to the number of users.
  /// - Throws: What `body` throws, at once.
  /// - Complexity: O(draws · scale). Memory: one `Int` a user.
  public static func forEachRMATDraw<Failure: Error>(
    scale: Int, draws: Int, seed: UInt64,
    _ body: (_ source: Int, _ target: Int) throws(Failure) -> Void
  ) throws(Failure) {
    checkArguments(scale: scale, draws: draws)
    var random = SplitMix64(seed: seed)
    let names = random.permutation(1 << scale)
    for _ in 0..<draws {
      let (source, target) = drawCell(scale, &random)
      if source != target { try body(names[source] + 1, names[target] + 1) }
    }
  }

  private static func checkArguments(scale: Int, draws: Int) {
    precondition((0...32).contains(scale), "The scale of an R-MAT graph is 0 to 32.")
    precondition(draws >= 0, "The number of draws is zero or more.")
  }

  /// One cell of the matrix. Each level takes 16 bits of a random number: probabilities are
  /// multiples of 2^-16.
  private static func drawCell(_ scale: Int, _ random: inout SplitMix64) -> (row: Int, column: Int)
  {
    var row = 0
    var column = 0
    var bits: UInt64 = 0
    for level in 0..<scale {
      if level % 4 == 0 { bits = random.next() }
      let draw = bits & 0xffff
      bits >>= 16
      // .57 · 65536, then .19 more each, rounded. Sums, since branches would be mispredicted.
      let quarter = (draw < 37356 ? 0 : 1) + (draw < 49807 ? 0 : 1) + (draw < 62259 ? 0 : 1)
      row = row << 1 | quarter >> 1
      column = column << 1 | quarter & 1
    }
    return (row, column)
  }
}
