public import KithCore

// Where rows lie: what a key is looked up by, once, before anything is walked.

extension Graph {
  /// The rows of a table.
  @usableFromInline
  func storage(_ number: Int) -> any RowStorage { contents.value.tables[number].rows }

  /// The rows of a type.
  @inlinable
  func rows<Record: Row>(of type: Record.Type, in number: Int) -> RowsOf<Record> {
    RowsOf.of(storage(number))
  }

  /// The rows of a type at some slots, which must live.
  @inlinable
  func rows<Record: Row>(of type: Record.Type, at slots: Span<UInt32>) -> [Record] {
    defer { withExtendedLifetime(self) {} }
    return places(layout.table(of: type)).map(slots) { RowPages<Record>.row(at: $0) }
  }

  /// Where the row of a table lies whose key has a rank, or nil if there is none; to be read while
  /// this graph is held.
  @usableFromInline
  func place(in number: Int, ofRank rank: UInt64) -> LiveRow? {
    // What is needed is copied first: then nothing must be owned while the row is found.
    let rows = contents.value.tables[number].keyedRows
    return rows.find(rank)
  }

  /// Where the row of a table with a key lies, likewise.
  @usableFromInline
  func place(in number: Int, ofKey key: StoredValue) -> LiveRow? {
    contents.value.tables[number].place(ofKey: key)
  }

  /// The keys of a table, to be read while this graph is held, if they are integers: then their
  /// ranks tell them, and no row has to be read for its key.
  @inlinable
  func keys<ID: ColumnValue>(_ number: Int, of type: ID.Type) -> KeyIndexView? {
    ID.isMadeOfRank ? rankedKeys(number) : nil
  }

  @usableFromInline
  func rankedKeys(_ number: Int) -> KeyIndexView { contents.value.tables[number].rankedKeys }

  /// The order of a table's rows by primary key.
  func keyOrder(_ number: Int) -> KeyOrder { contents.value.tables[number].keyOrder }

  /// The places of a table's rows, to be read while this graph is held.
  @usableFromInline
  func places(_ number: Int) -> PageTreeView { contents.value.tables[number].places }

  /// The slot of a row of a table, or nil if there is none with the key.
  @usableFromInline
  func slot(in number: Int, ofKey key: StoredValue) -> UInt32? {
    contents.value.tables[number].slot(ofKey: key)
  }

  /// The slot of a row of a table whose key has a rank, or nil if there is none.
  @usableFromInline
  func slot(in number: Int, ofRank rank: UInt64) -> UInt32? {
    defer { withExtendedLifetime(contents) {} }
    return contents.value.tables[number].slot(ofRank: rank)
  }

  /// The slot of a row of a table, or nil if there is none with the key.
  @inlinable
  @inline(__always)
  func slot<ID: ColumnValue>(in number: Int, _ id: ID) -> UInt32? {
    ID.hasRanks ? slot(in: number, ofRank: id.stored.rank) : slot(in: number, ofKey: id.stored)
  }

  /// The slot of a row, or nil if there is none with the key.
  @inlinable
  func slot<Record: Row>(of type: Record.Type, _ id: Record.ID) -> UInt32? {
    slot(in: layout.table(of: type), id)
  }

  /// The slots of rows; keys that no row has are passed over.
  @inlinable
  func slots<Record: Row>(of type: Record.Type, _ ids: some Sequence<Record.ID>) -> Slots {
    let number = layout.table(of: type)
    return Record.ID.hasRanks
      ? slots(in: number, ofRanks: ids.map { $0.stored.rank }, Record.ID.storedKind)
      : slots(in: number, ofKeys: ids.map { $0.stored })
  }

  /// The slots of the rows of a table with some keys.
  @usableFromInline
  func slots(in number: Int, ofKeys keys: [StoredValue]) -> Slots {
    let table = table(number)
    return Slots(found: keys.map { table.slot(ofKey: $0) ?? .max }) { keys[$0] }
  }

  /// The slots of the rows of a table whose keys, which are of a kind, have some ranks.
  @usableFromInline
  func slots(in number: Int, ofRanks ranks: [UInt64], _ kind: StoredValue.Kind) -> Slots {
    defer { withExtendedLifetime(contents) {} }
    let keys = contents.value.tables[number].rankedKeys
    return Slots(found: keys.slots(of: ranks)) { StoredValue(kind, rank: ranks[$0]) }
  }
}
