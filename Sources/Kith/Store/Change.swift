import KithCore

/// What one write did, net, or what differs between any two versions of a graph.
///
/// A row that was inserted and deleted again does not show, nor does a link that was removed and
/// appended again. Nothing is computed until it is asked for.
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

/// The rows of one table that differ between two versions.
private struct RowDifference {
  private(set) var inserted: [UInt32] = []
  private(set) var updated: [(before: UInt32, after: UInt32)] = []
  private(set) var deleted: [UInt32] = []

  var isEmpty: Bool { inserted.isEmpty && updated.isEmpty && deleted.isEmpty }

  init(_ change: Change, table: Int) {
    let (old, new) = (change.before.table(table), change.after.table(table))
    if old.isSameVersion(as: new) { return }
    new.rows.forEachChangedSlot(since: old.rows) { slot in
      switch (old.rows.isLive(slot), new.rows.isLive(slot)) {
      case (true, true):
        if old.rows.values(at: slot) != new.rows.values(at: slot) { updated.append((slot, slot)) }
      case (true, false): note(gone: slot, old, new)
      case (false, true): note(come: slot, old, new)
      case (false, false): break
      }
    }
  }

  /// Notes a row that is gone, unless another has come under its key, which is noted then.
  private mutating func note(gone slot: UInt32, _ old: TableState, _ new: TableState) {
    let successor = new.slot(ofKey: old.key(at: slot))
    if successor.map({ old.rows.isLive($0) }) ?? true { deleted.append(slot) }
  }

  /// Notes a row that has come, which may have the key of one that is gone.
  private mutating func note(come slot: UInt32, _ old: TableState, _ new: TableState) {
    guard let predecessor = old.slot(ofKey: new.key(at: slot)), !new.rows.isLive(predecessor)
    else { return inserted.append(slot) }
    if old.rows.values(at: predecessor) != new.rows.values(at: slot) {
      updated.append((predecessor, slot))
    }
  }
}

/// The links of one association table that differ between two versions.
private struct LinkDifference {
  private(set) var removed: [(source: UInt32, target: UInt32)] = []
  private(set) var added: [(source: UInt32, target: UInt32)] = []

  init(_ change: Change, _ number: Int) {
    let (old, new) = (change.before.links(number).forward, change.after.links(number).forward)
    new.forEachChange(since: old) { source, gone, come in
      removed += gone.map { (source, $0) }
      added += come.map { (source, $0) }
    }
    if !removed.isEmpty, !added.isEmpty { cancelOut(change, change.after.layout.links[number]) }
  }

  /// Leaves out links between rows that were deleted and inserted again: other slots, the same keys.
  private mutating func cancelOut(_ change: Change, _ info: Frozen<LinkInfo>) {
    struct Ends: Hashable {
      let source: StoredValue
      let target: StoredValue

      init(_ link: (source: UInt32, target: UInt32), _ graph: Graph, _ info: Frozen<LinkInfo>) {
        source = graph.table(info.source).key(at: link.source)
        target = graph.table(info.target).key(at: link.target)
      }
    }
    let gone = Set(removed.map { Ends($0, change.before, info) })
    let come = Set(added.map { Ends($0, change.after, info) })
    let both = gone.intersection(come)
    if both.isEmpty { return }
    removed.removeAll { both.contains(Ends($0, change.before, info)) }
    added.removeAll { both.contains(Ends($0, change.after, info)) }
  }
}
