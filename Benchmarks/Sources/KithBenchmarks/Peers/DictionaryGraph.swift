/// Follows in dictionaries, the way one writes it in an afternoon.
final class DictionaryGraph {
  private(set) var following: [Int: [Int]] = [:]
  private(set) var followers: [Int: [Int]] = [:]
  private(set) var followed: [Int: Set<Int>] = [:]

  convenience init(_ links: Links) { self.init(links.pairs) }

  init(_ pairs: some Sequence<(Int, Int)>) {
    for (source, target) in pairs {
      following[source, default: []].append(target)
      followers[target, default: []].append(source)
    }
    followed = following.mapValues { Set($0) }
  }

  /// - Returns: False if the follow was there.
  func insert(_ source: Int, _ target: Int) -> Bool {
    if !followed[source, default: []].insert(target).inserted { return false }
    following[source, default: []].append(target)
    followers[target, default: []].append(source)
    return true
  }

  /// - Returns: False if there was no such follow.
  func remove(_ source: Int, _ target: Int) -> Bool {
    if followed[source]?.remove(target) == nil { return false }
    if let index = following[source]?.lastIndex(of: target) {
      following[source]?.remove(at: index)
    }
    if let index = followers[target]?.lastIndex(of: source) {
      followers[target]?.remove(at: index)
    }
    return true
  }

  func isFollowing(_ source: Int, _ target: Int) -> Bool {
    followed[source]?.contains(target) ?? false
  }

  func mutual(_ one: Int, _ other: Int) -> [Int] {
    guard let first = followed[one], let second = followed[other] else { return [] }
    return first.intersection(second).sorted()
  }

  func pathCount(from id: Int) -> Int {
    (following[id] ?? []).reduce(0) { $0 + (following[$1]?.count ?? 0) }
  }

  func distinctTwoHop(from id: Int) -> [Int] {
    var found: Set<Int> = []
    for friend in following[id] ?? [] { found.formUnion(following[friend] ?? []) }
    return found.sorted()
  }

  func counts(from id: Int) -> [Int: Int] {
    var counts: [Int: Int] = [:]
    for friend in following[id] ?? [] {
      for other in following[friend] ?? [] { counts[other, default: 0] += 1 }
    }
    return counts
  }

  func rankedTwoHop(from id: Int) -> [Suggestion] {
    counts(from: id).map { Suggestion(id: $0.key, paths: $0.value) }.sorted(by: Suggestion.isBetter)
  }

  func whoToFollow(_ id: Int, limit: Int) -> [Suggestion] {
    let known = followed[id] ?? []
    let suggestions = counts(from: id)
      .filter { $0.key != id && !known.contains($0.key) }
      .map { Suggestion(id: $0.key, paths: $0.value) }
      .sorted(by: Suggestion.isBetter)
    return Array(suggestions.prefix(limit))
  }

  // MARK: Whole graph

  var allPathCount: Int {
    followers.reduce(0) { $0 + $1.value.count * (following[$1.key]?.count ?? 0) }
  }

  func forEachPath(_ body: (Int, Int) -> Void) {
    for (source, friends) in following {
      for friend in friends {
        for other in following[friend] ?? [] { body(source, other) }
      }
    }
  }

  var allDistinctCount: Int {
    following.keys.reduce(0) { $0 + distinctTwoHop(from: $1).count }
  }

  var closedPathCount: Int {
    var closed = 0
    for (source, friends) in following {
      let known = followed[source] ?? []
      for friend in friends {
        for other in following[friend] ?? [] where known.contains(other) { closed += 1 }
      }
    }
    return closed
  }
}

extension Suggestion {
  /// Most paths first, ties by id.
  static func isBetter(_ left: Suggestion, _ right: Suggestion) -> Bool {
    left.paths == right.paths ? left.id < right.id : left.paths > right.paths
  }
}
