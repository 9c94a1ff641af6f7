import Foundation
import Kith
import KithCore
import KithTestSupport
import Testing

/// Recovers folders whose checkpoint is damaged.
@Suite struct `A checkpoint that is damaged` {
  @Test func `gives back what is whole, whichever byte is flipped, and wherever it is cut off`()
    throws
  {
    let program = try CrashProgram(seed: 0)
    let disk = SimulatedDisk()
    _ = program.run(on: disk, .full)
    let names = disk.names.filter { $0 != "lock" }
    let name = try #require(names.first { $0.hasPrefix("checkpoint-") })
    let version = program.expected.count - 1
    let whole = Inventory(try Graph(program.schema, decoding: program.expected[version]))
    var losses: Set<GraphStore.Loss> = []
    let end = disk[name]?.count ?? 0
    for place in stride(from: 0, to: end, by: effort(release: 1, debug: 5)) {
      for isCut in [false, true] {
        let (damaged, rescue) = (SimulatedDisk(), SimulatedDisk())
        for file in names { damaged[file] = disk[file] }
        if isCut {
          damaged[name] = damaged[name]?.prefix(place).map { $0 }
        } else {
          damaged[name]?[place] ^= 1 << UInt8(place % 8)
        }
        let comment: Comment = "byte \(place), \(isCut ? "cut off" : "flipped")"
        let recovery = try GraphStore.recover(program.schema, from: damaged, to: rescue)
        #expect(recovery.version == version && !recovery.damage.isEmpty, comment)
        let store = try GraphStore(program.schema, on: rescue)
        #expect(store.version == version, comment)
        try store.snapshot.validate()
        expectPart(Inventory(store.snapshot), of: whole, without: recovery.losses, comment)
        losses.formUnion(recovery.losses)
      }
    }
    // Every sort of part was lost once.
    #expect(losses.contains(.values(table: "notes", column: "about_id")))
    #expect(losses.contains(.rows(table: "members", count: nil)))
    #expect(losses.contains(.links(table: "follows", count: nil)))
  }

  @Test func `gives back what is whole, whatever the tables are`() {
    let programs = Program.generator(writes: 6)
    var property = Property(
      "damage",
      for: programs.flatMap { program in
        Generator.integer(in: 0...1_000_000).map { (program, $0) }
      },
      cases: effort(release: 400, debug: 100)
    ) { damaged, trial in
      try DamageRun.run(damaged.0, damagedAt: damaged.1, &trial)
    }
    property.demands = ["something lost": 0.25, "nothing lost": 0.4]
    check(property)
  }

  /// Expects that a graph has nothing that the whole one does not have, and lacks only what is named.
  private func expectPart(
    _ part: Inventory, of whole: Inventory, without losses: [GraphStore.Loss], _ comment: Comment
  ) {
    func names(_ table: String) -> Bool {
      losses.contains { loss in
        switch loss {
        case .rows(table, _), .links(table, _): true
        default: false
        }
      }
    }
    #expect(part.members.isSubset(of: whole.members), comment)
    #expect(part.notes.isSubset(of: whole.notes), comment)
    #expect(part.abouts.isSubset(of: whole.abouts), comment)
    #expect(part.follows.isSubset(of: whole.follows), comment)
    #expect(part.members == whole.members || names("members"), comment)
    #expect(part.notes == whole.notes || names("notes"), comment)
    #expect(part.follows == whole.follows || names("follows"), comment)
    let hasLostAbouts = losses.contains { loss in
      switch loss {
      case .values("notes", "about_id"), .references("notes", "about_id", _), .rows("notes", _):
        true
      default: false
      }
    }
    #expect(part.abouts == whole.abouts || hasLostAbouts, comment)
  }

