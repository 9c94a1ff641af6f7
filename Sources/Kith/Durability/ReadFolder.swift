/// A folder that is only read, as it was when its store was opened.
struct ReadFolder: Sendable {
  let folder: StoreFolder
  /// The tables of the folder, and the migrations that led to them.
  let tables: [Schema.Table]
  let migrations: [String]
  /// What keeps the folder from being read as a graph: that it has other tables, or rows that do not fit,
  /// and would have to be migrated first.
  let blocker: GraphError?
}
