import KithCore

// What is done to the rows of a query one after the other: filters, and rows that are taken away.

extension QueryNode {
  /// The query without the filters at its end, and what all of these accept; nil if there are none.
  var filtered: (base: QueryNode, filter: Filter)? {
    var node = self
    var filters: [Filter] = []
    while case .filter(let rows, let filter) = node {
      filters.append(filter)
      node = rows
    }
    if filters.count > 1 { filters.reverse() }
    return Filter(all: filters).map { (node, $0) }
  }

  /// The query without the tests at its end, which are filters and rows that are taken away, and these,
  /// the first first.
  func withoutTests(_ graph: Graph) -> (QueryNode, [Filter]) {
    var node = self
    var tests: [Filter] = []
    while true {
      switch node {
      case .filter(let rows, let filter):
        tests.append(filter)
        node = rows
      case .combination(.subtracting, let rows, let others):
        tests.append(Filter(absentFrom: others, graph))
        node = rows
      default:
        if tests.count > 1 { tests.reverse() }
        return (node, tests)
      }
    }
  }

  /// Puts two queries over one table together. Rows are taken away before the others are sorted, which is
  /// the same and leaves less to sort.
  consuming func combined(_ operation: SetOperation, _ other: QueryNode) -> QueryNode {
    if operation == .subtracting || operation == .intersection,
      case .sorted(let rows, let terms) = self
    {
      return .sorted(rows.combined(operation, other), terms)
    }
    return .combination(operation, self, other)
  }
}

extension Filter {
  /// A test that passes rows that one row is linked to.
  init(linked one: OneHop) {
    self.init(shape: .other("linked by one row")) { graph, rowCount in
      Executor(graph: graph).membership(in: .run(one), for: rowCount)
    }
  }

  /// A test that passes rows which a query does not yield.
  fileprivate init(absentFrom node: QueryNode, _ graph: Graph) {
    self.init(shape: .other("not among (\(node.words(graph.layout)))")) { graph, rowCount in
      let isThere = Executor(graph: graph).membership(in: node, for: rowCount)
      return { !isThere($0) }
    }
  }
}

/// A test of rows that are read until enough of them pass. Nobody knows how many that takes, so that it is
/// bound for more rows whenever many have been tested.
struct PatientTest {
  private let filter: Filter?
  private let graph: Graph
  private var test: Filter.RowTest?
  /// The number of rows that were tested.
  private(set) var tested = 0
  private var limit: Int

  /// How many times as many rows a test is bound for as were tested, and how many of these are tested.
  private static let growth = 16

  /// - Parameter rowCount: How many rows are wanted.
  init(_ filter: Filter?, _ graph: Graph, expecting rowCount: Int) {
    self.filter = filter
    self.graph = graph
    let rowCount = min(rowCount, Graph.mostRows)
    test = filter.map { $0.bind(graph, rowCount) }
    limit = max(rowCount, 16) * PatientTest.growth
  }

  /// Whether a row passes.
  mutating func accepts(_ slot: UInt32) -> Bool {
    // The filter is not looked at for each row: to copy it costs as much as to test one.
    guard let test else { return true }
    tested += 1
    if tested <= limit { return test(slot) }
    return acceptsAnew(slot)
  }

  /// Binds the test for more rows, and tells whether one passes.
  @inline(never)
  private mutating func acceptsAnew(_ slot: UInt32) -> Bool {
    limit *= PatientTest.growth
    test = filter.map { $0.bind(graph, limit) }
    return test?(slot) ?? true
  }
}

/// The rows that pass a patient test, taken until there are enough.
struct TestedRows {
  private var test: PatientTest
  private let limit: Int
  private let most: Int
  private var taken: [UInt32] = []
  private var isOver = false

  /// - Parameters:
  ///   - limit: How many rows are wanted.
  ///   - most: How many rows may be tested; any number if nothing is said.
  ///   - rowCount: How many rows there are.
  init(_ filter: Filter?, _ graph: Graph, limit: Int, most: Int?, of rowCount: Int) {
    test = PatientTest(filter, graph, expecting: limit)
    self.limit = limit
    self.most = most ?? .max
    taken.reserveCapacity(min(limit, rowCount))
  }

  /// Whether more rows are wanted.
  var isOpen: Bool { !isOver && taken.count < limit }

  /// The rows; nil if more would have to be tested than may be.
  var rows: [UInt32]? { isOver ? nil : taken }

  /// Takes a row if it passes, and tells whether more are wanted.
  mutating func take(_ slot: UInt32) -> Bool {
    isOver = test.tested == most
    if !isOver, test.accepts(slot) { taken.append(slot) }
    return isOpen
  }
}
