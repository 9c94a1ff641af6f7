import Kith

/// A graph as every side holds it, each loaded when it is first asked for.
final class World {
  let spec: GraphSpec
  let links: Links
  /// The seconds that each side took to load the links, once, in order, on the way into this run.
  private(set) var loadTimes: [Peer: Double] = [:]
  /// The only side whose calls are made; nil if those of all are.
  private let asked: Peer?

  init(_ spec: GraphSpec, asking asked: Peer? = nil) throws {
    self.spec = spec
    self.asked = asked
    links = try spec.make()
  }

  private var loadedStore: GraphStore?
  private var loadedCSR: StaticCSR?
  private var loadedDictionary: DictionaryGraph?
  private var loadedSQLite: SQLiteGraph?

  func store() throws -> GraphStore {
    if let loadedStore { return loadedStore }
    let store = try loading(.kith) { try separateStore() }
    loadedStore = store
    return store
  }

  /// The users and their follows in a store that shares nothing with any other.
  func separateStore() throws -> GraphStore {
    let store = try User.store()
    try store.write { graph in
      try graph.insert(contentsOf: links.ids.lazy.map { User(id: $0) })
      try graph.load(User.follows, links.pairs)
    }
    return store
  }

  func graph() throws -> Graph { try store().snapshot }

  private var loadedCompacted: Graph?

  /// The graph with its users in the order of a walk along follows.
  func compactedGraph() throws -> Graph {
    if let loadedCompacted { return loadedCompacted }
    var graph = try graph()
    try graph.compact(along: User.following)
    loadedCompacted = graph
    return graph
  }

  func csr() -> StaticCSR {
    if let loadedCSR { return loadedCSR }
    let csr = loading(.csr) { StaticCSR(links) }
    loadedCSR = csr
    return csr
  }

  func dictionary() -> DictionaryGraph {
    if let loadedDictionary { return loadedDictionary }
    let dictionary = loading(.dictionary) { DictionaryGraph(links(of: .dictionary)) }
    loadedDictionary = dictionary
    return dictionary
  }

  func sqlite() throws -> SQLiteGraph {
    if let loadedSQLite { return loadedSQLite }
    let sqlite = try loading(.sqlite) { try SQLiteGraph(links(of: .sqlite)) }
    loadedSQLite = sqlite
    return sqlite
  }

  /// The links that a side which takes long to load must have: none if it is not asked.
  private func links(of peer: Peer) -> Links {
    asked == nil || asked == peer ? links : Links(ids: [], packed: [])
  }

  private var extraData: AnyObject?

  /// What an operation holds beside the follows, made once for all that ask for the same type.
  func extra<Data: AnyObject>(_ make: () throws -> Data) rethrows -> Data {
    if let known = extraData as? Data { return known }
    let data = try make()
    extraData = data
    return data
  }

  private func loading<Result>(_ peer: Peer, _ body: () throws -> Result) rethrows -> Result {
    let (result, seconds) = try timed(body)
    loadTimes[peer] = seconds
    return result
  }
}
