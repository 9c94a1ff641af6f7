public import Foundation
package import KithCore

extension GraphStore {
  /// What was saved of a damaged folder, and what was not.
  public struct Recovery: Sendable, Hashable {
    /// The version up to which commits were saved.
    public let version: Int
    /// What is damaged; empty if nothing is. Behind damage in a log nothing is read, and how many
    /// commits followed is not known.
    public let damage: [GraphError]
    /// What a damaged checkpoint does not give back; empty if it is whole.
    public let losses: [Loss]
  }

  /// Something that was in a folder, and could not be saved.
  ///
  /// What commits after the checkpoint say of a row or a link is saved all the same.
  public enum Loss: Sendable, Hashable {
    /// The values of a column. Rows have the column's default in their place, or nothing.
    case values(table: String, column: String)
    /// Rows of a table; nil if not even their number is known.
    case rows(table: String, count: Int?)
    /// Links of an association table; nil if all are lost, and their number is not known.
    case links(table: String, count: Int?)
    /// References to rows that are lost. There is nothing in their place.
    case references(table: String, column: String, count: Int)
    /// The names of the migrations that led to the schema, which `stamp` can give back.
    case migrations
  }

  /// Saves what can be read of a damaged folder to another one; the damaged one stays as it is.
  ///
  /// The graph is that of the checkpoint and of the commits up to the first that is damaged. Of a
  /// checkpoint that is damaged itself each part is saved that its checksum vouches for: a table, a
  /// column that rows can be without, the links of an association table. What depends on a part that
  /// is lost goes with it, so that the graph keeps all its constraints, and ``Recovery/losses`` names
  /// it.
  ///
  /// - Parameters:
  ///   - schema: The tables and association tables, as they are in the folder.
  ///   - folder: The URL of the damaged folder, which nobody has open.
  ///   - other: The URL of a folder that is empty, or not there.
  /// - Throws: `GraphError.unreadableFile`, or `.otherSchema`; `.unwritableFile` if the other folder
  ///   can't be written.
  public static func recover(
    _ schema: Schema, from folder: URL, to other: URL
  ) throws(GraphError) -> Recovery {
    try recover(schema, from: SystemDisk.at(folder), to: SystemDisk.at(other))
  }

  /// Saves what can be read of a damaged disk to another one.
  package static func recover(
    _ schema: Schema, from disk: any Disk, to other: any Disk
  ) throws(GraphError) -> Recovery {
    let saved = try StoreFolder(disk: disk).saved(as: schema)
    try save(saved.graph, migrations: saved.migrations, to: other)
    return saved.recovery
  }
}

extension GraphStore.Loss: CustomStringConvertible {
  public var description: String {
    switch self {
    case .values(let table, let column): "\(table): the values of \(column)"
    case .rows(let table, let count):
      count.map { "\(table): \($0) row\($0 == 1 ? "" : "s")" } ?? "\(table): all rows"
    case .links(let table, let count):
      count.map { "\(table): \($0) link\($0 == 1 ? "" : "s")" } ?? "\(table): all links"
    case .references(let table, let column, let count):
      "\(table): \(column) of \(count) row\(count == 1 ? "" : "s"), which referred to lost rows"
    case .migrations: "the names of the migrations"
    }
  }
}
