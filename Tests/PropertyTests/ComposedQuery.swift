import Kith
import KithFixtures

/// A query that is put together by chance, and what it must yield.
struct ComposedQuery {
  private(set) var query: Query<Thing>
  /// What the query yields, in its order.
  private(set) var keys: [Int]
  /// How many paths lead to each row.
  private(set) var paths: [Int: Int]
  /// The query as a reader would write it.
  private(set) var text: String

  private let graph: Graph
  private let model: ThingModel

  /// Starts from all rows, or some, or one, and goes on in a number of steps.
  init(_ graph: Graph, _ model: ThingModel, steps: Int, _ random: inout SplitMix64) {
    (self.graph, self.model) = (graph, model)
    let some = (0..<random.number(below: 6)).map { _ in
      1 + random.number(below: ThingModel.largestKey)
    }
    switch random.number(below: 4) {
    case 0: (query, text) = (graph[Thing.self, some], "\(some)")
    case 1 where !some.isEmpty: (query, text) = (graph[Thing.self, some[0]], "\(some[0])")
    default: (query, text) = (graph[Thing.self], "all")
    }
    let isAll = text == "all"
    let chosen = text.hasPrefix("[") ? some : Array(some.prefix(1))
    keys = model.things.map(\.id).filter { isAll || chosen.contains($0) }
    paths = [:]
    forgetPaths()
    for step in 0..<steps { extend(step, &random) }
  }

  /// The rows with most paths first, as a ranking must give them.
  var ranking: [[Int]] {
    paths.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { [$0.key, $0.value] }
  }

  private mutating func extend(_ step: Int, _ random: inout SplitMix64) {
    switch random.number(below: 12) {
    case 0, 1, 2: hop(&random)
    case 3: filter(&random)
    case 4, 5: sort(&random)
    case 6:
      let count = random.number(below: 8)
      text += ".prefix(\(count))"
      (query, keys) = (query.prefix(count), Array(keys.prefix(count)))
      forgetPaths()
    case 7:
      let count = random.number(below: 5)
      text += ".dropFirst(\(count))"
      (query, keys) = (query.dropFirst(count), Array(keys.dropFirst(count)))
      forgetPaths()
    case 8:
      let first = random.number(below: 3)
      let steps = first...(first + random.number(below: 3))
      text += ".reachable(\(steps))"
      query = query.reachable(through: Thing.targets, within: steps)
      keys = model.reachable(keys, within: steps)
      forgetPaths()
    default:
      let steps = random.number(below: step + 1)
      combine(ComposedQuery(graph, model, steps: steps, &random), &random)
    }
  }

  private mutating func hop(_ random: inout SplitMix64) {
    let next: (Int) -> [Int]
    switch random.number(below: 4) {
    case 0: (query, next, text) = (query.targets, model.targets, text + ".targets")
    case 1: (query, next, text) = (query.sources, model.sources, text + ".sources")
    case 2: (query, next, text) = (query.children, model.children, text + ".children")
    default: (query, next, text) = (query.parents, model.parents, text + ".parents")
    }
    var reached: [Int: Int] = [:]
    for (key, count) in paths {
      for target in next(key) { reached[target, default: 0] += count }
    }
    (paths, keys) = (reached, model.inOrder(reached.keys))
  }

  private mutating func filter(_ random: inout SplitMix64) {
    let (number, key) = (random.number(below: 4), 1 + random.number(below: ThingModel.largestKey))
    let model = model
    switch random.number(below: 6) {
    case 0: keep(\.group >= number, "group ≥ \(number)") { $0.group >= number }
    case 1: keep(\.score < number, "score < \(number)") { $0.score.map { $0 < number } ?? false }
    case 2: keep(.hasPrefix(\.name, "a"), "a…") { $0.name.hasPrefix("a") }
    case 3:
      keep(Thing.targets.contains(key), "→ \(key)") { model.targets($0.id).contains(key) }
    case 4:
      keep(Thing.targets.sources.count > number, "siblings > \(number)") {
        Set(model.targets($0.id).flatMap(model.sources)).count > number
      }
    default:
      keep(\.group == number || !(\.name == "b") && \.id > key, "\(number) or no b > \(key)") {
        $0.group == number || ($0.name != "b" && $0.id > key)
      }
    }
  }

  private mutating func keep(
    _ predicate: Predicate<Thing>, _ name: String, _ accepts: (Thing) -> Bool
  ) {
    text += ".filter(\(name))"
    query = query.filter(predicate)
    let kept = Set(model.things.filter(accepts).map(\.id))
    restrict { kept.contains($0) }
  }

  private mutating func sort(_ random: inout SplitMix64) {
    let model = model
    switch random.number(below: 5) {
    case 0: order(query.sorted(by: \.group, .descending), "-group") { $0.group > $1.group }
    case 1:
      order(query.sorted(by: \.score), "score") { ($0.score ?? .min) < ($1.score ?? .min) }
    case 2: order(query.sorted(by: \.name, .descending), "-name") { $0.name > $1.name }
    case 3:
      order(query.sorted(by: \.score, .descending, \.group), "-score, group") {
        $0.score == $1.score ? $0.group < $1.group : ($0.score ?? .min) > ($1.score ?? .min)
      }
    default:
      order(query.sorted(by: Thing.targets.count, .descending), "-degree") {
        model.targets($0.id).count > model.targets($1.id).count
      }
    }
  }

  private mutating func order(
    _ sorted: Query<Thing>, _ name: String, _ precedes: (Thing, Thing) -> Bool
  ) {
    text += ".sorted(\(name))"
    query = sorted
    let things = keys.compactMap { model.thing($0) }.sorted {
      precedes($0, $1) || (!precedes($1, $0) && $0.id < $1.id)
    }
    keys = things.map(\.id)
  }

  private mutating func combine(_ other: ComposedQuery, _ random: inout SplitMix64) {
    let others = Set(other.keys)
    switch random.number(below: 4) {
    case 0:
      text = "(\(text) ∪ \(other.text))"
      query = query.union(other.query)
      keys = model.inOrder(keys + other.keys)
      paths.merge(other.paths, uniquingKeysWith: +)
    case 1:
      text = "(\(text) ∩ \(other.text))"
      query = query.intersection(other.query)
      restrict { others.contains($0) }
    case 2:
      text = "(\(text) - \(other.text))"
      query = query.subtracting(other.query)
      restrict { !others.contains($0) }
    default:
      text = "(\(text) ^ \(other.text))"
      query = query.symmetricDifference(other.query)
      keys = model.inOrder(others.symmetricDifference(keys))
      forgetPaths()
    }
  }

  private mutating func restrict(_ accepts: (Int) -> Bool) {
    keys = keys.filter(accepts)
    paths = paths.filter { accepts($0.key) }
  }

  /// What only a set is known of is reached by one path.
  private mutating func forgetPaths() {
    paths = Dictionary(uniqueKeysWithValues: keys.map { ($0, 1) })
  }
}
