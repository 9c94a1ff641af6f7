import Foundation

/// A number that two queries share only if they are the same query in the same order, to which
/// cursors are bound. It is the same in every process.
///
/// What a query does is taken as words, one after the other: each is mixed into the number by an
/// exclusive or, a multiplication and a shift, all of which can be undone. A text counts as one word,
/// its FNV-1a; texts that are equal, though not made of the same scalars, count alike.
struct Fingerprint {
  private var words = Words()
  private let graph: Graph

  var hash: UInt64 { words.hash }

  init(_ node: QueryNode, _ graph: Graph) {
    self.graph = graph
    add(node)
  }

  /// The word that a value counts as where the order of several does not matter.
  static func word(_ value: StoredValue) -> UInt64 {
    var words = Words()
    words.add(value)
    return words.hash
  }

  /// The word that a text counts as.
  static func word(_ text: String) -> UInt64 { Words.word(text) }

  private mutating func add(_ node: QueryNode) {
    // From what was done last to where the query starts: a loop, however many calls were chained.
    var part = node
    add(last: part)
    while let source = part.source {
      part = source
      add(last: part)
    }
  }

  /// Adds what was done last.
  private mutating func add(last node: QueryNode) {
    switch node {
    case .all(let table):
      words.add(.all)
      words.add(graph.layout.tableWords[table])
    case .rows(let table, let slots):
      let state = graph.table(table)
      words.add(.rows)
      words.add(graph.layout.tableWords[table])
      // The keys that were named, whether rows have them or not, and in whatever order the rows are.
      words.add(slots.reduce(slots.absent) { $0 &+ Fingerprint.word(state.key(at: $1)) })
    case .run(let one): add(one.hop)
    case .hop(_, let hop): add(hop)
    case .reach(_, let step, let levels):
      words.add(.reach)
      words.add(levels.lowerBound)
      words.add(levels.upperBound)
      words.add(step.count)
      for hop in step { add(hop) }
    case .filter(_, let filter):
      words.add(.filter)
      add(filter.shape)
    case .combination(let operation, _, let right):
      words.add(.combination)
      words.add(operation.rawValue)
      add(right)
      words.add(.end)
    case .sorted(_, let terms):
      words.add(.sorted)
      words.add(terms.count)
      for term in terms {
        words.add(term.direction == .ascending ? 0 : 1)
        words.add(term.name)
      }
    case .slice(_, let dropped, let limit):
      words.add(.slice)
      words.add(dropped)
      words.add(limit ?? -1)
    }
  }

  private mutating func add(_ hop: LinkHop) {
    words.add(hop.direction == .forward ? .hop : .hopBack)
    words.add(graph.layout.linkWords[hop.link])
  }

  private mutating func add(_ shape: PredicateShape) {
    switch shape {
    case .comparison(_, let name, let comparison, let value):
      words.add(.comparison)
      words.add(name)
      words.add(comparison.rawValue)
      words.add(value)
    case .all(let shapes): add(.allTests, shapes)
    case .among(_, let name, let values):
      words.add(.among)
      words.add(name)
      words.add(values)
    case .prefix(_, let name, let text):
      words.add(.prefix)
      words.add(name)
      words.add(text)
    case .reaching(let walk, let destination):
      words.add(.reaching)
      add(walk)
      switch destination.rows {
      case .key(let key):
        words.add(.key)
        words.add(key)
      case .accepted(let shape): add(shape)
      }
    case .count(let walk, let comparison, let number):
      words.add(.count)
      add(walk)
      words.add(comparison.rawValue)
      words.add(number)
    case .any(let shapes): add(.anyTest, shapes)
    case .negated(let shape):
      words.add(.negated)
      add(shape)
    case .other(let text, let values):
      words.add(.test)
      words.add(text)
      words.add(values)
    }
  }

  private mutating func add(_ mark: Mark, _ shapes: [PredicateShape]) {
    words.add(mark)
    words.add(shapes.count)
    for shape in shapes { add(shape) }
  }

  private mutating func add(_ walk: PredicateShape.Walk) {
    words.add(walk.path.count)
    for hop in walk.path {
      words.add(hop.direction == .forward ? .hop : .hopBack)
      words.add(hop.link.name)
    }
  }
}

/// What a word stands before, so that no two queries are made of the same words.
private enum Mark: Int {
  case all, rows, hop, hopBack, reach, filter, combination, end, sorted, slice
  case comparison, among, prefix, reaching, key, count, allTests, anyTest, negated, test
}

/// Words that are mixed into one number.
private struct Words {
  private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ word: UInt64) {
    hash = (hash ^ word) &* 0x9e37_79b9_7f4a_7c15
    hash ^= hash >> 32
  }

  mutating func add(_ mark: Mark) { add(mark.rawValue) }

  mutating func add(_ number: Int) { add(UInt64(bitPattern: Int64(number))) }

  mutating func add(_ text: String) { add(Words.word(text)) }

  /// The word that a text counts as.
  static func word(_ text: String) -> UInt64 {
    let (hash, isASCII) = fnv(text)
    return isASCII ? hash : fnv(text.precomposedStringWithCanonicalMapping).hash
  }

  private static func fnv(_ text: String) -> (hash: UInt64, isASCII: Bool) {
    var (hash, bits) = (UInt64(0xcbf2_9ce4_8422_2325), UInt8(0))
    for byte in text.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
      bits |= byte
    }
    return (hash, bits < 0x80)
  }

  mutating func add(_ value: StoredValue) {
    add(value.place)
    switch value {
    case .text(let text): add(text)
    case .uuid(let uuid):
      add(uuid.halves.high)
      add(uuid.halves.low)
    case .bytes(let bytes):
      add(bytes.count)
      for byte in bytes { add(UInt64(byte)) }
    case .composite(let parts): add(parts)
    case .null, .boolean, .integer, .unsigned, .real, .date: add(value.rank)
    }
  }

  mutating func add(_ values: [StoredValue]) {
    add(values.count)
    for value in values { add(value) }
  }
}
