import Kith
import KithTestSupport

/// A relationship between tables that are known by their numbers.
protocol ModelWay: Sendable {
  func followed(by next: any ModelWay) -> any ModelWay
  func preceded<Source: ModelRow, Middle: ModelRow>(
    by first: Relationship<Source, Middle>
  ) -> any ModelWay
  func hop(_ query: any ModelQuery) -> any ModelQuery
  func reaches<Record: ModelRow>(_ key: Value, from: Record.Type) -> Predicate<Record>
  func reaches<Record: ModelRow>(
    where condition: Condition, from: Record.Type, _ world: World
  ) -> Predicate<Record>
  func count<Record: ModelRow>(
    _ comparison: Condition.Comparison, _ number: Int, from: Record.Type
  ) -> Predicate<Record>
  func sort<Record: ModelRow>(
    _ query: Query<Record>, _ direction: SortDirection
  ) -> Query<Record>
  func reachable<Record: ModelRow>(
    _ query: Query<Record>, _ steps: ClosedRange<Int>
  ) -> Query<Record>
  func targets(_ key: Value, _ graph: Graph) -> (keys: [Value], count: Int)
  func join(_ graph: Graph, _ restriction: Question.Restriction, _ world: World) -> JoinAnswer
  func path(_ graph: Graph, from source: Value, to target: Value) -> (
    distance: Int?, keys: [Value]?
  )
}

/// What Kith says of a join.
struct JoinAnswer {
  let count: Int
  let distinctCount: Int
  /// Every path, by the keys of its ends.
  let paths: [[Value]: Int]
  /// The number of paths from some rows.
  let counts: ([Value]) -> [Int]
}

/// The relationships over a foreign key, there and back.
func bothWays<Child: ModelRow, Parent: ModelRow>(
  _ keyPath: any KeyPath<Child, Parent.ID> & Sendable, to parent: Parent.Type
) -> (any ModelWay, any ModelWay) {
  (
    TypedWay(relationship: Child.belongsTo(parent, keyPath)),
    TypedWay(relationship: Parent.hasMany(keyPath))
  )
}

/// The relationships over a foreign key that may be empty, there and back.
func bothWays<Child: ModelRow, Parent: ModelRow>(
  _ keyPath: any KeyPath<Child, Parent.ID?> & Sendable, to parent: Parent.Type
) -> (any ModelWay, any ModelWay) {
  (
    TypedWay(relationship: Child.belongsTo(parent, keyPath)),
    TypedWay(relationship: Parent.hasMany(keyPath))
  )
}

struct TypedWay<Source: ModelRow, Target: ModelRow>: ModelWay {
  let relationship: Relationship<Source, Target>

  func followed(by next: any ModelWay) -> any ModelWay { next.preceded(by: relationship) }

  func preceded<First: ModelRow, Middle: ModelRow>(
    by first: Relationship<First, Middle>
  ) -> any ModelWay {
    TypedWay<First, Target>(
      relationship: known(first, as: Relationship<First, Source>.self).hop(relationship))
  }

  func hop(_ query: any ModelQuery) -> any ModelQuery {
    TypedQuery(query: known(query, as: TypedQuery<Source>.self).query.hop(relationship))
  }

  func reaches<Record: ModelRow>(_ key: Value, from: Record.Type) -> Predicate<Record> {
    known(relationship.contains(Target.ID(model: key)))
  }

  func reaches<Record: ModelRow>(
    where condition: Condition, from: Record.Type, _ world: World
  ) -> Predicate<Record> {
    known(relationship.contains(where: world.predicate(condition, of: Target.self)))
  }

  func count<Record: ModelRow>(
    _ comparison: Condition.Comparison, _ number: Int, from: Record.Type
  ) -> Predicate<Record> {
    switch comparison {
    case .equal: known(relationship.count == number)
    case .notEqual: known(relationship.count != number)
    case .less: known(relationship.count < number)
    case .lessOrEqual: known(relationship.count <= number)
    case .greater: known(relationship.count > number)
    case .greaterOrEqual: known(relationship.count >= number)
    }
  }

  func sort<Record: ModelRow>(
    _ query: Query<Record>, _ direction: SortDirection
  ) -> Query<Record> {
    let query = known(query, as: Query<Source>.self)
    return known(query.sorted(by: relationship.count, direction))
  }

  func reachable<Record: ModelRow>(
    _ query: Query<Record>, _ steps: ClosedRange<Int>
  ) -> Query<Record> {
    query.reachable(
      through: known(relationship, as: Relationship<Record, Record>.self), within: steps)
  }

  func targets(_ key: Value, _ graph: Graph) -> (keys: [Value], count: Int) {
    let query = graph[Source.self, Source.ID(model: key)].hop(relationship)
    return (query.ids.map { $0.model }, query.count)
  }

  func join(
    _ graph: Graph, _ restriction: Question.Restriction, _ world: World
  ) -> JoinAnswer {
    var join = graph.join(relationship)
    func link(_ side: NaiveStore.Side) -> Link<Source, Target> {
      known(world.link(side), as: TypedLink<Source, Target>.self).link
    }
    switch restriction {
    case .none: break
    case .withoutReturns: join = known(known(join, as: Join<Source, Source>.self).withoutReturns)
    case .closed(let side): join = join.closed(by: link(side))
    case .open(let side): join = join.open(by: link(side))
    }
    var paths: [[Value]: Int] = [:]
    join.forEach { paths[[$0.model, $1.model], default: 0] += 1 }
    let asked = join
    return JoinAnswer(count: join.count, distinctCount: join.distinctCount, paths: paths) { keys in
      asked.counts(from: keys.map { Source.ID(model: $0) })
    }
  }

  func path(
    _ graph: Graph, from source: Value, to target: Value
  ) -> (distance: Int?, keys: [Value]?) {
    let loop = known(relationship, as: Relationship<Source, Source>.self)
    let (from, to) = (Source.ID(model: source), Source.ID(model: target))
    return (
      graph.distance(from: from, to: to, through: loop),
      graph.shortestPath(from: from, to: to, through: loop)?.map { $0.model }
    )
  }
}
