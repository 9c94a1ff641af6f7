import Foundation
import Kith
import KithCore
import KithTestSupport
import Synchronization
import Testing

/// A list to which values are appended.
struct Shelf: Row {
  var id: Int

  static let table = Table("shelves", Self.init, Column("id", \.id))
  static let holds = Association("holds", from: Shelf.self, "shelf_id", to: Entry.self, "entry_id")
  static let held = hasMany(through: holds)
  static let entries = hasMany(\Entry.shelf)
}

/// A value at its place in a list. That no two have one place is a rule of the table.
struct Entry: Row {
  var id: Int
  var shelf: Shelf.ID
  var place: Int

  static let table = Table(
    "entries", Self.init,
    Column("id", \.id),
    Column("shelf_id", \.shelf, references: Shelf.self),
    Column("place", \.place)
  )
  .unique(\.shelf, \.place)
  .index(\.shelf, orderedBy: \.place)
}

/// Moments, each later than those that were told before.
final class Ticks: Sendable {
  // Relaxed, so that it orders nothing else: the thread sanitizer must see what the store orders.
  private let last = Atomic(0)

  func next() -> Int { last.add(1, ordering: .relaxed).newValue }
}

/// A store that keeps lists as rows in order, and as links, and is asked for both.
struct AppendOnlyLists: Sendable {
  enum Call: Sendable {
    case append(Int, to: Int)
    case read(Int)
  }

  static let count = 5

  let store: GraphStore

  static func schema() throws -> Schema {
    try Schema {
      Shelf.self
      Entry.self
      Shelf.holds
    }
  }

  init(_ store: GraphStore) throws {
    self.store = store
    try store.write { try $0.insert(contentsOf: (0..<Self.count).map { Shelf(id: $0) }) }
  }

  // MARK: Calls

  /// Makes calls, and tells what came of them.
  func perform(_ calls: [Call], in graph: inout Graph) throws -> [History.Step] {
    try calls.map { call in
      switch call {
      case .append(let value, let list):
        let place = graph[Shelf.self, list].entries.count
        try graph.insert(Entry(id: value, shelf: list, place: place))
        try graph.append(value, to: Shelf.held, of: list)
        return .append(value, to: list)
      case .read(let list): return .read(read(list, graph), of: list)
      }
    }
  }

  /// Makes calls that change nothing.
  func perform(_ calls: [Call], reading graph: Graph) throws -> [History.Step] {
    calls.compactMap { call in
      if case .read(let list) = call { .read(read(list, graph), of: list) } else { nil }
    }
  }

  private func read(_ list: Int, _ graph: Graph) -> [Int] {
    let entries = graph[Shelf.self, list].entries.sorted(by: \.place)
    let values = entries.ids
    if values != graph[Shelf.self, list].held.ids || entries.map(\.place) != Array(values.indices) {
      Issue.record("list \(list) is not the same in rows and in links")
    }
    return values
  }

  // MARK: Histories

  /// Lets threads and tasks run transactions, and reads all lists in the end.
  func record(workers: Int, transactions: Int, seed: UInt64) async throws -> History {
    let clock = Ticks()
    var all = try await withThrowingTaskGroup { group in
      for number in 0..<workers {
        let worker = ListWorker(
          lists: self, clock: clock, number: number, seed: seed << 8 | UInt64(number))
        group.addTask {
          number % 2 == 0
            ? try await worker.runOnThread(transactions) : try await worker.run(transactions)
        }
      }
      return try await group.reduce(into: [History.Transaction]()) { $0 += $1 }
    }
    let start = clock.next()
    let steps = try perform((0..<Self.count).map { .read($0) }, reading: store.snapshot)
    all.append(History.Transaction(steps, time: start..<clock.next()))
    return History(all)
  }
}
