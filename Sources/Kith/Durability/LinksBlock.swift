import KithCore

/// The block of an association table's links, a static CSR.
///
/// ```
///  ┌ how many links (8) ┬ how many each row has as a source (4 a row) ┬ targets (4 a link) ┐
///  └────────────────────┴──────────────────────────────────────────────┴────────────────────┘
/// ```
///
/// Targets come by source and then by their own number; none is there twice.
struct LinksBlock {
  /// Where the targets of each source start, and where the last ones end.
  let offsets: [UInt32]
  let targets: [UInt32]

  /// The bytes of a block.
  static func byteCount(sources: Int, links: Int) -> Int { 8 + 4 * sources + 4 * links }

  /// The content of the block that holds an association table's links.
  ///
  /// - Parameter degrees: How many each row has as a source.
  static func encode(
    _ table: Int, of content: any GraphContent, _ degrees: [UInt32]
  ) -> [UInt8] {
    let count = content.linkCount(of: table)
    var writer = ByteWriter(capacity: byteCount(sources: degrees.count, links: count))
    writer.append(UInt64(count))
    writer.append(contentsOf: degrees)
    content.forEachTargets(of: table) { writer.append(contentsOf: $0) }
    return writer.bytes
  }

  /// What is known of an association table before its links are read.
  struct Ends {
    let name: String
    /// How many rows there are that links may start from.
    let sources: Int
    /// How many rows there are that links may lead to.
    let targets: Int
    /// Whether a source may be linked to the target with its number.
    let allowsLoops: Bool

    /// - Parameter rows: How many rows tables have; nil is made if either end is none of these.
    init?(of table: Schema.Table, rows: [String: Int]) {
      let counts = table.ends.map { $0.flatMap { rows[$0] } }
      guard counts.count == 2, let sources = counts[0], let targets = counts[1] else { return nil }
      (name, self.sources, self.targets) = (table.name, sources, targets)
      allowsLoops = table.allowsLoops
    }
  }

  /// Reads the content of a block.
  init(_ block: inout ByteReader, between ends: Ends) throws(FormatFault) {
    let (start, size) = (block.offset, block.count)
    let count = try block.number(UInt64.self)
    // 32 bits must be able to count the links.
    guard count <= UInt32.max,
      size == LinksBlock.byteCount(sources: ends.sources, links: Int(count))
    else {
      throw .damaged(
        offset: start, "\(count) links from \(ends.sources) rows do not have \(block.count) bytes")
    }
    let degrees: [UInt32] = try block.numbers(ends.sources)
    let place = block.offset
    targets = try block.numbers(Int(count))
    var offsets: [UInt32] = [0]
    offsets.reserveCapacity(ends.sources + 1)
    var end: UInt64 = 0
    for degree in degrees {
      end += UInt64(degree)
      offsets.append(UInt32(truncatingIfNeeded: end))
    }
    guard end == count else {
      throw .damaged(offset: start, "\(count) links are counted, and rows have \(end)")
    }
    self.offsets = offsets
    let fault = LinkRules(targetCount: ends.targets, allowsLoops: ends.allowsLoops)
      .firstFault(offsets: offsets, targets: targets, workers: .allCores)
    if let fault {
      throw .damaged(
        offset: place + fault * 4,
        "a link of \(ends.name) is out of order, from a row to itself, or leads nowhere")
    }
  }
}

extension ByteReader {
  /// Numbers as many bytes long as their type, one behind the other.
  fileprivate mutating func numbers(_ count: Int) throws(FormatFault) -> [UInt32] {
    bytes.numbers(at: try take(count * 4).lowerBound, count: count)
  }
}
