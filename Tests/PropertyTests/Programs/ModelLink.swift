import Kith
import KithTestSupport

/// An association table between tables that are known by their numbers, from one of its sides.
protocol ModelLink: Sendable {
  var schemaPart: Schema.Builder { get }
  var inverse: any ModelLink { get }
  var way: any ModelWay { get }
  func append(_ far: [Value], of near: Value, _ graph: inout Graph) throws(GraphError) -> Int
  func remove(_ far: Value, of near: Value, _ graph: inout Graph) -> Bool
  func replace(of near: Value, with far: [Value], _ graph: inout Graph) throws(GraphError)
  func load(
    _ pairs: [[Value]], allOrNothing: Bool, _ graph: inout Graph
  ) throws(GraphError) -> NaiveStore.Load
  /// Compacts a graph along the links, which are between rows of one table.
  func compact(_ graph: inout Graph) throws(GraphError)
  func contains(_ far: Value, of near: Value, _ graph: Graph) -> Bool
  func changed(_ change: Kith.Change) -> (appended: Set<[Value]>, removed: Set<[Value]>)
}

struct TypedLink<Source: ModelRow, Target: ModelRow>: ModelLink {
  let association: Association<Source, Target>

  var link: Link<Source, Target> { Source.hasMany(through: association) }
  var schemaPart: Schema.Builder { Schema.Builder.buildExpression(association) }
  var inverse: any ModelLink { TypedLink<Target, Source>(association: association.inverse) }
  var way: any ModelWay { TypedWay(relationship: link.relationship) }

  func append(_ far: [Value], of near: Value, _ graph: inout Graph) throws(GraphError) -> Int {
    let source = Source.ID(model: near)
    guard far.count == 1 else {
      let targets = far.map { Target.ID(model: $0) }
      return try graph.append(contentsOf: targets, to: link, of: source)
    }
    return try graph.append(Target.ID(model: far[0]), to: link, of: source) ? 1 : 0
  }

  func remove(_ far: Value, of near: Value, _ graph: inout Graph) -> Bool {
    graph.remove(Target.ID(model: far), from: link, of: Source.ID(model: near))
  }

  func replace(of near: Value, with far: [Value], _ graph: inout Graph) throws(GraphError) {
    try graph.replace(link, of: Source.ID(model: near), with: far.map { Target.ID(model: $0) })
  }

  func compact(_ graph: inout Graph) throws(GraphError) {
    try graph.compact(along: known(link, as: Link<Source, Source>.self))
  }

  func load(
    _ pairs: [[Value]], allOrNothing: Bool, _ graph: inout Graph
  ) throws(GraphError) -> NaiveStore.Load {
    let report = try graph.load(
      association, pairs.map { (Source.ID(model: $0[0]), Target.ID(model: $0[1])) },
      allOrNothing: allOrNothing)
    return NaiveStore.Load(
      inserted: report.inserted, duplicates: report.duplicates, selfLinks: report.selfLinks,
      refused: report.refusedCount)
  }

  func contains(_ far: Value, of near: Value, _ graph: Graph) -> Bool {
    graph.contains(Target.ID(model: far), in: link, of: Source.ID(model: near))
  }

  func changed(_ change: Kith.Change) -> (appended: Set<[Value]>, removed: Set<[Value]>) {
    (
      Set(change.appended(association).map { [$0.source.model, $0.target.model] }),
      Set(change.removed(association).map { [$0.source.model, $0.target.model] })
    )
  }
}
