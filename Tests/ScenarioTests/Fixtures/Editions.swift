import Kith

/// Texts that have one published and one editable edition: a composite key.
enum Editions {
  enum Status: String, ColumnValue {
    case published, editable

    var other: Status { self == .published ? .editable : .published }
  }

  struct Edition: Row {
    var code: Int
    var status: Status
    var title: String
    var id: Pair<Int, Status> { Pair(code, status) }

    static let table = Table(
      "editions", Self.init,
      Column("code", \.code),
      Column("status", \.status),
      Column("title", \.title)
    )
    .primaryKey(\.code, \.status)
  }

  static func store() throws -> GraphStore {
    let store = GraphStore(try Schema { Edition.self })
    try store.write { graph in
      try graph.insert(contentsOf: [
        Edition(code: 1, status: .published, title: "first"),
        Edition(code: 1, status: .editable, title: "second"),
      ])
    }
    return store
  }

  /// The titles of the published and of the editable edition.
  static func titles(_ graph: Graph) -> [String?] {
    [Status.published, .editable].map { graph.find(Edition.self, Pair(1, $0))?.title }
  }
}
