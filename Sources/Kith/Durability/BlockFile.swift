import KithCore

/// The frame of a file: a header, and behind it blocks, each with checksums.
///
/// ```
///  ┌ header, 28 bytes ────────────────────────────────────────────────────────────────┐
///  │ 0 magic (8) │ 8 format (4) │ 12 blocks (4) │ 16 bytes of the file (8) │ 24 CRC (4) │
///  ├ block header, 24 bytes ──────────────────────────────────────────────────────────┤
///  │ 0 kind (4) │ 4 number (4) │ 8 bytes (8) │ 16 CRC of the bytes (4) │ 20 CRC (4)     │
///  ├ the bytes of the block ──────────────────────────────────────────────────────────┤
///  └ more blocks ─────────────────────────────────────────────────────────────────────┘
/// ```
///
/// Numbers are little-endian. The last checksum of each header is that of the bytes of the header
/// before it. Blocks are numbered from 0.
enum BlockFile {
  /// How a file starts: a byte that is no text, the name, and line ends of two kinds, which a
  /// transfer as text would change.
  static let magic: [UInt8] = [0x89] + Array("KITH\r\n".utf8) + [0x1A]
  /// The newest format that is read, and the one that is written.
  static let formatVersion: UInt32 = 1
  static let headerSize = 28
  static let blockHeaderSize = 24

  /// What a block holds.
  enum Kind: UInt32 {
    /// The description of the tables.
    case schema = 1
    /// How many rows a table has, and its largest key.
    case rows = 2
    /// The values of one column.
    case column = 3
    /// The links of an association table.
    case links = 4
    /// The names of the migrations that led to the schema.
    case migrations = 5
  }
}

/// Reads a file of blocks, one after the other.
struct BlockFileReader {
  private var reader: ByteReader
  private let blocks: UInt32
  private var next: UInt32 = 0

  /// Reads the header.
  init(_ bytes: [UInt8]) throws(FormatFault) {
    let magic = BlockFile.magic
    guard bytes.count >= BlockFile.headerSize, bytes.starts(with: magic) else {
      throw .damaged(offset: 0, "it does not start as a graph that Kith encoded")
    }
    try bytes.requireChecksum(of: 0..<24, at: 24)
    let version: UInt32 = bytes.number(at: 8)
    guard version <= BlockFile.formatVersion else { throw .newer(version) }
    guard version > 0 else { throw .damaged(offset: 8, "no format has the number 0") }
    let size: UInt64 = bytes.number(at: 16)
    guard size == bytes.count else {
      throw .damaged(
        offset: min(bytes.count, Int(clamping: size)),
        "it should have \(size) bytes, and has \(bytes.count)")
    }
    blocks = bytes.number(at: 12)
    reader = ByteReader(bytes, BlockFile.headerSize..<bytes.count)
  }

  /// The next block, which must be of a kind.
  mutating func block(_ kind: BlockFile.Kind) throws(FormatFault) -> ByteReader {
    let bytes = reader.bytes
    let start = try reader.take(BlockFile.blockHeaderSize).lowerBound
    try bytes.requireChecksum(of: start..<start + 20, at: start + 20)
    let (found, number): (UInt32, UInt32) = (bytes.number(at: start), bytes.number(at: start + 4))
    guard found == kind.rawValue, number == next, number < blocks else {
      throw .damaged(
        offset: start,
        "the block is number \(number) of kind \(found), and should be number "
          + "\(next) of kind \(kind.rawValue)")
    }
    let size: UInt64 = bytes.number(at: start + 8)
    let content = try reader.take(Int(clamping: size))
    try bytes.requireChecksum(of: content, at: start + 16)
    next += 1
    return ByteReader(bytes, content)
  }

  /// Whether the next block is of a kind.
  func isNext(_ kind: BlockFile.Kind) -> Bool {
    next < blocks && reader.count >= 4
      && reader.bytes.number(at: reader.offset, as: UInt32.self) == kind.rawValue
  }

  /// Requires that there are no more blocks.
  func finish() throws(FormatFault) {
    guard next == blocks else {
      throw .damaged(offset: 12, "there should be \(blocks) blocks, and there are \(next)")
    }
    try reader.finish()
  }
}

extension [UInt8] {
  /// Requires that some bytes have the checksum that is stored at an offset.
  func requireChecksum(of range: Range<Int>, at offset: Int) throws(FormatFault) {
    let stored: UInt32 = number(at: offset)
    guard CRC32C.checksum(span.extracting(range), workers: .allCores) == stored else {
      throw .damaged(
        offset: range.lowerBound, "\(range.count) bytes do not have the checksum stored for them")
    }
  }
}
