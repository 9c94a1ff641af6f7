import Foundation
import Kith
import Testing

@Suite struct `A value that is no number` {
  @Test func `equals none, whichever index has it`() throws {
    let none = Date(timeIntervalSinceReferenceDate: .nan)
    let first = Date(timeIntervalSinceReferenceDate: 1)
    var graph = Graph(try Schema { Moment.self })
    try graph.insert(Moment(id: none, before: nil, pair: Pair(.nan, 1), weight: .nan))
    try graph.insert(Moment(id: first, before: none, pair: Pair(0, 1), weight: .nan))
    let moments = graph[Moment.self]
    for predicate in [
      \.id == none, .isIn(\.id, [none]), \.before == none, \.pair == Pair(.nan, 1),
      \.weight == .nan,
    ] as [Kith.Predicate<Moment>] {
      #expect(moments.filter(predicate).count == 0)
      #expect(moments.filter(predicate).ids == [])
      #expect(moments.filter(predicate).sorted(by: \.id).ids == [])
    }
    #expect(moments.filter(\.pair == Pair(-0.0, 1)).ids == [first])
    #expect(moments.filter(.isIn(\.id, [none, first])).ids == [first])
  }
}

private struct Moment: Row {
  var id: Date
  var before: Date?
  var pair: Pair<Double, Int>
  var weight: Double

  static let table = Table(
    "moments", Self.init, Column("id", \.id),
    Column("before", \.before, references: Moment.self, deferred: true),
    Column("pair", \.pair).unique(), Column("weight", \.weight)
  )
  .index(\.weight, orderedBy: \.id)
}
