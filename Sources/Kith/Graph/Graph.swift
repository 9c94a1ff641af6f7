public import KithCore

/// All tables and links of a store at one moment: a value.
///
/// A copy costs O(1) and is a snapshot: later changes to one do not show in the other. Inside
/// `GraphStore.write` the graph is yours to change; elsewhere a copy in a `var` may be changed too,
/// and is simply never published.
public struct Graph: Sendable {
  @usableFromInline var contents: CopyOnWrite<Frame, Contents>

  /// How many writes had changed the store when this graph was published; 0 for a graph that never
  /// was. A copy that is changed keeps the number of the graph that it was made from.
  public internal(set) var version = 0

  /// Makes a graph without rows.
  public init(_ schema: Schema) {
    self.init(schema, .standard)
  }

  /// Makes a graph without rows, of structures of some sizes.
  package init(_ schema: Schema, _ geometry: Geometry) {
    let layout = schema.layout
    contents = CopyOnWrite(
      header: Frame(layout: layout, origin: Origin(geometry, Numbering())),
      Contents(
        tables: layout.tables.map { TableState($0, geometry) },
        links: layout.links.map { _ in Adjacency(geometry: geometry.runs) }))
  }

  /// What all graphs have in common that were made from one another by changes.
  @usableFromInline
  struct Frame: Sendable {
    @usableFromInline let layout: SchemaLayout
    fileprivate let origin: Origin
  }

  /// The tables and links that versions of a graph share until one is changed.
  @usableFromInline
  struct Contents: Sendable {
    fileprivate(set) var tables: [TableState]
    fileprivate var links: [Adjacency]
    /// The deferred foreign keys that refer to no row; none in a graph that was published.
    fileprivate var pending = PendingReferences()
    /// How often a table or links were changed; a change of many links at once counts as one.
    fileprivate var changes = 0

    fileprivate mutating func changeTable<Result, Failure: Error>(
      _ number: Int, _ change: (inout TableState) throws(Failure) -> Result
    ) throws(Failure) -> Result {
      changes += 1
      return try change(&tables[number])
    }

    fileprivate mutating func changeLinks<Result>(
      _ number: Int, _ change: (inout Adjacency) -> Result
    ) -> Result {
      changes += 1
      return change(&links[number])
    }
  }

  /// The tables and links that there are, by number.
  @inlinable var layout: SchemaLayout {
    @inline(__always)
    _read { yield contents.header.layout }
  }

  /// The schema, to be reflected upon.
  public var schema: Schema { Schema(layout: layout) }

  /// Tells graphs that were made from one another by changes from all others.
  fileprivate final class Origin: Sendable {
    let geometry: Geometry
    let numbering: Numbering

    init(_ geometry: Geometry, _ numbering: Numbering) {
      (self.geometry, self.numbering) = (geometry, numbering)
    }
  }

  /// Whether two graphs are the same version, so that nothing was changed between them.
  func isSameVersion(as other: Graph) -> Bool { contents.isShared(with: other.contents) }

  /// Whether a slot is the same row in two graphs: one was made from the other by changes, or both
  /// from a third.
  func sharesSlots(with other: Graph) -> Bool {
    contents.header.origin === other.contents.header.origin
  }

  /// The assignment of slots to rows.
  var numbering: Numbering { contents.header.origin.numbering }

  /// The same graph with another record of how its slots were assigned.
  func numbered(_ numbering: Numbering) -> Graph {
    var graph = self
    graph.contents = CopyOnWrite(
      header: Frame(layout: layout, origin: Origin(geometry, numbering)), contents.value)
    return graph
  }

  /// The sizes of the structures.
  var geometry: Geometry { contents.header.origin.geometry }

  // MARK: Parts

  /// A table, to be read.
  func table(_ number: Int) -> TableState { contents.value.tables[number] }

  /// The links of an association table or foreign key, to be read.
  func links(_ number: Int) -> Adjacency { contents.value.links[number] }

  /// The number of links of an association table or foreign key.
  func linkCount(_ number: Int) -> Int { contents.value.links[number].count }

  /// Finds where a link stands, or would be inserted.
  func place(of source: UInt32, _ target: UInt32, in link: Int) -> LinkPlace {
    defer { withExtendedLifetime(contents) {} }
    return LinkPlace(of: source, target, runs(link, .forward), runs(link, .backward))
  }

  /// The runs of a hop, to be read while this graph is held.
  @inline(__always)
  func runs(_ hop: LinkHop) -> RunsView { runs(hop.link, hop.direction) }

  /// The runs of a link in one direction, to be read while this graph is held.
  func runs(_ link: Int, _ direction: Direction) -> RunsView {
    contents.value.links[link].view(direction)
  }

  /// The number of links of a row in one direction. O(1).
  func linkCount(of slot: UInt32, _ link: Int, _ direction: Direction) -> Int {
    defer { withExtendedLifetime(contents) {} }
    return runs(link, direction).count(of: slot)
  }

  /// Whether a link is there, seen from either of its ends.
  func isLinked(_ source: UInt32, to target: UInt32, _ link: Int, _ direction: Direction) -> Bool {
    defer { withExtendedLifetime(contents) {} }
    return runs(link, direction).contains(target, in: source)
  }

  /// The row that a foreign key of a row refers to, or nil.
  func parent(_ link: Int, of slot: UInt32) -> UInt32? {
    defer { withExtendedLifetime(contents) {} }
    return runs(link, .forward).firstTarget(of: slot)
  }

  /// Changes a table, which this graph then owns alone.
  mutating func changeTable<Result, Failure: Error>(
    _ number: Int, _ change: (inout TableState) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try contents.value.changeTable(number, change)
  }

  /// Changes the links of an association table or foreign key, and looks at no rule: what calls this
  /// has looked before.
  package mutating func changeLinks<Result>(
    _ number: Int, _ change: (inout Adjacency) -> Result
  ) -> Result {
    contents.value.changeLinks(number, change)
  }

  /// Lets tables go on with integer keys where those of another graph end, if that is further.
  mutating func raiseLargestKeys(to other: Graph) {
    for number in layout.tables.indices where layout.tables[number].hasNextKey {
      if let key = other.table(number).largestKey {
        changeTable(number) { $0.raiseLargestKey(to: key) }
      }
    }
  }

  /// The deferred foreign keys that refer to no row so far.
  var pending: PendingReferences { contents.value.pending }

  /// Changes what deferred foreign keys wait for.
  mutating func changePending<Result>(_ change: (inout PendingReferences) -> Result) -> Result {
    change(&contents.value.pending)
  }

  /// Pages, nodes and leaves that writes had to copy because a snapshot shared them.
  ///
  /// - Complexity: O(tables and links of the schema).
  var copies: Int {
    contents.value.tables.reduce(0) { $0 + $1.copies }
      + contents.value.links.reduce(0) { $0 + $1.copies }
  }

  /// Whether few rows and links were changed to make this version of one before it, so that the other
  /// has few pages of its own.
  ///
  /// - Complexity: O(links of the schema).
  func differsLittle(from before: Graph) -> Bool {
    let few = 0...1_024
    return sharesSlots(with: before)
      && few.contains(contents.value.changes - before.contents.value.changes)
      && few.contains(abs(linkCount - before.linkCount))
  }

  private var linkCount: Int { layout.links.indices.reduce(0) { $0 + linkCount($1) } }
}
