/// The seeds of cases that failed once. They are tested first, always.
///
/// A seed means a case only as long as the generator stays the same, so what a seed found also
/// stands as a test of its own, in the words of the simplest program.
enum FailedSeeds {
  /// Of programs over random schemas.
  static let programs: [UInt64] = [16]
}
