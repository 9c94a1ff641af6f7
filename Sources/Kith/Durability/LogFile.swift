import KithCore

/// The log of a store: what its commits did, one record each.
///
/// ```
///  ┌ header, 28 bytes ────────────────────────────────────────────────────────────────────┐
///  │ 0 magic (8) │ 8 format (4) │ 12 CRC of the schema (4) │ 16 version (8) │ 24 CRC (4)     │
///  ├ record ────────────────────────────────────────────────────────────────────────────────┤
///  │ 0 length (4) │ 4 CRC (4) │ synced up to (varint) │ version (varint) │ operations …       │
///  ├ more records                                                                           │
///  └────────────────────────────────────────────────────────────────────────────────────────┘
/// ```
///
/// The version of the header is that of the graph which the first record changes; each record leads
/// to the next. The length is that of what follows both numbers, and the checksum covers the length
/// and what follows.
///
/// Every record says how many bytes of the log were synced when it was written. That tells a torn
/// end from damage: what a crash may have lost lies behind all that a later record knows as synced.
enum LogFile {
  static let magic: [UInt8] = [0x89] + Array("KLOG\r\n".utf8) + [0x1A]
  static let formatVersion: UInt32 = 1
  static let headerSize = 28
  static let recordHeaderSize = 8

  /// The first bytes of a log.
  static func header(schema: UInt32, version: Int) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(contentsOf: magic)
    writer.append(formatVersion)
    writer.append(schema)
    writer.append(UInt64(version))
    writer.append(CRC32C.checksum(writer.bytes.span))
    return writer.bytes
  }

  /// The record of a commit.
  ///
  /// - Parameter synced: How many bytes of the log are synced.
  static func record(_ commit: Commit, synced: Int) -> [UInt8] {
    // Most commits are a few rows or links.
    var writer = ByteWriter(capacity: 64)
    writer.append(0 as UInt64)
    writer.appendVarint(UInt64(synced))
    commit.write(into: &writer)
    writer.replace(at: 0, with: UInt32(truncatingIfNeeded: writer.count - recordHeaderSize))
    writer.replace(at: 4, with: checksum(of: writer.bytes, 0, writer.count))
    return writer.bytes
  }

  /// What identifies a schema in logs, and the migrations that led to it.
  static func fingerprint(of schema: [Schema.Table], migrations: [String]) -> UInt32 {
    var writer = ByteWriter()
    writer.append(schema)
    if !migrations.isEmpty { writer.append(names: migrations) }
    return CRC32C.checksum(writer.bytes.span)
  }

  /// The checksum of a record: of its length and of what follows its header.
  fileprivate static func checksum(of bytes: [UInt8], _ start: Int, _ end: Int) -> UInt32 {
    var checksum = CRC32C()
    checksum.append(bytes.span.extracting(start..<start + 4))
    checksum.append(bytes.span.extracting(start + recordHeaderSize..<end))
    return checksum.value
  }
}

/// Reads a log, record by record.
struct LogReader {
  private let bytes: [UInt8]
  private let tables: Commit.Tables
  /// What identifies the schema of the log.
  let fingerprint: UInt32
  /// The version that the first record changes.
  let firstVersion: Int
  /// Where the last record ends that was read, or the header.
  private(set) var end: Int

  /// Reads the header.
  ///
  /// - Returns: Nil if the log was not made completely, so that no commit can be in it.
  init?(_ bytes: [UInt8], _ schema: [Schema.Table]) throws(FormatFault) {
    if bytes.count < LogFile.headerSize || bytes.allSatisfy({ $0 == 0 }) { return nil }
    self.bytes = bytes
    tables = Commit.Tables(schema)
    guard bytes.starts(with: LogFile.magic) else {
      throw .damaged(offset: 0, "it does not start as a log that Kith wrote")
    }
    try bytes.requireChecksum(of: 0..<24, at: 24)
    let format: UInt32 = bytes.number(at: 8)
    guard format <= LogFile.formatVersion else { throw .newer(format) }
    fingerprint = bytes.number(at: 12)
    guard let version = Int(exactly: bytes.number(at: 16, as: UInt64.self)) else {
      throw .damaged(offset: 16, "no version is as large")
    }
    (firstVersion, end) = (version, LogFile.headerSize)
  }

  /// Whether nothing follows the header.
  var isEmpty: Bool { bytes.count == LogFile.headerSize }

  /// The next commit, or nil at the end of the log: behind the last record, or where the last that
  /// were written are torn.
  ///
  /// - Throws: Damage if a record is not what was written, and had been synced.
  mutating func next() throws(FormatFault) -> Commit? {
    guard let (synced, content) = record(at: end) else {
      try requireTorn(at: end)
      return nil
    }
    guard synced <= end else {
      throw .damaged(offset: end, "a record can't know that what follows it is synced")
    }
    var reader = ByteReader(bytes, content)
    _ = try reader.varint()
    let commit = try Commit(&reader, tables)
    end = content.upperBound
    return commit
  }

  /// The bytes behind the last record, which are none, or a record that was torn.
  var tornBytes: Int { bytes.count - end }

  /// A whole record: how many bytes it knows as synced, and where its content is.
  private func record(at start: Int) -> (synced: UInt64, content: Range<Int>)? {
    guard let content = content(at: start),
      LogFile.checksum(of: bytes, start, content.upperBound) == bytes.number(at: start + 4)
    else { return nil }
    var reader = ByteReader(bytes, content)
    guard let synced = try? reader.varint() else { return nil }
    return (synced, content)
  }

  /// Where the content of a record is that starts at a place; nil if there is no room for as much.
  private func content(at start: Int) -> Range<Int>? {
    guard bytes.count - start > LogFile.recordHeaderSize else { return nil }
    let length: UInt32 = bytes.number(at: start)
    let content = start + LogFile.recordHeaderSize
    guard length > 0, Int(length) <= bytes.count - content else { return nil }
    return content..<content + Int(length)
  }

  /// Requires that no record behind a place knows as synced what is broken there.
  private func requireTorn(at place: Int) throws(FormatFault) {
    // Among small numbers there are many places that look like long records.
    var checksums: PieceChecksums?
    for start in stride(from: place + 1, to: bytes.count - LogFile.recordHeaderSize, by: 1) {
      guard let content = content(at: start) else { continue }
      // What a record would know is looked at first, because its checksum takes longer.
      var reader = ByteReader(bytes, content)
      guard let synced = try? reader.varint(), synced > place, synced <= start else { continue }
      let known = checksums ?? PieceChecksums(bytes)
      checksums = known
      guard known.checksum(ofRecordAt: start, content) == bytes.number(at: start + 4) else {
        continue
      }
      throw .damaged(
        offset: place, "a record is not what was written, and the one at byte \(start) is whole")
    }
  }
}

extension PieceChecksums {
  /// The checksum of a record: of its length and of what follows its header.
  fileprivate func checksum(ofRecordAt start: Int, _ content: Range<Int>) -> UInt32 {
    var checksum = CRC32C()
    append(start..<start + 4, to: &checksum)
    append(content, to: &checksum)
    return checksum.value
  }
}
