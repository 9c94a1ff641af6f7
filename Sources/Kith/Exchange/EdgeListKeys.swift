/// What the ids of an edge list stand for as keys of a table.
///
/// What depends on the type of the keys is found once, and not for each id.
struct EdgeListKeys {
  private let kind: StoredValue.Kind
  /// Whether a value of the kind is a key, or nil if all are.
  private let isKey: ((StoredValue) -> Bool)?
  /// What should stand where an id is no key.
  private let expectation: String

  /// The keys of a type of row.
  ///
  /// - Precondition: They are integers.
  init<Record: Row>(of type: Record.Type) {
    EdgeListKeys.requireIntegers(of: type)
    kind = Record.ID.storedKind
    // A line is read as such integers.
    isKey = Record.ID.self == Int.self ? nil : { Record.ID($0) != nil }
    let (keyType, table) = (Record.ID.self, Record.table.name)
    expectation = "an integer that fits in \(keyType), the type of the keys of \(table)"
  }

  /// Stops the program if the keys of a type of row are not integers.
  static func requireIntegers<Record: Row>(of type: Record.Type) {
    let name = Record.table.name
    precondition(
      Record.ID.isMadeOfRank,
      "an edge list holds integers, which the keys of \(name) are not: use CSV or JSON lines")
  }

  /// The key that an id stands for, as it is stored.
  ///
  /// - Parameter field: Which id of its line it is: 0 for the source, 1 for the target.
  /// - Throws: What is wrong with an id that the type of the keys can't hold.
  func key(of id: Int, field: Int) throws(EdgeListRefusal) -> StoredValue {
    let stored: StoredValue? =
      kind == .integer ? .integer(Int64(id)) : UInt64(exactly: id).map { .unsigned($0) }
    if let stored, isKey?(stored) ?? true { return stored }
    throw EdgeListRefusal(field: field, reason: .unfit(expected: expectation))
  }
}
