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

  /// What a word stands before, so that no two queries are made of the same words.
  private enum Mark: Int {
    case all, rows, hop, hopBack, reach, filter, combination, end, sorted, slice
    case comparison, among, prefix, reaching, key, count, allTests, anyTest, negated, test
  }

  /// The word that a value counts as where the order of several does not matter.
  static func word(_ value: StoredValue) -> UInt64 {
    var words = Words()
    words.add(value)
    return words.hash
  }

  private mutating func add(_ word: UInt64) { words.add(word) }

  private mutating func add(_ number: Int) { words.add(number) }

  private mutating func add(_ mark: Mark) { words.add(mark.rawValue) }

  private mutating func add(_ text: String) { words.add(text) }

  private mutating func add(_ value: StoredValue) { words.add(value) }

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
      add(.all)
      add(graph.layout.tableWords[table])
    case .rows(let table, let slots):
      let state = graph.table(table)
      add(.rows)
      add(graph.layout.tableWords[table])
      // The keys that were named, whether rows have them or not, and in whatever order the rows are.
      add(slots.reduce(slots.absent) { $0 &+ Fingerprint.word(state.key(at: $1)) })
    case .run(let one): add(one.hop)
    case .hop(_, let hop): add(hop)
    case .reach(_, let step, let levels):
      add(.reach)
      add(levels.lowerBound)
      add(levels.upperBound)
      add(step.count)
      for hop in step { add(hop) }
    case .filter(_, let filter):
      add(.filter)
      add(filter.shape)
    case .combination(let operation, _, let right):
      add(.combination)
      add(operation.rawValue)
      add(right)
      add(.end)
    case .sorted(_, let terms):
      add(.sorted)
      add(terms.count)
      for term in terms {
        add(term.direction == .ascending ? 0 : 1)
        add(term.name)
      }
    case .slice(_, let dropped, let limit):
      add(.slice)
      add(dropped)
      add(limit ?? -1)
    }
  }

  private mutating func add(_ hop: LinkHop) {
    add(hop.direction == .forward ? .hop : .hopBack)
    add(graph.layout.linkWords[hop.link])
  }

  private mutating func add(_ shape: PredicateShape) {
    switch shape {
    case .comparison(_, let name, let comparison, let value):
      add(.comparison)
      add(name)
      add(comparison.rawValue)
      add(value)
    case .all(let shapes):
      add(.allTests)
      add(shapes.count)
      for shape in shapes { add(shape) }
    case .among(_, let name, let values):
      add(.among)
      add(name)
      add(values)
    case .prefix(_, let name, let text):
      add(.prefix)
      add(name)
      add(text)
    case .reaching(let walk, let destination):
      add(.reaching)
      add(walk)
      switch destination.rows {
      case .key(let key):
        add(.key)
        add(key)
      case .accepted(let shape): add(shape)
      }
    case .count(let walk, let comparison, let number):
      add(.count)
      add(walk)
      add(comparison.rawValue)
      add(number)
    case .any(let shapes):
      add(.anyTest)
      add(shapes.count)
      for shape in shapes { add(shape) }
    case .negated(let shape):
      add(.negated)
      add(shape)
    case .other(let text, let values):
      add(.test)
      add(text)
      add(values)
    }
  }

  private mutating func add(_ walk: PredicateShape.Walk) {
    add(walk.path.count)
    for hop in walk.path {
      add(hop.direction == .forward ? .hop : .hopBack)
      add(hop.link.name)
    }
  }

  private mutating func add(_ values: [StoredValue]) {
    add(values.count)
    for value in values { add(value) }
  }
}

/// Words that are mixed into one number.
private struct Words {
  private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ word: UInt64) {
    hash = (hash ^ word) &* 0x9e37_79b9_7f4a_7c15
    hash ^= hash >> 32
  }

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
    case .composite(let parts):
      add(parts.count)
      for part in parts { add(part) }
    case .null, .boolean, .integer, .unsigned, .real, .date: add(value.rank)
    }
  }
}
