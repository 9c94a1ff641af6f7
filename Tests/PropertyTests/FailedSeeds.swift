/// The seeds of cases that failed once. They are tested first, always.
///
/// A seed means a case only as long as the generator stays the same, so what a seed found also
/// stands as a test of its own, in the words of the simplest program.
enum FailedSeeds {
  /// Of programs over random schemas.
  static let programs: [UInt64] = [16, 270, 1_000_000_103, 2_000_000_046, 3_000_000_372]
}
