import KithCore

/// Foreign keys that are checked at the end of a write: the rows that wait for the rows they refer
/// to, by link and by key.
struct PendingReferences {
  private var waiting: [Int: [StoredValue: Set<UInt32>]] = [:]

  var isEmpty: Bool { waiting.isEmpty }

  mutating func add(_ slot: UInt32, _ link: Int, _ key: StoredValue) {
    waiting[link, default: [:]][key, default: []].insert(slot)
  }

  mutating func remove(_ slot: UInt32, _ link: Int, _ key: StoredValue) {
    waiting[link]?[key]?.remove(slot)
    tidy(link, key)
  }

  /// Takes out all rows that wait for a key, ascending.
  mutating func take(_ link: Int, _ key: StoredValue) -> [UInt32] {
    defer { tidy(link, key) }
    return waiting[link]?.removeValue(forKey: key)?.sorted() ?? []
  }

  /// The least of what is waited for, so that messages repeat.
  var first: (link: Int, key: StoredValue)? {
    waiting.keys.min().flatMap { link in
      waiting[link]?.keys.min().map { (link, $0) }
    }
  }

  private mutating func tidy(_ link: Int, _ key: StoredValue) {
    if waiting[link]?[key]?.isEmpty ?? false { waiting[link]?[key] = nil }
    if waiting[link]?.isEmpty ?? false { waiting[link] = nil }
  }
}

extension Graph {
  /// Refuses a graph in which a deferred foreign key still refers to no row.
  ///
  /// - Throws: `GraphError.missingReference`.
  func checkDeferred() throws(GraphError) {
    guard let (link, key) = pending.first else { return }
    throw layout.links[link].value.missing(key)
  }

  /// Lets a row wait for the row that its foreign key refers to.
  mutating func awaitParent(_ link: Int, _ slot: UInt32, _ key: StoredValue) {
    changePending { $0.add(slot, link, key) }
  }

  /// Lets a stored row wait no more for the row that its foreign key refers to.
  mutating func forgetPending(_ link: Int, _ slot: UInt32) {
    let info = layout.links[link]
    guard info.isDeferred, !pending.isEmpty, let column = info.column else { return }
    let key = table(info.source).value(of: column, at: slot)
    changePending { $0.remove(slot, link, key) }
  }

  /// Links the rows that wait for a key to the row that has it now.
  mutating func adoptChildren(of number: Int, _ slot: UInt32, _ key: StoredValue) {
    if pending.isEmpty { return }
    for link in layout.tables[number].referrers where layout.links[link].isDeferred {
      for child in changePending({ $0.take(link, key) }) {
        let table = layout.links[link].source
        moveInIndexes(table, child) { $0.relink(child, .row(link: link, slot)) }
      }
    }
  }
}
