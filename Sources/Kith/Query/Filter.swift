import KithCore

/// A test of rows, with what a planner may know of it.
@usableFromInline
struct Filter: Sendable {
  /// Tells of the row at a slot whether it passes.
  @usableFromInline typealias RowTest = (_ slot: UInt32) -> Bool
  /// Makes a test of the rows of one graph, about as many as is said.
  @usableFromInline typealias Binding = @Sendable (_ graph: Graph, _ rowCount: Int) -> RowTest

  private let test: Test

  /// Tests that must all pass lie side by side, and so do those of which one must: there may be a
  /// hundred thousand, put together one by one.
  private enum Test: Sendable {
    case one(PredicateShape, Binding)
    case all(JoinedList<Filter>)
    case any(JoinedList<Filter>)
  }

  @usableFromInline
  init(shape: PredicateShape, bind: @escaping Binding) {
    test = .one(shape, bind)
  }

  /// A test that passes what all of some tests pass; nil if there are none.
  init?(all filters: [Filter]) {
    if filters.isEmpty { return nil }
    let tests = filters.flatMap(\.conjuncts)
    test = filters.count == 1 ? filters[0].test : .all(JoinedList(tests[...]))
  }

  /// A test that passes what two tests pass.
  init(both left: Filter, _ right: Filter) {
    test = .all(left.conjunctList.joined(with: right.conjunctList))
  }

  /// A test that passes what either of two tests passes.
  init(either left: Filter, _ right: Filter) {
    test = .any(left.alternativeList.joined(with: right.alternativeList))
  }

  /// A test that passes what another does not.
  init(not negated: Filter) {
    self.init(shape: .negated(negated.shape)) { graph, rowCount in
      let accepts = negated.bind(graph, rowCount)
      return { !accepts($0) }
    }
  }

  /// The tests that must all pass.
  ///
  /// - Complexity: O(tests).
  var conjuncts: [Filter] { conjunctList.elements }

  private var conjunctList: JoinedList<Filter> {
    if case .all(let tests) = test { tests } else { .one(self) }
  }

  private var alternativeList: JoinedList<Filter> {
    if case .any(let tests) = test { tests } else { .one(self) }
  }

  /// What the test says, for the planner and `explain()`.
  ///
  /// - Complexity: O(tests).
  var shape: PredicateShape {
    switch test {
    case .one(let shape, _): shape
    case .all(let tests): .all(tests.elements.map(\.shape))
    case .any(let tests): .any(tests.elements.map(\.shape))
    }
  }

  /// Tells of rows of one graph whether they pass.
  ///
  /// - Parameter rowCount: How many rows are to be tested, or about how many.
  func bind(_ graph: Graph, _ rowCount: Int) -> RowTest {
    switch test {
    case .one(_, let bind): bind(graph, rowCount)
    case .all(let tests):
      Filter.joined(bound(tests.elements, graph, rowCount)[...]) { first, second in
        { first($0) && second($0) }
      }
    case .any(let tests):
      Filter.joined(tests.elements.map { $0.bind(graph, rowCount) }[...]) { first, second in
        { first($0) || second($0) }
      }
    }
  }

  /// The tests that must all pass, each for the rows that those before it leave.
  private func bound(_ tests: [Filter], _ graph: Graph, _ rowCount: Int) -> [RowTest] {
    tests.enumerated().map { index, test in
      index > 0 && test.shape.walks
        ? test.bindLater(graph, rowCount) : test.bind(graph, rowCount)
    }
  }

  /// A test that is bound for a few rows, and for as many as are said only when more have come to it:
  /// walking back from all rows that a relationship must lead to takes long.
  private func bindLater(_ graph: Graph, _ rowCount: Int) -> RowTest {
    if rowCount <= Filter.fewRows { return bind(graph, rowCount) }
    var (test, tested) = (bind(graph, Filter.fewRows), 0)
    return { slot in
      tested += 1
      if tested == Filter.fewRows { test = bind(graph, rowCount) }
      return test(slot)
    }
  }

  private static let fewRows = 64

  /// One test of some tests in their order. Halves are joined, so that calls nest as deep as the
  /// number of tests has binary digits.
  private static func joined(
    _ tests: ArraySlice<RowTest>, _ join: (@escaping RowTest, @escaping RowTest) -> RowTest
  ) -> RowTest {
    if tests.count == 1 { return tests[tests.startIndex] }
    let middle = tests.startIndex + tests.count / 2
    return join(joined(tests[..<middle], join), joined(tests[middle...], join))
  }
}
