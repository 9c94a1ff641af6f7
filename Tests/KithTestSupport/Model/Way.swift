/// One hop over the links of a foreign key or of an association table.
package struct Hop: Hashable, Sendable {
  package enum Links: Hashable, Sendable {
    case reference(table: Int, column: Int)
    case association(Int)
  }

  package let links: Links
  /// Whether the hop goes from the referrer to what it refers to, or from source to target.
  package let isForward: Bool

  package var inverse: Hop { Hop(links: links, isForward: !isForward) }
}

/// A relationship: some hops, each from where the one before ends.
package struct Way: Hashable, Sendable {
  package let source: Int
  package let target: Int
  package let hops: [Hop]

  package init(source: Int, target: Int, hops: [Hop]) {
    self.source = source
    self.target = target
    self.hops = hops
  }
}

extension Shape {
  /// The hops that start at a table.
  package func hops(from table: Int) -> [Hop] {
    allHops.filter { ends(of: $0).source == table }
  }

  private var allHops: [Hop] {
    let references = tables.indices.flatMap { table in
      tables[table].columns.indices.filter { tables[table].columns[$0].reference != nil }.map {
        Hop.Links.reference(table: table, column: $0)
      }
    }
    return (references + links.indices.map { .association($0) }).flatMap {
      [Hop(links: $0, isForward: true), Hop(links: $0, isForward: false)]
    }
  }

  /// The tables at both ends of a hop.
  package func ends(of hop: Hop) -> (source: Int, target: Int) {
    let (from, to) =
      switch hop.links {
      case .reference(let table, let column):
        (table, tables[table].columns[column].reference?.table ?? table)
      case .association(let link): (links[link].source, links[link].target)
      }
    return hop.isForward ? (from, to) : (to, from)
  }

  /// A relationship as a reader would write it.
  package func text(_ way: Way) -> String {
    way.hops.map { hop in
      let name =
        switch hop.links {
        case .reference(let table, let column):
          "\(tables[table].name).\(tables[table].columns[column].name)"
        case .association(let link): links[link].name
        }
      return hop.isForward ? name : "\(name).inverse"
    }.joined(separator: " → ")
  }
}

extension NaiveStore {
  /// The rows that a hop leads to from a row, by their serials.
  func targets(_ hop: Hop, from serial: Int) -> [Int] {
    let (source, target) = shape.ends(of: hop)
    switch hop.links {
    case .association(let link):
      return links[link].filter { (hop.isForward ? $0.source : $0.target) == serial }
        .map { hop.isForward ? $0.target : $0.source }
    case .reference(_, let column):
      if hop.isForward {
        guard let value = row(source, serial: serial)?.values[column], value != .null,
          let parent = find(target, value)
        else { return [] }
        return [parent.serial]
      }
      guard let key = key(source, serial: serial) else { return [] }
      return rows[target].filter { $0.values[column] == key }.map(\.serial)
    }
  }

  /// How many paths of a relationship lead from a row to each other.
  func paths(_ way: Way, from serial: Int) -> [Int: Int] {
    way.hops.reduce(into: [serial: 1]) { paths, hop in paths = walked(hop, paths) }
  }

  func walked(_ hop: Hop, _ paths: [Int: Int]) -> [Int: Int] {
    var reached: [Int: Int] = [:]
    for (serial, count) in paths {
      for target in targets(hop, from: serial) { reached[target, default: 0] += count }
    }
    return reached
  }

  /// The rows that a hop leads to from the row with a key, in order of insertion.
  package func targets(_ hop: Hop, fromKey key: Value) -> [Value] {
    let (source, target) = shape.ends(of: hop)
    guard let row = find(source, key) else { return [] }
    return inOrder(target, Set(targets(hop, from: row.serial))).compactMap {
      self.key(target, serial: $0)
    }
  }

  /// Serials in order of insertion.
  func inOrder(_ table: Int, _ serials: Set<Int>) -> [Int] {
    rows[table].map(\.serial).filter { serials.contains($0) }
  }

  /// The distances of rows from others, over a relationship from a table to itself.
  func distances(_ way: Way, from serials: [Int]) -> [Int: Int] {
    var distances = Dictionary(serials.map { ($0, 0) }, uniquingKeysWith: { first, _ in first })
    var (level, distance) = (serials, 0)
    while !level.isEmpty {
      distance += 1
      level = Set(level.flatMap { paths(way, from: $0).keys }).filter { distances[$0] == nil }
      for serial in level { distances[serial] = distance }
    }
    return distances
  }

  /// The fewest steps over a relationship from one row to another, by keys.
  package func distance(_ way: Way, from source: Value, to target: Value) -> Int? {
    guard let from = find(way.source, source), let to = find(way.source, target) else { return nil }
    return distances(way, from: [from.serial])[to.serial]
  }

  /// Every pair of rows that a relationship connects, by keys, with the number of its paths.
  package func join(_ way: Way) -> [[Value]: Int] {
    var pairs: [[Value]: Int] = [:]
    for row in rows[way.source] {
      for (target, count) in paths(way, from: row.serial) {
        guard let end = key(way.target, serial: target) else { continue }
        pairs[[key(way.source, row.values), end]] = count
      }
    }
    return pairs
  }
}
