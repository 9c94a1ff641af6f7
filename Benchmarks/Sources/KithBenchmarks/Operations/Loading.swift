import Foundation
import Kith
import KithFixtures

/// All follows at once, from pairs in memory and from text.
enum Loading {
  static func plans(on graph: GraphSpec) -> [Plan] {
    [
      Plan("bulk load of pairs", "per follow", on: graph, pairs),
      Plan("load of an edge list", "per follow", on: graph, text),
    ]
  }

  /// The follows in random order: the order of a file that nobody sorted.
  static func shuffled(_ links: Links) -> [(Int, Int)] {
    var random = SplitMix64(seed: 8)
    return random.permutation(links.count).map { index in
      let link = links.packed[index]
      return (links.ids[Int(link >> 32)], links.ids[Int(link & 0xffff_ffff)])
    }
  }

  /// Users are there already; each side makes its links, both directions, from the same array.
  private static func pairs(_ world: World) throws -> Case {
    let links = world.links
    let pairs = shuffled(links)
    let slots = world.csr().slots
    let bare = try bareGraph(links)
    var database: SQLite?
    return Case(
      calls: links.count,
      sides: [
        .block(.kith) {
          var graph = bare
          try graph.load(User.follows, pairs)
          return UInt64(graph.join(User.following).count)
        },
        .block(.csr) {
          let csr = StaticCSR(ids: links.ids, slots: slots, packed: RadixSort.links(pairs, slots))
          return UInt64(csr.following.targets.count)
        },
        .block(.dictionary) {
          let graph = DictionaryGraph(pairs)
          return UInt64(graph.following.values.reduce(0) { $0 + $1.count })
        },
        .block(
          .sqlite,
          prepare: {
            database = nil
            database = try SQLiteGraph.empty()
            try database.map { try SQLiteGraph.insert(users: links.ids, $0) }
          },
          {
            let sorted = pairs.sorted { $0 < $1 }
            guard let database else { return 0 }
            try SQLiteGraph.insert(follows: sorted, database)
            return UInt64(try database.statement("SELECT COUNT(*) FROM follows").number() ?? 0)
          }),
      ])
  }

  private static func bareGraph(_ links: Links) throws -> Graph {
    let store = try User.store()
    try store.write { try $0.insert(contentsOf: links.ids.lazy.map { User(id: $0) }) }
    return store.snapshot
  }

  /// Nothing is there yet: users are made from the ids in the text.
  private static func text(_ world: World) throws -> Case {
    let pairs = shuffled(world.links)
    var bytes: [UInt8] = []
    for (source, target) in pairs { bytes += "\(source)\t\(target)\n".utf8 }
    let text = bytes
    let source = TextSource(bytes: text, name: "follows")
    let schema = try User.store().snapshot.schema
    return Case(
      calls: pairs.count,
      sides: [
        .block(.kith) {
          var graph = Graph(schema)
          try graph.load(User.follows, edgeList: source) { User(id: $0) }
          return UInt64(graph.join(User.following).count)
        },
        .block(.csr) {
          let pairs = EdgeText.pairs(text)
          let ids = RadixSort.distinctIDs(pairs)
          let slots = Dictionary(uniqueKeysWithValues: zip(ids, UInt32(0)...))
          let csr = StaticCSR(ids: ids, slots: slots, packed: RadixSort.links(pairs, slots))
          return UInt64(csr.following.targets.count)
        },
        .block(.dictionary) {
          let graph = DictionaryGraph(EdgeText.pairs(text))
          return UInt64(graph.following.values.reduce(0) { $0 + $1.count })
        },
        .block(.sqlite) {
          let pairs = EdgeText.pairs(text).sorted { $0 < $1 }
          let database = try SQLiteGraph.empty()
          try SQLiteGraph.insert(users: RadixSort.distinctIDs(pairs), database)
          try SQLiteGraph.insert(follows: pairs, database)
          return UInt64(try database.statement("SELECT COUNT(*) FROM follows").number() ?? 0)
        },
      ])
  }
}
