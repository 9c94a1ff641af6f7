import Foundation
import Kith

/// Users and their follows in a folder of Kith's.
final class DiskFollows: @unchecked Sendable {
  let folder: TemporaryFolder
  private var opened: GraphStore?

  /// The name of the store's folder.
  static let name = "store"

  /// Makes a store and its first checkpoint.
  init(_ world: World, _ durability: GraphStore.Durability) throws {
    folder = try TemporaryFolder()
    let graph = try world.graph()
    let store = try GraphStore(graph.schema, at: url, durability: durability)
    try store.write { copy in
      try copy.insert(contentsOf: world.links.ids.lazy.map { User(id: $0) })
      try copy.load(User.follows, world.links.pairs)
    }
    try store.checkpoint()
    opened = store
  }

  var url: URL {
    folder.url.appending(component: DiskFollows.name, directoryHint: .isDirectory)
  }

  var store: GraphStore {
    guard let opened else { preconditionFailure("a store that was closed is not used") }
    return opened
  }

  /// Lets others open the store.
  func close() { opened = nil }

  /// Inserts one follow in a commit of its own.
  ///
  /// - Returns: 1 if it is new.
  func append(_ pair: (Int, Int)) throws -> Int {
    try store.write { try $0.append(pair.1, to: User.following, of: pair.0) ? 1 : 0 }
  }

  /// Removes follows in one commit.
  func remove(_ pairs: [(Int, Int)]) throws {
    try store.write { graph in
      for (source, target) in pairs { graph.remove(target, from: User.following, of: source) }
    }
  }
}

/// Users and their follows in a file of SQLite's with a write-ahead log.
final class SQLiteFile: @unchecked Sendable {
  private let folder: TemporaryFolder
  private let graphs: [SQLite]

  /// - Parameter connections: How many threads write, each with a connection of its own.
  init(_ world: World, synchronous: String, connections: Int) throws {
    folder = try TemporaryFolder()
    let path = folder.path("follows.sqlite")
    let first = try SQLite(file: path, synchronous: synchronous)
    _ = try SQLiteGraph(world.links, in: first)
    graphs =
      try [first]
      + (1..<connections).map { _ in
        try SQLite(file: path, synchronous: synchronous)
      }
  }

  /// Inserts one follow in a transaction of its own.
  ///
  /// - Returns: 1 if it is new.
  func append(_ pair: (Int, Int), on connection: Int) throws -> Int {
    let database = graphs[connection]
    var inserted = 0
    try database.transaction("BEGIN IMMEDIATE") {
      try database.statement("INSERT OR IGNORE INTO follows VALUES (?, ?)").run(pair.0, pair.1)
      inserted = database.changes
    }
    return inserted
  }

  /// Removes follows in one transaction.
  func remove(_ pairs: [(Int, Int)]) throws {
    let database = graphs[0]
    try database.transaction("BEGIN IMMEDIATE") {
      let remove = try database.statement(
        "DELETE FROM follows WHERE follower_id = ? AND followed_id = ?")
      for (source, target) in pairs { try remove.run(source, target) }
    }
  }
}
