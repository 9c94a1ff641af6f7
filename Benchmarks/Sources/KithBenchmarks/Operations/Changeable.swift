import Kith

/// Follows to insert and to remove in one transaction.
struct Changes {
  var insert: [(Int, Int)] = []
  var remove: [(Int, Int)] = []
}

/// A side that can be changed; the static CSR can't.
protocol Changeable: AnyObject {
  var peer: Peer { get }
  /// - Returns: How many follows were new or gone.
  func commit(_ changes: Changes) throws -> Int
}

final class KithFollows: Changeable {
  let store: GraphStore
  /// A version that is kept while the next one is made.
  var held: Graph?

  init(store: GraphStore) { self.store = store }

  var peer: Peer { .kith }

  func commit(_ changes: Changes) throws -> Int {
    try store.write { graph in
      var changed = 0
      for (source, target) in changes.insert {
        if try graph.append(target, to: User.following, of: source) { changed += 1 }
      }
      for (source, target) in changes.remove {
        if graph.remove(target, from: User.following, of: source) { changed += 1 }
      }
      return changed
    }
  }
}

final class DictionaryFollows: Changeable {
  let graph: DictionaryGraph

  init(graph: DictionaryGraph) { self.graph = graph }

  var peer: Peer { .dictionary }

  func commit(_ changes: Changes) throws -> Int {
    var changed = 0
    for (source, target) in changes.insert where graph.insert(source, target) { changed += 1 }
    for (source, target) in changes.remove where graph.remove(source, target) { changed += 1 }
    return changed
  }
}

final class SQLiteFollows: Changeable {
  let graph: SQLiteGraph

  init(graph: SQLiteGraph) { self.graph = graph }

  var peer: Peer { .sqlite }

  func commit(_ changes: Changes) throws -> Int {
    let database = graph.database
    var changed = 0
    try database.transaction {
      let insert = try database.statement("INSERT OR IGNORE INTO follows VALUES (?, ?)")
      for (source, target) in changes.insert {
        try insert.run(source, target)
        changed += database.changes
      }
      let remove = try database.statement(
        "DELETE FROM follows WHERE follower_id = ? AND followed_id = ?")
      for (source, target) in changes.remove {
        try remove.run(source, target)
        changed += database.changes
      }
    }
    return changed
  }
}
