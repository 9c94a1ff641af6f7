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
  public func page(
    number: Int, size: Int, maxSize: Int = .max, counting: Bool = true
  ) -> Page<Record>.Numbered {
    let number = Swift.max(number, 1)
    let size = Swift.max(Swift.min(size, maxSize, Graph.mostRows), 1)
    let (before, overflow) = (number - 1).multipliedReportingOverflow(by: size)
    let slots = overflow ? [] : dropFirst(before).prefix(size + 1).slots
    return Page.Numbered(
      rows: slots.prefix(size).map { rows.row(at: $0) }, number: number, size: size,
      total: counting ? count : nil, hasNext: slots.count > size)
  }
}
