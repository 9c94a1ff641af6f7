import KithCore

/// Many links on their way from keys to slots.
///
/// Keys that have ranks come by the thousand, as plain numbers: then nothing generic, and no value
/// in the form of `StoredValue`, stands in the loop over the links.
@usableFromInline
struct LinkLoading {
  /// The ranks of both keys of links that are looked up together, source and target in turn: so many
  /// that they stay in the nearest cache.
  @usableFromInline var ranks = [UInt64](repeating: 0, count: 2_048)

  private let number: Int
  private let intake: LinkIntake
  @usableFromInline let isForward: Bool
  private let allOrNothing: Bool
  /// What the keys of the association table's source and of its target are made of.
  private let kinds: (StoredValue.Kind, StoredValue.Kind)
  private var batch = LinkBatch()
  private var report = LoadReport()

  /// Starts to load links into an association table.
  @usableFromInline
  init<Source: Row, Target: Row>(
    _ graph: Graph, _ association: Association<Source, Target>, expecting count: Int,
    allOrNothing: Bool
  ) throws(GraphError) {
    number = try graph.layout.listedLink(association.identity)
    intake = LinkIntake(graph, number)
    isForward = association.direction == .forward
    self.allOrNothing = allOrNothing
    kinds =
      isForward
      ? (Source.ID.storedKind, Target.ID.storedKind) : (Target.ID.storedKind, Source.ID.storedKind)
    batch.reserveCapacity(count)
  }

  /// Adds the links between some keys that are wholly described by their ranks.
  @inlinable
  mutating func append<Source: ColumnValue, Target: ColumnValue>(
    contentsOf pairs: some Sequence<(Source, Target)>
  ) throws(GraphError) {
    var pairs = pairs.makeIterator()
    let (first, second) = isForward ? (0, 1) : (1, 0)
    var count = 0
    repeat {
      count = 0
      var room = ranks.mutableSpan
      while count < room.count, let (source, target) = pairs.next() {
        room[count + first] = source.stored.rank
        room[count + second] = target.stored.rank
        count += 2
      }
      try lookUp(count)
    } while count == ranks.count
  }

  /// Looks up the links whose keys' ranks stand first.
  @usableFromInline
  mutating func lookUp(_ count: Int) throws(GraphError) {
    let ranks = ranks
    var slots = [UInt32](repeating: 0, count: count)
    var room = slots.mutableSpan
    let refused = intake.append(ranks.span.extracting(0..<count), to: &batch, &room)
    for index in refused {
      let (first, second) = (
        StoredValue(kinds.0, rank: ranks[index]), StoredValue(kinds.1, rank: ranks[index + 1])
      )
      try isForward ? append(first, second) : append(second, first)
    }
  }

  /// Looks one link up.
  @usableFromInline
  mutating func append(_ source: StoredValue, _ target: StoredValue) throws(GraphError) {
    do throws(GraphError) {
      let link = try isForward ? intake.slots(of: source, target) : intake.slots(of: target, source)
      if intake.allows(link) {
        batch.append(link.source, link.target)
      } else if allOrNothing {
        throw intake.selfLinkFault(source)
      } else {
        report.selfLinks += 1
      }
    } catch {
      try report.refuse(error, allOrNothing)
    }
  }

  /// Inserts the links that were looked up.
  @usableFromInline
  mutating func finish(in graph: inout Graph) -> LoadReport {
    report.inserted = graph.insertLinks(batch, number)
    report.duplicates = batch.count - report.inserted
    return report
  }
}
