import KithCore

extension TableState {
  /// Takes the next slot for a new row, which is stored at once, and enters its keys.
  ///
  /// - Parameter store: Stores the row, and tells where the rows lie then.
  mutating func enter(
    _ row: RowValues, store: (any RowStorage, UInt32) -> PageTreeView
  ) -> UInt32 {
    let slot = slotEnd
    changeRows { store($0, slot) }
    shared.value.noteInsertion(of: row.key)
    enterKey(row.key, at: slot)
    for index in parts.uniqueIndexes.indices {
      enterUnique(index, parts.uniqueIndexes[index].info.value(of: row.columns), at: slot)
    }
    return slot
  }

  /// Takes a row's keys out of the indexes, and the row away.
  mutating func leave(_ slot: UInt32) {
    leaveKey(key(at: slot), at: slot)
    for index in parts.uniqueIndexes.indices {
      leaveUnique(index, uniqueValue(parts.uniqueIndexes[index].info, at: slot), at: slot)
    }
    changeRows { $0.remove(at: slot) }
    parts.count -= 1
  }

  /// Takes the key and the unique values that a row is about to lose out of the indexes, so that
  /// another row of the same change may have them.
  mutating func releaseKeys(_ slot: UInt32, from old: RowValues, to new: RowValues) {
    if old.key != new.key { leaveKey(old.key, at: slot) }
    for index in parts.uniqueIndexes.indices {
      let info = parts.uniqueIndexes[index].info
      let value = info.value(of: old.columns)
      if value != info.value(of: new.columns) { leaveUnique(index, value, at: slot) }
    }
  }

  /// Stores a row whose old keys were released, and enters its new ones.
  ///
  /// - Parameter store: Stores the row, and tells where the rows lie then.
  mutating func replace(
    _ slot: UInt32, from old: RowValues, to new: RowValues,
    store: (any RowStorage, UInt32) -> PageTreeView
  ) {
    if old.key != new.key {
      enterKey(new.key, at: slot)
      parts.keysAscend = false
    }
    for index in parts.uniqueIndexes.indices {
      let info = parts.uniqueIndexes[index].info
      let value = info.value(of: new.columns)
      if info.value(of: old.columns) != value { enterUnique(index, value, at: slot) }
    }
    changeRows { store($0, slot) }
  }

  /// Stores a changed row whose keys stay.
  ///
  /// - Parameter store: Stores the row, and tells where the rows lie then.
  mutating func put(_ slot: UInt32, _ store: (any RowStorage, UInt32) -> PageTreeView) {
    changeRows { store($0, slot) }
  }

  /// Adds a row, which has these values, to an index, below a parent; index 0 is the first that the
  /// schema lists.
  mutating func insert(
    _ slot: UInt32, _ row: [StoredValue], into index: Int, _ info: IndexInfo, below parent: UInt32
  ) {
    if info.isRanked {
      parts.orderedIndexes[index].insert(slot, rank: row[info.column].rank, below: parent)
    } else {
      parts.comparedIndexes[index].insert(slot, by: order(of: info))
    }
  }

  /// Takes a row, as it is stored, out of an index.
  mutating func remove(_ slot: UInt32, from index: Int, _ info: IndexInfo, below parent: UInt32) {
    if info.isRanked {
      parts.orderedIndexes[index].remove(slot, below: parent)
    } else {
      parts.comparedIndexes[index].remove(slot, by: order(of: info))
    }
  }

  /// Compares rows by the columns of an index. It holds the rows and not this state, which would have to
  /// be copied if it were shared while an index is changed.
  private func order(of index: IndexInfo) -> (UInt32, UInt32) -> Bool {
    let (rows, places, info) = (parts.rows, parts.places, info)
    let ordering = index.ordering
    return { left, right in
      defer { withExtendedLifetime(rows) {} }
      let reader = info.value.reader
      for column in ordering {
        let first = reader.value(of: column, at: left, in: places)
        let second = reader.value(of: column, at: right, in: places)
        if first < second { return true }
        if second < first { return false }
      }
      return false
    }
  }

  private mutating func enterKey(_ key: StoredValue, at slot: UInt32) {
    if keysRank {
      parts.largestKey = largestKey.map { max($0, key) } ?? key
      parts.rankedKeys.insert(slot, rank: key.rank)
    } else {
      parts.comparedKeys.insert(slot, hash: shared.header.keySeed.hash(key))
    }
  }

  private mutating func leaveKey(_ key: StoredValue, at slot: UInt32) {
    if keysRank {
      parts.rankedKeys.remove(slot, rank: key.rank)
    } else {
      parts.comparedKeys.remove(slot, hash: shared.header.keySeed.hash(key))
    }
  }

  private mutating func enterUnique(_ index: Int, _ value: StoredValue, at slot: UInt32) {
    if value.isNull { return }
    parts.uniqueIndexes[index].index.insert(
      slot, hash: parts.uniqueIndexes[index].seed.hash(value))
  }

  private mutating func leaveUnique(_ index: Int, _ value: StoredValue, at slot: UInt32) {
    if value.isNull { return }
    _ = parts.uniqueIndexes[index].index.remove(
      slot, hash: parts.uniqueIndexes[index].seed.hash(value))
  }

  /// Changes the rows.
  ///
  /// - Parameter change: Changes them, and tells where they lie then.
  private mutating func changeRows(_ change: (any RowStorage) -> PageTreeView) {
    own()
    shared.value.places = change(shared.value.rows)
  }
}
