/// The links of one association table that differ between two versions.
@usableFromInline
struct LinkDifference {
  @usableFromInline private(set) var removed: [(source: UInt32, target: UInt32)] = []
  @usableFromInline private(set) var added: [(source: UInt32, target: UInt32)] = []

  /// The same, seen from the other ends.
  var reversed: LinkDifference {
    var copy = self
    copy.removed = removed.map { ($0.target, $0.source) }
    copy.added = added.map { ($0.target, $0.source) }
    return copy
  }

  init(_ change: Change, _ number: Int) {
    if !change.after.sharesSlots(with: change.before) {
      removed = LinkDifference.links(number, of: change.before, absentFrom: change.after)
      added = LinkDifference.links(number, of: change.after, absentFrom: change.before)
      return
    }
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

  /// The links of a graph that another has not between rows of the same keys.
  private static func links(
    _ number: Int, of graph: Graph, absentFrom other: Graph
  ) -> [(source: UInt32, target: UInt32)] {
    let info = graph.layout.links[number]
    let sources = slots(of: info.source, graph, in: other)
    let targets = slots(of: info.target, graph, in: other)
    var absent: [(source: UInt32, target: UInt32)] = []
    graph.links(number).forward.forEachSource { source, run in
      for index in run.indices {
        let (near, far) = (sources[Int(source)], targets[Int(run[index])])
        let isThere =
          near != .max && far != .max && other.isLinked(near, to: far, number, .forward)
        if !isThere { absent.append((source, run[index])) }
      }
    }
    return absent
  }

  /// For each slot of a table the slot in another graph of the row with the same key, or `.max`.
  private static func slots(of table: Int, _ graph: Graph, in other: Graph) -> [UInt32] {
    let (rows, others) = (graph.table(table), other.table(table))
    var slots = [UInt32](repeating: .max, count: Int(rows.slotEnd))
    for slot in rows.allSlots() {
      if let same = others.slot(ofKey: rows.key(at: slot)) { slots[Int(slot)] = same }
    }
    return slots
  }
}
