import KithCore

/// The plan for a filter that an index serves: over a whole table, or over the rows that one row is
/// linked to when the index finds fewer.
final class FilterPlan {
  let access: IndexAccess
  let filter: Filter
  /// The rows that are filtered.
  let base: QueryNode
  private let graph: Graph
  /// The run whose rows are filtered; nil for a whole table.
  private let link: OneHop?

  /// Looking a candidate up among linked rows costs about as much as testing this many.
  private static let lookUpCost = 8
  /// Asking an index costs about as much as testing this many linked rows.
  private static let fewRows = 64

  /// Finds an index for a filter of the rows of a query without filters, or returns nil.
  init?(_ base: QueryNode, _ filter: Filter, _ graph: Graph) {
    switch base {
    case .all: link = nil
    case .run(let one): link = one
    default: return nil
    }
    let linked = link.map { graph.linkCount(of: $0.source, $0.hop.link, $0.hop.direction) }
    if let linked, linked <= FilterPlan.fewRows { return nil }
    guard let access = IndexAccess(filter.shape, graph, table: base.table) else { return nil }
    if let linked, access.count * FilterPlan.lookUpCost >= linked { return nil }
    // The other tests are asked first where walking back is not expected to leave any row out.
    let isGuess = !access.isCounted && !access.isExact
    if isGuess, access.count >= graph.table(base.table).count { return nil }
    self.access = access
    self.filter = filter
    self.base = base
    self.graph = graph
  }

  /// The number of rows that pass, if it is known without finding them.
  var count: Int? { link == nil && access.isExact && access.isCounted ? access.count : nil }

  /// The rows that pass, in order of insertion.
  func run(limit: Int) -> [UInt32] {
    var slots = access.slots()
    if let link {
      slots = slots.filter {
        graph.isLinked(link.source, to: $0, link.hop.link, link.hop.direction)
      }
    }
    if !access.isExact {
      let accepts = filter.bind(graph, slots.count)
      slots = slots.filter(accepts)
    }
    return slots.count > limit ? Array(slots.prefix(limit)) : slots
  }
}
