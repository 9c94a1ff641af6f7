import KithCore

extension Graph {
  /// Whether whatever was changed since another version has been changed back: the same rows, in the same
  /// order, with the same links and the same next keys.
  ///
  /// - Complexity: O(tables) if there are more or fewer rows or links than there were; otherwise O(pages
  ///   that differ).
  func isUnchanged(since before: Graph) -> Bool {
    guard sharesSlots(with: before) else { return false }
    let (tables, links) = (layout.tables.indices, layout.associations)
    return tables.allSatisfy { table($0).hasSizes(of: before.table($0)) }
      && links.allSatisfy { linkCount($0) == before.linkCount($0) }
      && tables.allSatisfy { table($0).hasRows(of: before.table($0)) }
      && links.allSatisfy { hasLinks($0, of: before) }
  }

  private func hasLinks(_ number: Int, of before: Graph) -> Bool {
    var isSame = true
    links(number).forward.forEachChange(since: before.links(number).forward) { _, _, _ in
      isSame = false
    }
    return isSame
  }
}

extension TableState {
  fileprivate func hasSizes(of before: TableState) -> Bool {
    count == before.count && largestKey == before.largestKey
  }

  fileprivate func hasRows(of before: TableState) -> Bool {
    if isSameVersion(as: before) { return true }
    var isSame = true
    rows.forEachChangedSlot(since: before.rows) { slot in
      isSame =
        isSame && isLive(slot) && before.isLive(slot)
        && values(at: slot).isIdentical(to: before.values(at: slot))
    }
    return isSame
  }
}
