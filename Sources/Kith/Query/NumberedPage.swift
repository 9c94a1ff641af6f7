extension Page {
  /// One of the pages of a query that is cut at fixed places, with how many there are.
  ///
  /// Good for tables that people leaf through. Rows that are inserted or deleted between two pages
  /// shift the places; a cursor does not have that fault.
  public struct Numbered: Sendable {
    /// The rows of the page, in the query's order.
    public let rows: [Record]
    /// The number of the page, from 1.
    public let number: Int
    /// The most rows of a page.
    public let size: Int
    /// The number of rows of all pages, or nil if they were not counted.
    public let total: Int?
    /// Whether rows come after these.
    let hasNext: Bool

    @usableFromInline
    init(rows: [Record], _ page: NumberedSlots) {
      self.rows = rows
      (number, size, total, hasNext) = (page.number, page.size, page.total, page.hasNext)
    }

    /// The number of pages, or nil if the rows were not counted.
    public var pageCount: Int? { total.map { ($0 + size - 1) / size } }
    /// The number of the next page, or nil on the last.
    public var next: Int? { hasNext ? number + 1 : nil }
    /// The number of the page before, or nil on the first.
    public var previous: Int? { number > 1 ? number - 1 : nil }
    /// Which of all rows the first of the page is, from 1; 0 if the page is empty.
    public var firstItem: Int { rows.isEmpty ? 0 : (number - 1) * size + 1 }
    /// Which of all rows the last of the page is, from 1; 0 if the page is empty.
    public var lastItem: Int { rows.isEmpty ? 0 : firstItem + rows.count - 1 }

    /// The numbers of pages to offer as links, with nil where some are left out: `1 2 … 7 8 9 … 15`.
    ///
    /// - Parameters:
    ///   - edges: How many pages to show at either end.
    ///   - before: How many pages to show before this one.
    ///   - after: How many pages to show after this one.
    /// - Precondition: The rows were counted, and no number is negative.
    public func strip(edges: Int = 2, before: Int = 2, after: Int = 4) -> [Int?] {
      guard let last = pageCount else { preconditionFailure("a strip needs the rows counted") }
      precondition(edges >= 0 && before >= 0 && after >= 0, "a strip shows some pages, or none")
      // None of the sums is larger than a number of pages, whatever number was asked for.
      let nearEnd = after < last - number ? number + after : last
      let edges = min(edges, last)
      let parts: [(first: Int, end: Int)] = [
        (1, edges), (number - before, nearEnd), (last - edges + 1, last),
      ]
      var strip: [Int?] = []
      var shown = 0
      for part in parts.sorted(by: { $0.first < $1.first }) {
        for page in stride(from: max(part.first, shown + 1), through: part.end, by: 1) {
          if page > shown + 1 { strip.append(nil) }
          strip.append(page)
          shown = page
        }
      }
      return shown == last ? strip : strip + [nil]
    }
  }
}

extension Query {
  /// One of the pages that the query is cut into.
  ///
  /// What a client asks for may be handed on as it is: a number or a size below 1 is taken for 1.
  ///
  /// - Parameters:
  ///   - number: The number of the page, from 1. A page past the last one is empty.
  ///   - size: The most rows of a page.
  ///   - maxSize: What a larger `size` is lowered to.
  ///   - counting: Whether to count the rows of all pages.
  /// - Complexity: That of the rows up to the end of the page, and of counting.
  @inlinable
  public func page(
    number: Int, size: Int, maxSize: Int = .max, counting: Bool = true
  ) -> Page<Record>.Numbered {
    let page = NumberedSlots(
      of: node, graph, number: number, size: Swift.min(size, maxSize), counting: counting)
    return Page.Numbered(rows: graph.rows(of: Record.self, at: page.slots.span), page)
  }
}

/// A numbered page before its rows are read.
@usableFromInline
struct NumberedSlots {
  @usableFromInline let slots: [UInt32]
  let number: Int
  let size: Int
  let total: Int?
  let hasNext: Bool

  /// Finds the rows of a page of a query, and whether others come after them.
  @usableFromInline
  init(of node: QueryNode, _ graph: Graph, number: Int, size: Int, counting: Bool) {
    self.number = max(number, 1)
    self.size = max(min(size, Graph.mostRows), 1)
    total = counting ? graph.count(of: node) : nil
    let (before, overflow) = (self.number - 1).multipliedReportingOverflow(by: self.size)
    var slots: [UInt32] = []
    if !overflow {
      // One more row tells whether there is a next page.
      slots = graph.slots(of: .slice(node, dropping: before, limit: self.size + 1))
    }
    hasNext = slots.count > self.size
    if hasNext { slots.removeLast() }
    self.slots = slots
  }
}