  @Test func `takes along the rows that must refer to lost ones, and only names the others`() throws
  {
    let recovery = try recovered { bytes in
      // The second block of the first table is its column of keys.
      bytes[try #require(BlockPlaces(bytes).columns.first).lowerBound] ^= 1
    }
    #expect(
      recovery.losses == [
        .rows(table: "members", count: 3), .rows(table: "notes", count: 2),
        .links(table: "follows", count: 2),
      ])
    #expect(recovery.graph[Member.self].count == 0)
    #expect(recovery.graph[Note.self].count == 0)
    // A key that was taken once is not given again.
    var graph = recovery.graph
    #expect(try graph.insert { Member(id: $0, handle: "new") }.id == 4)
  }

  @Test func `is blamed only for what is damaged`() throws {
    let recovery = try recovered { bytes in
      bytes[BlockPlaces(bytes).headers[1].upperBound] ^= 1
    }
    #expect(recovery.damage.count == 1)
    #expect(
      recovery.losses == [
        .rows(table: "members", count: nil), .links(table: "follows", count: nil),
        .rows(table: "notes", count: 2),
      ])
  }

  @Test func `loses links that its tables do not allow, though their checksum is right`() throws {
    let recovery = try recovered { bytes in
      // The targets of both links come last: 1 → 2 becomes 1 → 1.
      bytes[bytes.count - 8] = 0
      BlockSeals(bytes).renew(&bytes)
    }
    #expect(recovery.losses == [.links(table: "follows", count: nil)])
    #expect(recovery.graph[Member.self].count == 3)
  }

  @Test func `does without a column that may be empty`() throws {
    let recovery = try recovered { bytes in
      bytes[BlockPlaces(bytes).columns[4].lowerBound] ^= 1
    }
    #expect(recovery.losses == [.values(table: "notes", column: "about_id")])
    #expect(recovery.graph[Note.self].map(\.about) == [nil, nil])
    #expect(recovery.graph[Member.self, 1].notes.ids == ["a"])
    #expect(recovery.graph[Member.self, 1].following.ids == [2])
  }

  @Test func `is mended by the commits after it, as far as these say what was lost`() throws {
    let recovery = try recovered { store in
      try store.write { graph in
        try graph.update(Member.self, 2) { $0.handle = "Bob" }
        try graph.delete(Member.self, 3)
        try graph.insert(Member(id: 7, handle: "Gus"))
        try graph.append(2, to: Member.following, of: 7)
        graph.remove(2, from: Member.following, of: 1)
      }
    } damage: { bytes in
      bytes[BlockPlaces(bytes).columns[1].lowerBound] ^= 1
    }
    #expect(recovery.graph[Member.self].map(\.handle) == ["Bob", "Gus"])
    #expect(recovery.graph[Member.self, 7].following.ids == [2])
    #expect(recovery.graph[Note.self].ids == ["b"])
    #expect(recovery.version == 2)
  }

  @Test func `is found behind the damaged header of a block, and not in the values of rows`() throws
  {
    let schema = try Schema { Parcel.self }
    var inner = Graph(schema)
    try inner.insert(Parcel(id: 666, content: Data([6, 6, 6]), weight: 666))
    var outer = Graph(schema)
    for id in 1...3 { try outer.insert(Parcel(id: id, content: inner.encoded(), weight: id)) }
    let bytes = Array(outer.encoded())
    let places = BlockPlaces(bytes)
    for (number, header) in places.headers.enumerated() {
      for place in header {
        let (disk, rescue) = (SimulatedDisk(), SimulatedDisk())
        disk["checkpoint-0"] = bytes
        disk["checkpoint-0"]?[place] ^= 0x10
        disk["log-0"] = try LogBytes.empty(for: schema)
        let recovery = try GraphStore.recover(schema, from: disk, to: rescue)
        let graph = try GraphStore(schema, on: rescue).snapshot
        switch number {
        case 0:
          // The declared tables stand in for those of the file.
          #expect(recovery.losses.isEmpty)
          #expect(graph.encoded() == outer.encoded())
        case 4:
          #expect(recovery.losses == [.values(table: "parcels", column: "weight")])
          #expect(graph[Parcel.self].map(\.weight) == [nil, nil, nil])
          #expect(graph[Parcel.self].map(\.content) == outer[Parcel.self].map(\.content))
        case 1: #expect(recovery.losses == [.rows(table: "parcels", count: nil)])
        default:
          #expect(recovery.losses == [.rows(table: "parcels", count: 3)])
          #expect(graph[Parcel.self].count == 0)
        }
      }
    }
  }

  @Test func `loses rows that a rule does not allow to lose a value`() throws {
    let schema = try Schema { Booking.self }
    var graph = Graph(schema)
    try graph.insert(contentsOf: [Booking(id: 1, seat: 4, note: "x"), Booking(id: 2, seat: 5)])
    for (column, losses) in [
      (1, [GraphStore.Loss.rows(table: "bookings", count: 2)]),
      (2, [GraphStore.Loss.values(table: "bookings", column: "note")]),
    ] {
      let (disk, rescue) = (SimulatedDisk(), SimulatedDisk())
      var bytes = Array(graph.encoded())
      bytes[BlockPlaces(bytes).columns[column].lowerBound] ^= 1
      disk["checkpoint-0"] = bytes
      disk["log-0"] = try LogBytes.empty(for: schema)
      let recovery = try GraphStore.recover(schema, from: disk, to: rescue)
      #expect(recovery.losses == losses)
      let rescued = try GraphStore(schema, on: rescue).snapshot
      #expect(rescued[Booking.self].map(\.note) == (column == 1 ? [] : ["none", "none"]))
    }
  }

  @Test func `keeps the commits after it though the names of its migrations are lost`() throws {
    let (disk, rescue) = (SimulatedDisk(), SimulatedDisk())
    let schema = try Schema { Parcel.self }
    let create = Migration("1", Schema.Difference(from: [], to: schema.tables))
    do {
      let store = try GraphStore(schema, on: disk, migrations: [create])
      try store.migrations.upgrade()
      try store.checkpoint()
      try store.write { try $0.insert(Parcel(id: 1, content: Data(), weight: 1)) }
    }
    let name = try #require(disk.names.first { $0.hasPrefix("checkpoint-") })
    let bytes = try #require(disk[name])
    disk[name]?[BlockPlaces(bytes).headers[1].upperBound] ^= 1
    let recovery = try GraphStore.recover(schema, from: disk, to: rescue)
    #expect(recovery.losses == [.migrations])
    let store = try GraphStore(schema, on: rescue, migrations: [create])
    try store.migrations.stamp("1")
    #expect(store.snapshot[Parcel.self].ids == [1])
  }

  @Test func `is told of in words`() {
    let losses: [GraphStore.Loss] = [
      .values(table: "users", column: "name"), .rows(table: "users", count: nil),
      .rows(table: "users", count: 1), .links(table: "follows", count: nil),
      .links(table: "follows", count: 2), .references(table: "posts", column: "about", count: 1),
      .references(table: "posts", column: "about", count: 3), .migrations,
    ]
    #expect(
      losses.map(\.description) == [
        "users: the values of name", "users: all rows", "users: 1 row", "follows: all links",
        "follows: 2 links", "posts: about of 1 row, which referred to lost rows",
        "posts: about of 3 rows, which referred to lost rows", "the names of the migrations",
      ])
  }

  @Test func `of another schema is refused`() throws {
    let (disk, rescue) = (SimulatedDisk(), SimulatedDisk())
    var bytes = Array(Graph(try Schema { Parcel.self }).encoded())
    bytes[BlockPlaces(bytes).columns[0].lowerBound - 1] ^= 1
    disk["checkpoint-0"] = bytes
    #expect {
      try GraphStore.recover(try Schema { Booking.self }, from: disk, to: rescue)
    } throws: { error in
      guard case .otherSchema("/simulated/checkpoint-0", _)? = error as? GraphError else {
        return false
      }
      return true
    }
    #expect(rescue.names.isEmpty)
  }

  // MARK: A small store

  private struct Recovered {
    let graph: Graph
    let version: Int
    let damage: [GraphError]
    let losses: [GraphStore.Loss]
  }

  /// What is left of three members, two notes and two links.
  ///
  /// - Parameters:
  ///   - write: Commits after the checkpoint.
  ///   - damage: Changes the checkpoint.
  private func recovered(
    write: (GraphStore) throws -> Void = { _ in }, damage: (inout [UInt8]) throws -> Void
  ) throws -> Recovered {
    let (disk, rescue) = (SimulatedDisk(), SimulatedDisk())
    let schema = try SocialModel.schema()
    do {
      let store = try GraphStore(schema, on: disk)
      try store.write { graph in
        for (id, handle) in [(1, "ann"), (2, "bob"), (3, "cy")] {
          try graph.insert(Member(id: id, handle: handle))
        }
        try graph.insert(Note(id: "a", author: 1, about: 2, score: 1))
        try graph.insert(Note(id: "b", author: 2, about: nil, score: 2))
        try graph.append(2, to: Member.following, of: 1)
        try graph.append(3, to: Member.following, of: 2)
      }
      try store.checkpoint()
      try write(store)
    }
    var bytes = try #require(disk["checkpoint-1"])
    try damage(&bytes)
    disk["checkpoint-1"] = bytes
    let recovery = try GraphStore.recover(schema, from: disk, to: rescue)
    let store = try GraphStore(schema, on: rescue)
    try store.snapshot.validate()
    return Recovered(
      graph: store.snapshot, version: recovery.version, damage: recovery.damage,
      losses: recovery.losses)
  }
}

