import KithCore

/// What a query describes, whatever the type of its rows. Slots are resolved, types are gone.
@usableFromInline
enum QueryNode: Sendable {
  /// All rows of a table.
  case all(table: Int)
  /// Some rows.
  case rows(table: Int, Slots)
  /// The rows of one hop from one row: those of a run. It is what is asked most, and needs no memory of
  /// its own.
  case run(OneHop)
  /// The rows that one hop reaches from others.
  indirect case hop(QueryNode, LinkHop)
  /// The rows at some distances, in steps over the hops, from others.
  indirect case reach(QueryNode, [LinkHop], ClosedRange<Int>)
  /// The rows that a test accepts.
  indirect case filter(QueryNode, Filter)
  /// The rows of two queries over one table, put together.
  indirect case combination(SetOperation, QueryNode, QueryNode)
  /// The same rows in another order.
  indirect case sorted(QueryNode, [SortTerm])
  /// A part of the rows, in their order.
  indirect case slice(QueryNode, dropping: Int, limit: Int?)

  /// The number of the table whose rows the query yields.
  @usableFromInline
  var table: Int {
    var node = self
    while true {
      switch node {
      case .all(let table), .rows(let table, _): return table
      case .run(let one): return one.hop.target
      case .hop(_, let hop): return hop.target
      case .reach, .filter, .combination, .sorted, .slice: node = node.source ?? node
      }
    }
  }

  /// What the query is made of, or the left of what it puts together; nil for a table and for rows.
  var source: QueryNode? {
    switch self {
    case .all, .rows: nil
    case .run(let one): one.sources
    case .hop(let rows, _), .reach(let rows, _, _), .filter(let rows, _),
      .combination(_, let rows, _), .sorted(let rows, _), .slice(let rows, _, _):
      rows
    }
  }

  /// One row, or none.
  @usableFromInline
  static func row(table: Int, _ slot: UInt32?) -> QueryNode {
    .rows(table: table, Slots(slot))
  }

  /// The row and the hop, if these are the rows of one hop from one row: those of a run.
  var oneHop: OneHop? {
    if case .run(let one) = self { one } else { nil }
  }

  /// The last hop of a walk, and the rows from which it starts; nil if these are not the rows of a hop.
  var lastHop: (sources: QueryNode, hop: LinkHop)? {
    switch self {
    case .run(let one): (one.sources, one.hop)
    case .hop(let sources, let hop): (sources, hop)
    case .all, .rows, .reach, .filter, .combination, .sorted, .slice: nil
    }
  }

  /// Whether these are the rows that are in each of two runs.
  var isOfTwoRuns: Bool {
    if case .combination(.intersection, .run, .run) = self { true } else { false }
  }

  /// What a query starts from, and what is put together with it one after the other, but for two runs,
  /// which have a kernel of their own.
  ///
  /// Calls are chained to the left, hundreds of them perhaps, so the left sides are not reached through
  /// each other.
  var withoutCombinations:
    (
      first: QueryNode, parts: [(operation: SetOperation, right: QueryNode)]
    )
  {
    var (first, parts): (QueryNode, [(SetOperation, QueryNode)]) = (self, [])
    while case .combination(let operation, let left, let right) = first, !first.isOfTwoRuns {
      parts.append((operation, right))
      first = left
    }
    return (first, parts.reversed())
  }

  /// The rows that a whole relationship reaches.
  @usableFromInline
  consuming func following(_ path: [Hop], _ layout: SchemaLayout) -> QueryNode {
    var node = self
    for index in path.indices {
      let hop = layout.hop(path, index)
      if case .rows(let table, let sources) = node, let source = sources.only {
        node = .run(OneHop(from: table, source, hop))
      } else {
        node = .hop(node, hop)
      }
    }
    return node
  }
}

/// A hop from one row.
@usableFromInline
struct OneHop: Sendable {
  private let table: UInt32
  let source: UInt32
  let hop: LinkHop

  init(from table: Int, _ source: UInt32, _ hop: LinkHop) {
    self.table = UInt32(table)
    self.source = source
    self.hop = hop
  }

  /// The row, as a query for it.
  var sources: QueryNode { .rows(table: Int(table), .one(source)) }
}

/// A hop whose link is known by number. Small, as every query for the rows of a run holds one.
@usableFromInline
struct LinkHop: Sendable, Equatable {
  private let linkNumber: UInt32
  private let targetNumber: UInt32
  let direction: Direction

  init(link: Int, direction: Direction, target: Int) {
    linkNumber = UInt32(link)
    targetNumber = UInt32(target)
    self.direction = direction
  }

  var link: Int { Int(linkNumber) }
  var target: Int { Int(targetNumber) }

  init(_ hop: Hop, _ layout: SchemaLayout) {
    self = layout.hop([hop], 0)
  }

  /// The association table or foreign key, as plans name it.
  func name(_ layout: SchemaLayout) -> String {
    let info = layout.links[link]
    let column = info.column.map { ".\(layout.tables[info.source].columns[$0].name)" } ?? ""
    return info.tableName + column + (direction == .forward ? "" : " (inverse)")
  }
}

/// How two sets of rows are put together.
@usableFromInline
enum SetOperation: String, Sendable {
  case union
  case intersection
  case subtracting
  case symmetricDifference = "symmetric difference"
}
