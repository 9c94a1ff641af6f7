/// A change of the tables that a folder holds, and of what is in them, that can be done and undone.
///
/// ```swift
/// Migration("0002_display_name") { tables in
///   try tables.addColumn(.column("display_name", .text, isNullable: true), to: "users")
/// } down: { tables in
///   try tables.dropColumn("display_name", from: "users", losingData: true)
/// }
/// ```
///
/// Migrations speak of tables, columns and values by name, never of today's types, so that they mean
/// the same years later. Each is one transaction: it is done wholly, or nothing has changed.
public struct Migration: Sendable {
  /// The name by which a folder remembers that the migration was done.
  public let name: String
  /// The migrations that it follows; nil for the one before it in the list.
  let predecessors: [String]?
  let up: @Sendable (inout Tables) throws -> Void
  /// Nil if it can't be undone.
  let down: (@Sendable (inout Tables) throws -> Void)?

  /// Declares a migration.
  ///
  /// - Parameters:
  ///   - name: A name that no other migration has, such as `0002_display_name`.
  ///   - predecessors: The migrations that it follows; none to start from nothing. Left out, it
  ///     follows the one before it in the list.
  ///   - up: Does the migration.
  ///   - down: Undoes it; nil if it can't be undone.
  public init(
    _ name: String, after predecessors: [String]? = nil,
    up: @escaping @Sendable (inout Tables) throws -> Void,
    down: (@Sendable (inout Tables) throws -> Void)? = nil
  ) {
    self.name = name
    self.predecessors = predecessors
    self.up = up
    self.down = down
  }

  /// Makes a migration of the difference of two schemas.
  ///
  /// - Parameters:
  ///   - name: A name that no other migration has.
  ///   - predecessors: The migrations that it follows, or nil for the one before it in the list.
  ///   - difference: What to do; its inverse undoes it.
  ///   - losingData: Whether tables and columns that hold something may be dropped.
  public init(
    _ name: String, after predecessors: [String]? = nil, _ difference: Schema.Difference,
    losingData: Bool = false
  ) {
    self.init(name, after: predecessors) { tables in
      try tables.perform(difference, losingData: losingData)
    } down: { tables in
      // What comes with the way up goes with the way down.
      try tables.perform(difference.inverse, losingData: true)
    }
  }

  /// Makes a migration that does nothing but follow several others, so that there is one head again.
  public static func merge(_ name: String, of predecessors: String...) -> Migration {
    Migration(name, after: predecessors) { _ in
    } down: { _ in
    }
  }

  /// Which migration to go to.
  public enum Target: Sendable, Hashable {
    /// The last migration; an error if several are the last of a branch.
    case head
    /// The last migrations of all branches.
    case heads
    /// Before the first migration.
    case base
    /// The one with a name, or the only one whose name starts so.
    case named(String)
    /// Some migrations further, or back if the number is negative.
    case steps(Int)
  }

  /// What a migration did, or would do.
  public struct Report: Sendable, Hashable {
    /// The name of the migration.
    public var migration: String
    /// Whether it was undone.
    public var isDowngrade: Bool
    /// What was done, in order.
    public var steps: [Step]
  }

  /// One step of a migration.
  public struct Step: Sendable, Hashable {
    /// The step in words.
    public var description: String
    /// How many rows, or links, it was about.
    public var count: Int
  }
}

extension Migration.Target: ExpressibleByStringLiteral {
  /// The target that a word names: `head`, `heads`, `base`, `+1`, `-2`, or a migration.
  public init(_ text: String) {
    switch text {
    case "head": self = .head
    case "heads": self = .heads
    case "base": self = .base
    default:
      let isRelative = text.hasPrefix("+") || text.hasPrefix("-")
      self = isRelative ? Int(text).map(Self.steps) ?? .named(text) : .named(text)
    }
  }

  /// The target that a word names.
  public init(stringLiteral text: String) { self.init(text) }
}

extension Migration.Report: CustomStringConvertible {
  /// The migration, and under it a line for each step.
  public var description: String {
    let lines = steps.map { step in
      step.count == 0 ? "  \(step.description)" : "  \(step.description): \(step.count)"
    }
    return (["\(isDowngrade ? "down" : "up") \(migration)"] + lines).map(\.onOneLine)
      .joined(separator: "\n")
  }
}
