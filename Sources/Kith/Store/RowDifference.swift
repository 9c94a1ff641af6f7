/// The rows of one table that differ between two versions.
@usableFromInline
struct RowDifference {
  @usableFromInline private(set) var inserted: [UInt32] = []
  @usableFromInline private(set) var updated: [(before: UInt32, after: UInt32)] = []
  @usableFromInline private(set) var deleted: [UInt32] = []

  var isEmpty: Bool { inserted.isEmpty && updated.isEmpty && deleted.isEmpty }

  @usableFromInline
  init(_ change: Change, table: Int) {
    let (old, new) = (change.before.table(table), change.after.table(table))
    if old.isSameVersion(as: new) { return }
    if !change.after.sharesSlots(with: change.before) {
      compareByKey(old, new)
      return
    }
    new.rows.forEachChangedSlot(since: old.rows) { slot in
      switch (old.isLive(slot), new.isLive(slot)) {
      case (true, true):
        if old.differs(at: slot, from: new, at: slot) { updated.append((slot, slot)) }
      case (true, false): note(gone: slot, old, new)
      case (false, true): note(come: slot, old, new)
      case (false, false): break
      }
    }
  }

  /// Notes a row that is gone, unless another has come under its key, which is noted then.
  private mutating func note(gone slot: UInt32, _ old: TableState, _ new: TableState) {
    let successor = new.slot(ofKey: old.key(at: slot))
    if successor.map({ old.isLive($0) }) ?? true { deleted.append(slot) }
  }

  /// Notes a row that has come, which may have the key of one that is gone.
  private mutating func note(come slot: UInt32, _ old: TableState, _ new: TableState) {
    guard let predecessor = old.slot(ofKey: new.key(at: slot)), !new.isLive(predecessor)
    else { return inserted.append(slot) }
    if old.differs(at: predecessor, from: new, at: slot) {
      updated.append((predecessor, slot))
    }
  }

  /// Finds what differs where a slot is another row before and after.
  private mutating func compareByKey(_ old: TableState, _ new: TableState) {
    for slot in old.allSlots() {
      guard let successor = new.slot(ofKey: old.key(at: slot)) else {
        deleted.append(slot)
        continue
      }
      if old.differs(at: slot, from: new, at: successor) {
        updated.append((slot, successor))
      }
    }
    inserted = new.allSlots().filter { old.slot(ofKey: new.key(at: $0)) == nil }
  }
}
