import KithCore

extension Graph {
  /// Sizes of a graph, counted, not estimated.
  public struct Statistics: Sendable, Hashable {
    /// One table or association table.
    public struct Table: Sendable, Hashable {
      /// The name of the table.
      public var name: String
      /// The number of rows, or of links in an association table.
      public var count: Int
      /// The bytes of its pages: rows and indexes, or links in both directions. Text and data that
      /// rows refer to elsewhere are not in it.
      public var bytes: Int
    }

    /// The tables, then the association tables, in the order of the schema.
    public var tables: [Table] = []
    /// The number of rows of all tables.
    public var rows = 0
    /// The number of links of all association tables.
    public var links = 0
    /// The bytes of the links that foreign keys are.
    public var foreignKeyBytes = 0
    /// How many pages, nodes and leaves writes had to copy because a snapshot shared them, since
    /// the tables were last built in bulk.
    public var pagesCopied = 0

    /// The bytes of all tables and links.
    public var bytes: Int { tables.reduce(foreignKeyBytes) { $0 + $1.bytes } }

    /// The sizes of one table or association table.
    public subscript(name: String) -> Table? { tables.first { $0.name == name } }
  }

  /// Sizes of this graph.
  ///
  /// - Complexity: O(pages).
  public var statistics: Statistics {
    var statistics = Statistics()
    statistics.pagesCopied = copies
    for (number, info) in layout.tables.enumerated() {
      let table = table(number)
      statistics.tables.append(.init(name: info.name, count: table.count, bytes: table.byteCount))
      statistics.rows += table.count
    }
    for (number, info) in layout.links.enumerated() {
      let links = links(number)
      if info.column == nil {
        statistics.tables.append(
          .init(name: info.tableName, count: links.count, bytes: links.byteCount))
        statistics.links += links.count
      } else {
        statistics.foreignKeyBytes += links.byteCount
      }
    }
    return statistics
  }

  /// How many rows a relationship leads to how many others: at index 0 the rows that it leads
  /// nowhere, at index *i* those with at least 2^(*i*-1) and less than 2^*i* related rows.
  ///
  /// ```swift
  /// graph.degreeHistogram(of: User.followers)   // [12, 40, 51, …]: 12 nobody follows, 40 one, 51 two or three
  /// ```
  ///
  /// - Precondition: The relationship is one hop.
  /// - Complexity: O(rows).
  public func degreeHistogram<Way: Traversal>(of way: Way) -> [Int] {
    precondition(way.relationship.path.count == 1, "degrees are those of one hop")
    let hop = LinkHop(way.relationship.path[0], layout)
    let table = table(layout.table(of: Way.Source.self))
    defer { withExtendedLifetime(self) {} }
    return Degrees.histogram(runs(hop), slotEnd: table.slotEnd, rowCount: table.count)
  }
}

extension Graph: CustomStringConvertible {
  /// The version, and how much of everything there is: `version 4: 2 users, 5 posts, 1 follows`.
  public var description: String {
    let sizes =
      layout.tables.enumerated().map { "\(table($0).count) \($1.name)" }
      + layout.associations.map { "\(links($0).count) \(layout.links[$0].tableName)" }
    return "version \(version): \(sizes.isEmpty ? "no tables" : sizes.joined(separator: ", "))"
  }
}

extension Graph.Statistics: CustomStringConvertible {
  /// A line for each table, with its count and its bytes, and one for all that is in none:
  /// `follows: 3, 392 bytes`.
  public var description: String {
    var lines = tables.map { "\($0.name): \($0.count), \($0.bytes) bytes" }
    lines.append("foreign keys: \(foreignKeyBytes) bytes; \(pagesCopied) pages copied")
    return lines.joined(separator: "\n")
  }
}
