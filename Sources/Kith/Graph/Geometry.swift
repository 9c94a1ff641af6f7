package import KithCore

/// The sizes of the structures that a graph is made of. Tests use tiny ones, so that every boundary
/// is crossed by few rows.
package struct Geometry: Sendable {
  /// The pages and hubs of links, and of ordered indexes.
  let runs: RunGeometry
  /// The pages of hashed indexes that hold slots.
  let slots: HashGeometry
  /// The pages of hashed indexes that hold ranks.
  let ranks: HashGeometry
  /// How many slots a table may use in its life.
  let slotLimit: UInt32
  /// Makes the seed of a hashed index.
  let seed: @Sendable () -> HashSeed

  /// The sizes that measured best, and seeds that nobody can guess.
  package static let standard = Geometry()

  package init(
    runs: RunGeometry = .standard, slots: HashGeometry = .standard, ranks: HashGeometry = .ranks,
    slotLimit: UInt32 = .max - 1, seed: @escaping @Sendable () -> HashSeed = { .random() }
  ) {
    self.runs = runs
    self.slots = slots
    self.ranks = ranks
    self.slotLimit = slotLimit
    self.seed = seed
  }
}
