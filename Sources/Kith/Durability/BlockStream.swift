import KithCore

/// Writes a file of blocks into a sink, so that no more than one block is ever held.
///
/// The header says how long the file is, so that must be known before the first byte goes out.
struct BlockStream {
  private let blocks: Int
  private let size: Int
  private var number = 0
  private var written = 0

  /// - Parameter sizes: The bytes of each block, in order, without their headers.
  init(sizes: [Int]) {
    blocks = sizes.count
    size = sizes.reduce(BlockFile.headerSize) { $0 + BlockFile.blockHeaderSize + $1 }
  }

  /// The bytes of the whole file.
  var byteCount: Int { size }

  /// Writes the header of the file.
  mutating func begin<Failure: Error>(
    _ sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var header = ByteWriter()
    header.append(contentsOf: BlockFile.magic)
    header.append(BlockFile.formatVersion)
    header.append(UInt32(blocks))
    header.append(UInt64(size))
    header.append(CRC32C.checksum(header.bytes.span))
    try sink(header.bytes)
    written = header.count
  }

  /// Writes the next block.
  ///
  /// - Parameter parts: What it holds, as many bytes together as was said.
  mutating func add<Failure: Error>(
    _ kind: BlockFile.Kind, _ parts: [[UInt8]], _ sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var checksum = CRC32C()
    for part in parts { checksum.append(part.span) }
    let count = parts.reduce(0) { $0 + $1.count }
    var header = ByteWriter()
    header.append(kind.rawValue)
    header.append(UInt32(number))
    header.append(UInt64(count))
    header.append(checksum.value)
    header.append(CRC32C.checksum(header.bytes.span))
    try sink(header.bytes)
    for part in parts where !part.isEmpty { try sink(part) }
    number += 1
    written += header.count + count
  }

  /// Requires that all was written that was announced.
  func finish() {
    precondition(written == size && number == blocks, "blocks have the sizes that they had")
  }
}
