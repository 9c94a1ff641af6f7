import KithCore

extension Graph {
  /// Makes all tables and links anew, without the room that changes have left: the places of rows that
  /// were deleted, and the slack of pages.
  ///
  /// Rows keep their order of insertion. Copies that were made before keep the old pages until they
  /// go. The graph of a store is better compacted by ``GraphStore/compact()``: in a write its log would
  /// hear of every row.
  ///
  /// - Throws: `GraphError.damagedFile` if something is wrong with the graph that `validate()` would
  ///   find; then nothing has changed.
  /// - Complexity: O(rows + links), and O(*n* log *n*) for ordered indexes over *n* rows. While it
  ///   runs, memory holds the graph twice, and once more as bytes.
  public mutating func compact() throws(GraphError) {
    self = try compacted(inOrder: [:]).graph
  }

  /// Makes all tables and links anew, and puts the rows of one table into an order that walks along
  /// its links are fast in.
  ///
  /// The rows that many walks meet then lie together in memory, and so do the rows that one row leads
  /// to: breadth-first along the links, from the row to which most of them lead. That is their order
  /// of insertion from now on; rows that are inserted later follow. A ``Cursor`` of an unsorted query
  /// that is older is refused; behind a restart it can't be told any more.
  ///
  /// ```swift
  /// try graph.compact(along: User.following)
  /// ```
  ///
  /// <doc:Performance> says what it gains. Keys that were a sequence in the order of rows are looked up
  /// in a column from now on.
  ///
  /// - Parameter links: The links that are walked most.
  /// - Throws: As `compact()`, and what `append` throws if the schema does not list the links.
  /// - Complexity: As `compact()`, and O(*n* log *n*) for *n* rows of the table.
  public mutating func compact<Record: Row>(
    along links: Link<Record, Record>
  ) throws(GraphError) {
    self = try compacted(inOrder: try order(along: links)).graph
  }

  /// The slots of a table's rows, in the order in which a walk along links meets them, by the number
  /// of the table.
  ///
  /// - Throws: `GraphError` if the schema does not list the links.
  func order<Record: Row>(
    along links: Link<Record, Record>
  ) throws(GraphError) -> [Int: [UInt32]] {
    let adjacency = self.links(try layout.listedLink(links.association.identity))
    let number = layout.table(of: Record.self)
    let direction = links.association.direction
    return [
      number: BreadthFirstOrder.order(
        of: table(number).allSlots(), along: adjacency.runs(direction),
        adjacency.runs(direction.reversed))
    ]
  }

  /// The graph made anew, and the file of which it was made.
  ///
  /// - Parameters:
  ///   - orders: For a table's number the slots of its rows in another order than that of insertion.
  ///   - migrations: The migrations that led to the schema.
  func compacted(
    inOrder orders: [Int: [UInt32]], migrations: [String] = []
  ) throws(GraphError) -> (graph: Graph, bytes: [UInt8]) {
    let bytes = GraphEncoder(self, migrations: migrations, orders: orders).encode()
    // Rows go over as they are, with what they hold beside their columns.
    let rows = layout.tables.indices.map { number in
      let table = table(number)
      return table.rows.gathered(at: orders[number] ?? table.allSlots())
    }
    do throws(FormatFault) {
      var graph = try GraphDecoder(schema, bytes, geometry: geometry, rows: rows).decode()
        .numbered(Numbering(after: numbering, isReordered: !orders.isEmpty))
      graph.version = version
      return (graph, bytes)
    } catch {
      throw error.error(in: "the compacted graph")
    }
  }
}
