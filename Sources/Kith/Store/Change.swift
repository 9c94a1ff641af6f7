public import KithCore

/// What one write did, net, or what differs between any two versions of a graph.
///
/// A row that was inserted and deleted again does not show, nor does a link that was removed and
/// appended again. Nothing is computed until it is asked for.
///
/// Between a graph and one that was compacted or decoded since, rows are told apart by their keys: one
/// whose key was changed is another row there, and whatever is asked takes O(rows + links).
///
/// ```swift
/// for await change in store.changes {
///   for user in change.inserted(User.self) { … }
///   for (source, target) in change.removed(User.follows) { … }
/// }
/// ```
public struct Change: Sendable {
  /// The graph before the change.
  public let before: Graph
  /// The graph after the change.
  public let after: Graph

  /// Describes what differs between two versions of a graph.
  ///
  /// - Precondition: Both have one schema.
  public init(from before: Graph, to after: Graph) {
    precondition(before.layout === after.layout, "only versions of one graph are compared")
    self.before = before
    self.after = after
  }

  /// The version of the store that the change led to.
  public var version: Int { after.version }

  /// Whether nothing differs.
  ///
  /// - Complexity: O(pages that differ).
  public var isEmpty: Bool {
    let tables = after.layout.tables.indices.allSatisfy { RowDifference(self, table: $0).isEmpty }
    return tables
      && after.layout.links.indices.allSatisfy { number in
        if after.layout.links[number].column != nil { return true }
        let links = LinkDifference(self, number)
        return links.removed.isEmpty && links.added.isEmpty
      }
  }

  // MARK: Rows

  /// The rows that are new, in order of insertion.
  ///
  /// - Complexity: O(pages that differ); likewise for `updated` and `deleted`.
  @inlinable
  public func inserted<Record: Row>(_ type: Record.Type) -> [Record] {
    let rows = RowDifference(self, table: after.layout.table(of: type))
    return after.rows(of: type, at: rows.inserted.span)
  }

  /// The rows whose columns have other values, before and after. A row that was deleted and inserted
  /// again under its key is among them if it is not the same.
  @inlinable
  public func updated<Record: Row>(_ type: Record.Type) -> [(before: Record, after: Record)] {
    defer { withExtendedLifetime(self) {} }
    let table = after.layout.table(of: type)
    let (old, new) = (before.places(table), after.places(table))
    return RowDifference(self, table: table).updated.map {
      (RowPages<Record>.row(at: $0.before, old), RowPages<Record>.row(at: $0.after, new))
    }
  }

  /// The rows that are gone, as they were, in the order in which they had been inserted.
  @inlinable
  public func deleted<Record: Row>(_ type: Record.Type) -> [Record] {
    let rows = RowDifference(self, table: after.layout.table(of: type))
    return before.rows(of: type, at: rows.deleted.span)
  }

  // MARK: Links

  /// The links that are new. A row whose key was changed keeps its links; they are not new.
  ///
  /// - Complexity: O(pages that differ); likewise for `removed`.
  @inlinable
  public func appended<Source: Row, Target: Row>(
    _ association: Association<Source, Target>
  ) -> [(source: Source.ID, target: Target.ID)] {
    after.keys(of: links(association.identity, association.direction).added, association)
  }

  /// The links that are gone.
  @inlinable
  public func removed<Source: Row, Target: Row>(
    _ association: Association<Source, Target>
  ) -> [(source: Source.ID, target: Target.ID)] {
    before.keys(of: links(association.identity, association.direction).removed, association)
  }

  /// The links of an association table that differ, seen from one of its ends.
  @usableFromInline
  func links(_ association: LinkIdentity, _ direction: Direction) -> LinkDifference {
    let links = LinkDifference(self, after.layout.link(association))
    return direction == .forward ? links : links.reversed
  }
}

extension Graph {
  /// The keys of the rows at both ends of some links of an association table.
  @inlinable
  func keys<Source: Row, Target: Row>(
    of links: [(source: UInt32, target: UInt32)], _: Association<Source, Target>
  ) -> [(source: Source.ID, target: Target.ID)] {
    defer { withExtendedLifetime(self) {} }
    let sources = places(layout.table(of: Source.self))
    let targets = places(layout.table(of: Target.self))
    let (sourceID, targetID) = (Source.table.idField, Target.table.idField)
    return links.map {
      (
        RowPages<Source>.read(sourceID, at: $0.source, sources),
        RowPages<Target>.read(targetID, at: $0.target, targets)
      )
    }
  }
}
