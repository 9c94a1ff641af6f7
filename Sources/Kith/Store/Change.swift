import KithCore

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
  public func inserted<Record: Row>(_ type: Record.Type) -> [Record] {
    let table = after.layout.table(of: type)
    let rows = after.rows(of: type, in: table)
    return RowDifference(self, table: table).inserted.map { rows.row(at: $0) }
  }

  /// The rows whose columns have other values, before and after. A row that was deleted and inserted
  /// again under its key is among them if it is not the same.
  public func updated<Record: Row>(_ type: Record.Type) -> [(before: Record, after: Record)] {
    let table = after.layout.table(of: type)
    let (old, new) = (before.rows(of: type, in: table), after.rows(of: type, in: table))
    return RowDifference(self, table: table).updated.map {
      (old.row(at: $0.before), new.row(at: $0.after))
    }
  }

  /// The rows that are gone, as they were, in the order in which they had been inserted.
  public func deleted<Record: Row>(_ type: Record.Type) -> [Record] {
    let table = after.layout.table(of: type)
    let rows = before.rows(of: type, in: table)
    return RowDifference(self, table: table).deleted.map { rows.row(at: $0) }
  }

  // MARK: Links

  /// The links that are new. A row whose key was changed keeps its links; they are not new.
  ///
  /// - Complexity: O(pages that differ); likewise for `removed`.
  public func appended<Source: Row, Target: Row>(
    _ association: Association<Source, Target>
  ) -> [(source: Source.ID, target: Target.ID)] {
    links(association).added
  }

  /// The links that are gone.
  public func removed<Source: Row, Target: Row>(
    _ association: Association<Source, Target>
  ) -> [(source: Source.ID, target: Target.ID)] {
    links(association).removed
  }

  private typealias Links<Source: Row, Target: Row> = [(source: Source.ID, target: Target.ID)]

  private func links<Source: Row, Target: Row>(
    _ association: Association<Source, Target>
  ) -> (removed: Links<Source, Target>, added: Links<Source, Target>) {
    let difference = LinkDifference(self, after.layout.link(association.identity))
    func keyed(
      _ slots: [(source: UInt32, target: UInt32)], _ graph: Graph
    ) -> Links<Source, Target> {
      let sources = graph.rows(of: Source.self, in: graph.layout.table(of: Source.self))
      let targets = graph.rows(of: Target.self, in: graph.layout.table(of: Target.self))
      return slots.map { link in
        association.direction == .forward
          ? (sources.row(at: link.source).id, targets.row(at: link.target).id)
          : (sources.row(at: link.target).id, targets.row(at: link.source).id)
      }
    }
    return (keyed(difference.removed, before), keyed(difference.added, after))
  }
}
