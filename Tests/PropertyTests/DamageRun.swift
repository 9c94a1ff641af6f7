import Kith
import KithTestSupport

/// A program on a disk, one byte of whose checkpoint changes afterwards.
struct DamageRun {
  private let world: World
  /// What the disk held.
  private let whole: Graph
  /// What was saved of it.
  private let saved: Graph
  private let losses: [GraphStore.Loss]

  /// - Parameter place: Where the byte is, from the start of the checkpoint, or modulo its length.
  static func run(_ program: Program, damagedAt place: Int, _ trial: inout Trial) throws {
    let world = World(program.shape)
    try world.run {
      let schema = try world.schema()
      let (disk, rescue) = (SimulatedDisk(), SimulatedDisk())
      let whole = try perform(program, world, schema, disk)
      let name = disk.names.filter { $0.hasPrefix("checkpoint-") }[0]
      let count = disk[name]?.count ?? 0
      disk[name]?[place % count] ^= 1 << UInt8(place / count % 8)
      let recovery = try GraphStore.recover(schema, from: disk, to: rescue)
      let saved = try GraphStore(schema, on: rescue).snapshot
      try trial.expect(!recovery.damage.isEmpty, "the damage was not found")
      try trial.expect(recovery.version, is: whole.version, "the version")
      try trial.expect(saved.version, is: whole.version, "the version of the other folder")
      try saved.validate()
      let run = DamageRun(world: world, whole: whole, saved: saved, losses: recovery.losses)
      trial.note(recovery.losses.isEmpty ? "nothing lost" : "something lost")
      for table in world.shape.tables.indices {
        try run.compareRows(World.types[table], table, &trial)
      }
      for link in world.links.indices { try run.compareLinks(link, &trial) }
    }
  }

  /// Commits the writes of a program, with a checkpoint between.
  private static func perform(
    _ program: Program, _ world: World, _ schema: Schema, _ disk: SimulatedDisk
  ) throws -> Graph {
    let store = try GraphStore(schema, on: disk)
    for (number, write) in program.writes.enumerated() {
      // A write may be refused at its end.
      try? store.write { graph in
        for step in write.steps { _ = try? world.perform(step, &graph) }
      }
      if number == program.writes.count / 2 { try store.checkpoint() }
    }
    return store.snapshot
  }

  private func compareRows<Record: ModelRow>(
    _ type: Record.Type, _ table: Int, _ trial: inout Trial
  ) throws {
    let info = world.shape.tables[table]
    for row in saved[type] {
      guard let original = whole.find(type, row.id) else {
        throw Trial.Failure(description: "\(info.name) never had the row \(row.id)")
      }
      for (column, values) in zip(info.columns, zip(row.values, original.values))
      where values.0 != values.1 {
        try trial.expect(
          mayDiffer(column.name, of: info.name, isEmpty: values.0 == .null),
          "\(info.name).\(column.name) of \(row.id) was \(values.1), and became \(values.0)")
      }
    }
    if hasLostRows(info.name) { return }
    try trial.expect(saved[type].ids, is: whole[type].ids, "the rows of \(info.name)")
  }

  private func mayDiffer(_ column: String, of table: String, isEmpty: Bool) -> Bool {
    losses.contains { loss in
      switch loss {
      case .values(table, column): true
      case .references(table, column, _): isEmpty
      default: false
      }
    }
  }

  private func hasLostRows(_ table: String) -> Bool {
    losses.contains { loss in
      if case .rows(table, _) = loss { true } else { false }
    }
  }

  private func compareLinks(_ number: Int, _ trial: inout Trial) throws {
    let (info, link) = (world.shape.links[number], world.links[number])
    let isNamed = losses.contains { loss in
      if case .links(info.name, _) = loss { true } else { false }
    }
    for near in keys(World.types[info.source]) {
      for far in keys(World.types[info.target]) {
        let (isSaved, was) = (
          link.contains(far, of: near, saved), link.contains(far, of: near, whole)
        )
        try trial.expect(isSaved == was || was && isNamed, "\(info.name): \(near) → \(far)")
      }
    }
  }

  private func keys<Record: ModelRow>(_ type: Record.Type) -> [Value] {
    saved[type].ids.map { $0.model }
  }
}