/// What a graph of members and notes holds, to be compared.
private struct Inventory {
  let members: Set<String>
  /// Without what they are about.
  let notes: Set<String>
  let abouts: Set<String>
  let follows: Set<String>

  init(_ graph: Graph) {
    members = Set(graph[Member.self].map { "\($0.id) \($0.handle)" })
    notes = Set(graph[Note.self].map { "\($0.id) \($0.author) \($0.score)" })
    abouts = Set(graph[Note.self].compactMap { note in note.about.map { "\(note.id) \($0)" } })
    follows = Set(
      graph[Member.self].flatMap { member in
        graph[Member.self, member.id].following.ids.map { "\(member.id) \($0)" }
      })
  }
}

/// Where the blocks of an encoded graph are.
private struct BlockPlaces {
  private(set) var headers: [Range<Int>] = []
  /// The content of each column.
  private(set) var columns: [Range<Int>] = []

  init(_ bytes: [UInt8]) {
    var offset = 28
    while offset < bytes.count {
      headers.append(offset..<offset + 24)
      let size = (0..<8).reduce(0) { $0 | Int(bytes[offset + 8 + $1]) << ($1 * 8) }
      if bytes[offset] == 3 { columns.append(offset + 24..<offset + 24 + size) }
      offset += 24 + size
    }
  }
}

/// A log without commits.
private enum LogBytes {
  static func empty(for schema: Schema) throws -> [UInt8] {
    let disk = SimulatedDisk()
    _ = try GraphStore(schema, on: disk)
    return try #require(disk["log-0"])
  }
}

private struct Parcel: Row {
  var id: Int
  var content: Data
  var weight: Int?

  static let table = Table(
    "parcels", Self.init, Column("id", \.id), Column("content", \.content),
    Column("weight", \.weight))
}

private struct Booking: Row {
  var id: Int
  var seat: Int?
  var note = "none"

  static let table = Table(
    "bookings", Self.init, Column("id", \.id),
    Column("seat", \.seat).check("is given") { $0 != nil },
    Column("note", \.note).default("none"))
}
