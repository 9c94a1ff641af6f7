extension FollowGraph {
  /// A power-law graph by recursive descent into the quarters of its matrix (R-MAT), with
  /// Graph500's probabilities .57, .19, .19 and .05, and users numbered at random so that the
  /// popular ones are not neighbours.
  ///
  /// Chakrabarti, Zhan and Faloutsos, *R-MAT: A Recursive Model for Graph Mining*, SDM 2004.
  ///
  /// - Parameters:
  ///   - scale: The binary logarithm of the number of users.
  ///   - draws: How many links are drawn. Repeats and self links are left out, so fewer remain.
  ///   - seed: Equal seeds give equal graphs.
  /// - Complexity: O(draws · scale).
  public static func rmat(scale: Int, draws: Int, seed: UInt64) -> FollowGraph {
    var random = SplitMix64(seed: seed)
    let users = 1 << scale
    let names = random.permutation(users)
    var targets = [[Int]](repeating: [], count: users)
    for _ in 0..<draws {
      let (source, target) = drawCell(scale, &random)
      targets[names[source]].append(names[target])
    }
    return FollowGraph(targets: targets)
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
      // .57 · 65536, then .19 more each, rounded.
      let quarter = draw < 37356 ? 0 : draw < 49807 ? 1 : draw < 62259 ? 2 : 3
      row = row << 1 | quarter >> 1
      column = column << 1 | quarter & 1
    }
    return (row, column)
  }
}
