import KithCore

/// The blocks of a damaged file, found by their headers.
///
/// A header says how long its block is, so the next is found behind it. Behind a header that is itself
/// damaged the next is sought byte by byte. The values of a row may be an encoded graph, with headers
/// of its own; so one that was sought counts only if it has a later number, and others lead from it
/// to the end of the file.
struct BlockSearch {
  private struct Block {
    let number: UInt32
    let kind: UInt32
    let content: Range<Int>
  }

  private let bytes: [UInt8]
  private var blocks: [UInt32: Block] = [:]
  /// What is damaged, in the order in which it was met.
  private(set) var faults: [FormatFault] = []
  /// How many blocks there were; nil if the header of the file is damaged.
  let count: Int?

  /// - Complexity: O(bytes), and O(bytes × headers) behind a damaged header among values that are
  ///   encoded graphs.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    do throws(FormatFault) {
      _ = try BlockFileReader(bytes)
    } catch {
      faults.append(error)
    }
    let hasHeader =
      bytes.count >= BlockFile.headerSize
      && CRC32C.checksum(bytes.span.extracting(0..<24)) == bytes.number(at: 24, as: UInt32.self)
    count = hasHeader ? Int(bytes.number(at: 12, as: UInt32.self)) : nil
    find()
  }

  private mutating func find() {
    var offset = BlockFile.headerSize
    var next: UInt32 = 0
    while offset < bytes.count {
      let (found, end) = chain(from: offset)
      for block in found where block.number >= next { blocks[block.number] = block }
      next = max(next, (found.last?.number).map { $0 + 1 } ?? next)
      if end >= bytes.count { return }
      faults.append(.damaged(offset: end, "no block starts here"))
      // The damaged header was that of the next block; those behind it have later numbers.
      guard let sought = seek(after: end, number: next) else { return }
      offset = sought
    }
  }

  /// The blocks whose headers follow each other from an offset on, and where the next one would be.
  private func chain(from offset: Int) -> (blocks: [Block], end: Int) {
    var (blocks, offset): ([Block], Int) = ([], offset)
    while let block = block(at: offset),
      blocks.last.map({ $0.number + 1 == block.number }) ?? true
    {
      blocks.append(block)
      offset = block.content.upperBound
    }
    return (blocks, offset)
  }

  /// Where the blocks start that lead to the end of the file, behind a damaged header.
  private func seek(after start: Int, number: UInt32) -> Int? {
    for offset in start..<max(start, bytes.count - BlockFile.blockHeaderSize + 1) {
      // The kind is a small number: most places need no checksum.
      guard let first = block(at: offset), first.number > number else { continue }
      let (blocks, end) = chain(from: offset)
      if end == bytes.count, count.map({ Int(blocks[blocks.count - 1].number) == $0 - 1 }) ?? true {
        return offset
      }
    }
    return nil
  }

  /// The block whose header is at an offset, or nil if none is there.
  private func block(at offset: Int) -> Block? {
    guard bytes.count - offset >= BlockFile.blockHeaderSize else { return nil }
    let kind: UInt32 = bytes.number(at: offset)
    guard BlockFile.Kind(rawValue: kind) != nil,
      CRC32C.checksum(bytes.span.extracting(offset..<offset + 20))
        == bytes.number(at: offset + 20, as: UInt32.self)
    else { return nil }
    let start = offset + BlockFile.blockHeaderSize
    let (end, overflow) = start.addingReportingOverflow(
      Int(clamping: bytes.number(at: offset + 8, as: UInt64.self)))
    return Block(
      number: bytes.number(at: offset + 4), kind: kind, content: start..<(overflow ? .max : end))
  }

  /// Whether the header of a block says that it is of a kind.
  func isBlock(_ number: Int, _ kind: BlockFile.Kind) -> Bool {
    blocks[UInt32(number)]?.kind == kind.rawValue
  }

  /// What `read` makes of a block that is whole; nil if it is damaged, which is noted.
  mutating func read<Result>(
    _ number: Int, _ kind: BlockFile.Kind,
    _ read: (inout ByteReader) throws(FormatFault) -> Result
  ) -> Result? {
    guard isBlock(number, kind), let content = blocks[UInt32(number)]?.content else { return nil }
    do throws(FormatFault) {
      var rest = ByteReader(bytes, content.lowerBound..<bytes.count)
      _ = try rest.take(content.count)
      try bytes.requireChecksum(of: content, at: content.lowerBound - 8)
      var reader = ByteReader(bytes, content)
      return try read(&reader)
    } catch {
      faults.append(error)
      return nil
    }
  }
}
