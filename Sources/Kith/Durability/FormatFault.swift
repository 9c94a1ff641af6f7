/// Why encoded bytes are not what they should be.
enum FormatFault: Error {
  /// The bytes from an offset on are not what was written, or were never written by Kith.
  case damaged(offset: Int, String)
  /// The format is newer than this version of Kith.
  case newer(UInt32)
  /// The bytes are sound, and hold a graph of another schema: what differs, one sentence each.
  case otherSchema([String])
  /// The declaration of a table does not fit its own rows.
  case refused(GraphError)

  /// The fault of a commit, read at an offset, that changes another graph than those before it left.
  static func mismatch(_ found: String, offset: Int) -> FormatFault {
    .damaged(offset: offset, "the commit does not follow from those before: there is \(found)")
  }

  /// The fault of a row that was stored when the rules of its table were others.
  static func refusedRow(_ error: GraphError) -> FormatFault {
    .otherSchema(["a row was allowed that the schema refuses: \(error)"])
  }

  /// The fault as users see it.
  ///
  /// - Parameter file: The name of what was read.
  func error(in file: String) -> GraphError {
    switch self {
    case .damaged(let offset, let reason):
      .damagedFile(file: file, offset: offset, reason: reason)
    case .newer(let version):
      .unreadableFile(
        file: file,
        reason:
          "it has format \(version), of a newer version of Kith; this one reads formats up to "
          + "\(BlockFile.formatVersion)")
    case .otherSchema(let differences): .otherSchema(file: file, differences: differences)
    case .refused(let error): error
    }
  }
}
