/// Reading a folder that is damaged.
extension StoreFolder {
  /// What can be saved of a folder.
  struct Saved {
    let graph: Graph
    let migrations: [String]
    let recovery: GraphStore.Recovery
  }

  /// Reads what can be read.
  ///
  /// - Throws: `GraphError.unreadableFile`, or `.otherSchema`; `.damagedFile` if all checksums are
  ///   right, and the checkpoint holds no graph all the same.
  func saved(as schema: Schema) throws(GraphError) -> Saved {
    let fault: GraphError
    do throws(GraphError) {
      let found = try find()
      try requireStore(found)
      let contents = try read(found, as: schema, savesWhatItCan: true)
      return Saved(
        graph: contents.content, migrations: found.migrations,
        recovery: GraphStore.Recovery(
          version: contents.version, damage: contents.fault.map { [$0] } ?? [], losses: []))
    } catch {
      fault = error
    }
    // Damage of a log is no error here, so it is the checkpoint that is damaged.
    guard case .damagedFile = fault else { throw fault }
    let found = try findFiles()
    var saved: Saved?
    do throws(GraphError) {
      saved = try salvaged(found, as: schema, keepsRowsInPart: true)
    } catch {
      // A rule may refuse rows that have lost a value; those that are whole keep all rules.
      saved = try salvaged(found, as: schema, keepsRowsInPart: false)
    }
    guard let saved else { throw fault }
    return saved
  }

  /// Reads the parts of a checkpoint that are whole, and the commits after it; nil if all parts are.
  private func salvaged(
    _ found: Found, as schema: Schema, keepsRowsInPart: Bool
  ) throws(GraphError) -> Saved? {
    guard let checkpoint = found.checkpoint else { return nil }
    let name = path(StoreFolder.checkpointName(checkpoint.version))
    var salvage = Salvage(
      checkpoint.bytes, declared: schema.tables, keepsRowsInPart: keepsRowsInPart)
    if salvage.faults.isEmpty { return nil }
    let difference = schema.difference(from: salvage.graph.schema)
    if !difference.isEmpty {
      throw .otherSchema(file: name, differences: difference.operations.map(\.description))
    }
    var found = found
    found.tables = salvage.graph.schema
    found.migrations = salvage.migrations ?? []
    found.hasLostMigrations = salvage.migrations == nil
    let whole = RawReplay(salvage.graph, keepsWhatFits: true)
    let contents = try read(found, from: whole, savesWhatItCan: true) { _ in whole }
    let damage = salvage.faults.map { $0.error(in: name) } + (contents.fault.map { [$0] } ?? [])
    do throws(RefusedStep) {
      try salvage.mend(contents.content.graph)
    } catch {
      throw .damaged(error.reasons)
    }
    let bytes = GraphEncoder(salvage.graph, migrations: found.migrations).encode()
    do throws(FormatFault) {
      var graph = try GraphDecoder(schema, bytes).decode()
      graph.version = contents.version
      return Saved(
        graph: graph, migrations: found.migrations,
        recovery: GraphStore.Recovery(
          version: contents.version, damage: damage, losses: salvage.losses))
    } catch {
      throw error.error(in: name)
    }
  }
}
