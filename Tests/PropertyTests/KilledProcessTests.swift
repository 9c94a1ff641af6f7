import Foundation
import Kith
import KithTestSupport
import Testing

/// How often a process is killed. `KITH_STEPS` multiplies it.
private let kills = effort(release: 25, debug: 10)

@Suite struct `A process that is killed` {
  /// One process after the other opens a folder, commits on two threads, writes checkpoints and
  /// compacts, and is killed at a random moment.
  @Test(arguments: 0..<4 as Range<UInt64>)
  func `loses no commit that it knows of, and leaves none in part`(part: UInt64) async throws {
    let place = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: place) }
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    let steps = ProcessInfo.processInfo.environment["KITH_STEPS"].flatMap { Int($0) } ?? 1
    var (last, commits, leastCommits) = (0, 0, 0)
    for round in 0..<UInt64(kills * steps) {
      // A new folder now and then, so that there is never much to compare.
      let path = place.appending(path: "store-\(round / 20)").path(percentEncoded: false)
      if round.isMultiple(of: 20) { last = 0 }
      let seed = part << 32 | round
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = path as String, seed = seed as UInt64] in
        try KilledWriter(seed: seed).run(in: path)
      }
      let moment = "part \(part), round \(round)"
      let store = try GraphStore(try KilledWriter.schema(), at: URL(filePath: path))
      let graph = store.snapshot
      // A write makes the next person, who follows the one with half the number.
      let all = Array(1..<(store.version + 1))
      #expect(graph[Person.self].ids.sorted() == all, "\(moment)")
      #expect(all.allSatisfy { graph[Person.self, $0].following.ids == [$0 / 2 + 1] }, "\(moment)")
      try graph.validate()
      #expect(store.version >= KilledWriter.acknowledged(in: path), "\(moment)")
      #expect(store.version >= last, "\(moment)")
      commits += store.version - last
      last = store.version
      if KilledWriter(seed: seed).lives == .sinceACommit { leastCommits += 1 }
    }
    // However slow the machine is.
    #expect(commits >= leastCommits)
    #expect(leastCommits > 0)
  }
}

/// What a process does until it is killed.
private struct KilledWriter {
  /// From when on it is counted how long the process lives.
  enum Life {
    case sinceItsStart, sinceItOpenedTheStore, sinceACommit
  }

  let lives: Life
  private let microseconds: UInt32
  /// How many commits of a thread come before it writes the whole graph.
  private let pace: Int

  init(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    microseconds = UInt32(1_000 + random.number(below: 30_000))
    pace = 3 + random.number(below: 40)
    lives =
      random.chance(20)
      ? .sinceItsStart : random.chance(50) ? .sinceItOpenedTheStore : .sinceACommit
  }

  static func schema() throws -> Schema {
    try Schema {
      Person.self
      Person.follows
    }
  }

  func run(in path: String) throws {
    if lives == .sinceItsStart { die(after: microseconds / 8) }
    let store = try GraphStore(KilledWriter.schema(), at: URL(filePath: path))
    if lives == .sinceItOpenedTheStore { die(after: microseconds) }
    Thread.detachNewThread {
      commit(to: store, in: path, "left", every: pace) { try $0.checkpoint() }
    }
    commit(to: store, in: path, "right", every: 3 * pace) {
      try $0.compact(along: Person.following)
    }
  }

  private func die(after microseconds: UInt32) {
    Thread.detachNewThread {
      usleep(microseconds)
      kill(getpid(), SIGKILL)
    }
  }

  /// Commits for ever, and notes what is committed. Now and then the whole graph is written.
  private func commit(
    to store: GraphStore, in path: String, _ name: String, every pace: Int,
    _ rewrite: (GraphStore) throws -> Void
  ) {
    let notes = KilledWriter.note(in: path, name)
    guard FileManager.default.createFile(atPath: notes, contents: nil),
      let file = FileHandle(forWritingAtPath: notes)
    else { fatalError("\(notes) can't be written") }
    for number in 1... {
      do {
        let person = try store.write { graph in
          let person = try graph.insert { Person(id: $0) }
          try graph.append(person.id / 2 + 1, to: Person.following, of: person.id)
          return person
        }
        try file.write(contentsOf: Data("\(person.id)\n".utf8))
        if number == 1, lives == .sinceACommit { die(after: microseconds) }
        if number % pace == 0 { try rewrite(store) }
      } catch {
        fatalError("\(error)")
      }
    }
  }

  /// The last commit that a process noted.
  static func acknowledged(in path: String) -> Int {
    ["left", "right"].map { name in
      let file = FileHandle(forReadingAtPath: note(in: path, name))
      let notes = (try? file?.readToEnd()).map { String(decoding: $0, as: UTF8.self) }
      // A line without an end was noted in part.
      let lines = notes.map { $0.split(separator: "\n", omittingEmptySubsequences: false) }
      return lines?.dropLast().last.flatMap { Int($0) } ?? 0
    }.max() ?? 0
  }

  private static func note(in path: String, _ name: String) -> String { "\(path).\(name)" }
}

private struct Person: Row {
  var id: Int
  static let table = Table("people", Self.init, Column("id", \.id))
  static let follows = Association(
    "follows", from: Person.self, "source", to: Person.self, "target")
  static let following = hasMany(through: follows)
}
