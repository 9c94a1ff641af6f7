import Kith
import KithFixtures

/// A mix of small reads and writes in the shares of LinkBench, each write a transaction of its own.
///
/// Armstrong, Ponnekanti, Borthakur and Callaghan, *LinkBench: a Database Benchmark Based on the
/// Facebook Social Graph*, SIGMOD 2013, table 4. An approximation: nodes and links hold a number
/// instead of a text, links are of one type, and whatever refers to a node goes with it.
enum LinkBench {
  static func plans(on graph: GraphSpec) -> [Plan] {
    [Plan("LinkBench's mix", "a request", on: graph, mix)]
  }

  /// The most links of a range.
  static let limit = 10_000
  static let requests = 4000

  private static func mix(_ world: World) throws -> Case {
    let requests = requests(world)
    let base = try LinkBenchGraph(world.links)
    let sqlite = LinkBenchSQLite()
    return Case(
      calls: requests.count,
      sides: [
        .calls(.kith, over: requests, prepare: { try base.reset() }, base.answer),
        .calls(.sqlite, over: requests, prepare: { try sqlite.reset(world.links) }, sqlite.answer),
      ])
  }

  /// Requests to nodes by follow, so that popular ones come up often.
  private static func requests(_ world: World) -> [Request] {
    var random = SplitMix64(seed: 12)
    let links = world.links
    func node() -> Int { links.ids[Int(links.packed[random.number(below: links.count)] >> 32)] }
    func link() -> (Int, Int) {
      let link = links.packed[random.number(below: links.count)]
      return (links.ids[Int(link >> 32)], links.ids[Int(link & 0xffff_ffff)])
    }
    var next = links.ids.last ?? 0
    return (0..<requests).map { number in
      switch random.number(below: 1000) {
      case ..<129: return .getNode(node())
      case ..<155:
        next += 1
        return .addNode(next)
      case ..<229: return .updateNode(node(), data: number)
      case ..<239: return .deleteNode(links.ids[random.number(below: links.ids.count)])
      case ..<288: return .countLinks(node())
      case ..<293:
        return .getLinks([link(), link(), link()].map { Pair($0.0, $0.1) })
      case ..<800: return .linkRange(node())
      case ..<890: return .addLink(node(), node(), time: links.count + number)
      case ..<970:
        let (source, target) = link()
        return .updateLink(source, target, data: number)
      default:
        let (source, target) = link()
        return .deleteLink(source, target)
      }
    }
  }
}

/// What is asked for or changed, with its share in thousandths of all requests.
enum Request {
  case getNode(Int)  // 129
  case addNode(Int)  // 26
  case updateNode(Int, data: Int)  // 74
  case deleteNode(Int)  // 10
  case countLinks(Int)  // 49
  case getLinks([Pair<Int, Int>])  // 5
  case linkRange(Int)  // 507
  case addLink(Int, Int, time: Int)  // 90
  case updateLink(Int, Int, data: Int)  // 80
  case deleteLink(Int, Int)  // 30
}

struct Node: Row {
  var id: Int
  var data: Int

  static let table = Table("nodes", Self.init, Column("id", \.id), Column("data", \.data))
  static let links = hasMany(\NodeLink.source)
}

struct NodeLink: Row {
  var source: Node.ID
  var target: Node.ID
  var time: Int
  var data: Int
  var id: Pair<Node.ID, Node.ID> { Pair(source, target) }

  static let table = Table(
    "links", Self.init,
    Column("source_id", \.source, references: Node.self, onDelete: .cascade),
    Column("target_id", \.target, references: Node.self, onDelete: .cascade),
    Column("time", \.time),
    Column("data", \.data)
  )
  .primaryKey(\.source, \.target)
  .index(\.source, orderedBy: \.time)
}

/// Kith's side: a store that starts again from the same graph.
private final class LinkBenchGraph {
  private let base: Graph
  private var store: GraphStore

  init(_ links: Links) throws {
    store = GraphStore(
      try Schema {
        Node.self
        NodeLink.self
      })
    try store.write { graph in
      try graph.insert(contentsOf: links.ids.lazy.map { Node(id: $0, data: 0) })
      for (time, (source, target)) in links.pairs.enumerated() {
        try graph.insert(NodeLink(source: source, target: target, time: time, data: 0))
      }
    }
    base = store.snapshot
  }

  func reset() throws { store = try GraphStore(base) }

  func answer(_ request: Request) throws -> UInt64 {
    let graph = store.snapshot
    switch request {
    case .getNode(let id): return UInt64((graph.find(Node.self, id)?.data ?? -1) + 1)
    case .countLinks(let id): return UInt64(graph[Node.self, id].links.count)
    case .getLinks(let pairs):
      return UInt64(pairs.reduce(0) { $0 + (graph.find(NodeLink.self, $1)?.data ?? 0) })
    case .linkRange(let id):
      let newest = graph[Node.self, id].links.sorted(by: \.time, .descending)
      return Checksum.of(newest.prefix(LinkBench.limit).lazy.map(\.target))
    default: return try write(request) ? 1 : 0
    }
  }

