/// Who answers: Kith, or one of those that it is compared with.
enum Peer: String, CaseIterable, Codable {
  case kith = "Kith"
  /// Kith while another thread writes, asked for the newest version each time.
  case kithBusy = "Kith beside a writer"
  /// Kith while another thread writes, asked through one snapshot.
  case kithKept = "Kith beside a writer, one snapshot"
  /// Kith while another thread writes to a store that shares nothing with this one.
  case kithElsewhere = "Kith beside a writer elsewhere"
  /// Kith with its rows in the order of insertion, where Kith alone has them in that of walks.
  case kithInOrder = "Kith in order of insertion"
  /// Kith on as many cores as there are.
  case kithCores = "Kith on all cores"
  /// Kith while it writes the whole graph to its folder, again and again.
  case kithCheckpoint = "Kith beside a checkpoint"
  /// Kith while a store that shares nothing with this one does that.
  case kithCheckpointElsewhere = "Kith beside a checkpoint elsewhere"
  /// Kith that reads the graph from text instead of its own file.
  case kithText = "Kith from text"
  case csr = "static CSR"
  case dictionary = "Dictionary"
  case sqlite = "SQLite"

  /// What the peer is, for the report.
  var configuration: String {
    switch self {
    case .kith:
      "the public face of the library, through a snapshot; tables of plain structs"
    case .kithBusy:
      "the same, through a new snapshot each time, while another thread commits 100 follows after another"
    case .kithKept:
      "the same through one snapshot, while another thread does that"
    case .kithElsewhere:
      "the same while another thread does that to another store, which shares nothing with this one"
    case .kithInOrder:
      """
      the same; beside it Kith alone has the graph after compact(along: User.following), once, before \
      anything is timed
      """
    case .kithCores:
      "the same on all cores; beside it Kith alone has to do with one core"
    case .kithCheckpoint:
      "the same while the store writes checkpoints, one after the other, after a commit each"
    case .kithCheckpointElsewhere:
      "the same while another store does that, which shares nothing with this one"
    case .kithText:
      "a graph that is loaded from an edge list in a file, in no order"
    case .csr:
      """
      flat [UInt32] offsets and targets in both directions, runs sorted, slots in the order of ids; \
      branch-free kernels over buffers local to them; keys looked up in [Int: UInt32]; \
      no transactions, no snapshots, no changes
      """
    case .dictionary:
      """
      [Int: [Int]] in both directions and [Int: Set<Int>] of the followed, counting in [Int: Int], \
      sorting at the end
      """
    case .sqlite:
      """
      SQLite \(SQLite.version) in memory through its C interface, one connection without mutex, \
      prepared statements (persistent); follows WITHOUT ROWID with primary key (follower_id, \
      followed_id) and a covering index (followed_id, follower_id); \(SQLite.pragmas.joined(separator: ", ")); \
      ANALYZE after loading. What is said to be on disk is in a file, with \
      \(SQLite.filePragmas.joined(separator: ", ")), one connection a thread, and synchronous as the \
      operation says
      """
    }
  }
}