  private func write(_ request: Request) throws -> Bool {
    do {
      return try store.write { graph in
        switch request {
        case .addNode(let id): try graph.insert(Node(id: id, data: 0))
        case .updateNode(let id, let data): try graph.update(Node.self, id) { $0.data = data }
        case .deleteNode(let id): return try graph.delete(Node.self, id)
        case .addLink(let source, let target, let time):
          try graph.upsert(NodeLink(source: source, target: target, time: time, data: 0))
        case .updateLink(let source, let target, let data):
          try graph.update(NodeLink.self, Pair(source, target)) { $0.data = data }
        case .deleteLink(let source, let target):
          return try graph.delete(NodeLink.self, Pair(source, target))
        default: return false
        }
        return true
      }
    } catch is GraphError {
      // A node or link that an earlier request deleted.
      return false
    }
  }
}

/// SQLite's side: a database that is made anew, with foreign keys that cascade.
private final class LinkBenchSQLite {
  private var database: SQLite?

  func reset(_ links: Links) throws {
    database = nil
    let database = try SQLite()
    try database.execute("PRAGMA foreign_keys=ON")
    try database.execute("CREATE TABLE nodes (id INTEGER PRIMARY KEY, data INTEGER)")
    try database.execute(
      """
      CREATE TABLE links (
        source_id INTEGER NOT NULL REFERENCES nodes ON DELETE CASCADE,
        target_id INTEGER NOT NULL REFERENCES nodes ON DELETE CASCADE,
        time INTEGER, data INTEGER, PRIMARY KEY (source_id, target_id)) WITHOUT ROWID
      """)
    try database.transaction {
      let node = try database.statement("INSERT INTO nodes VALUES (?, 0)")
      for id in links.ids { try node.run(id) }
      let link = try database.statement("INSERT INTO links VALUES (?, ?, ?, 0)")
      for (time, (source, target)) in links.pairs.enumerated() {
        try link.run(source, target, time)
      }
      try database.execute("CREATE INDEX by_target ON links (target_id)")
      try database.execute("CREATE INDEX by_time ON links (source_id, time, target_id)")
    }
    try database.execute("ANALYZE")
    self.database = database
  }

  func answer(_ request: Request) throws -> UInt64 {
    guard let database else { return 0 }
    switch request {
    case .getNode(let id):
      let data = try database.statement("SELECT data FROM nodes WHERE id = ?").number(id)
      return UInt64((data ?? -1) + 1)
    case .countLinks(let id):
      let sql = "SELECT COUNT(*) FROM links WHERE source_id = ?"
      return UInt64(try database.statement(sql).number(id) ?? 0)
    case .getLinks(let pairs):
      let sql = "SELECT data FROM links WHERE source_id = ? AND target_id = ?"
      let one = try database.statement(sql)
      return UInt64(try pairs.reduce(0) { $0 + (try one.number($1.first, $1.second) ?? 0) })
    case .linkRange(let id):
      let sql = "SELECT target_id FROM links WHERE source_id = ? ORDER BY time DESC LIMIT ?"
      return Checksum.of(try database.statement(sql).numbers(id, LinkBench.limit))
    default: return try write(request, database) ? 1 : 0
    }
  }

  private func write(_ request: Request, _ database: SQLite) throws -> Bool {
    do {
      switch request {
      case .addNode(let id): try database.statement("INSERT INTO nodes VALUES (?, 0)").run(id)
      case .updateNode(let id, let data):
        try database.statement("UPDATE nodes SET data = ?2 WHERE id = ?1").run(id, data)
      case .deleteNode(let id): try database.statement("DELETE FROM nodes WHERE id = ?").run(id)
      case .addLink(let source, let target, let time):
        let sql = """
          INSERT INTO links VALUES (?, ?, ?, 0)
          ON CONFLICT DO UPDATE SET time = excluded.time, data = 0
          """
        try database.statement(sql).run(source, target, time)
      case .updateLink(let source, let target, let data):
        let sql = "UPDATE links SET data = ?3 WHERE source_id = ?1 AND target_id = ?2"
        try database.statement(sql).run(source, target, data)
      case .deleteLink(let source, let target):
        let sql = "DELETE FROM links WHERE source_id = ? AND target_id = ?"
        try database.statement(sql).run(source, target)
      default: return false
      }
      return database.changes > 0
    } catch let error as SQLiteError where error.isConstraint {
      return false
    }
  }
}
