/// Follows in an association table of SQLite, with an index for the way back.
final class SQLiteGraph {
  let database: SQLite

  init(_ links: Links) throws {
    database = try SQLiteGraph.empty()
    try SQLiteGraph.fill(database, ids: links.ids, links.pairs)
    try database.execute("ANALYZE")
  }

  /// Follows in a file.
  init(_ links: Links, in database: SQLite) throws {
    self.database = database
    try SQLiteGraph.makeTables(database)
    try SQLiteGraph.fill(database, ids: links.ids, links.pairs)
    try database.execute("ANALYZE")
    _ = try database.statement("PRAGMA wal_checkpoint(TRUNCATE)").number()
  }

  static func empty() throws -> SQLite {
    let database = try SQLite()
    try makeTables(database)
    return database
  }

  private static func makeTables(_ database: SQLite) throws {
    try database.execute("CREATE TABLE users (id INTEGER PRIMARY KEY)")
    try database.execute(
      """
      CREATE TABLE follows (follower_id INTEGER NOT NULL, followed_id INTEGER NOT NULL,
        PRIMARY KEY (follower_id, followed_id)) WITHOUT ROWID
      """)
  }

  /// Inserts users and sorted links.
  static func fill(
    _ database: SQLite, ids: [Int], _ pairs: some Sequence<(Int, Int)>
  ) throws {
    try insert(users: ids, database)
    try insert(follows: pairs, database)
  }

  static func insert(users ids: [Int], _ database: SQLite) throws {
    try database.transaction {
      let user = try database.statement("INSERT INTO users VALUES (?)")
      for id in ids { try user.run(id) }
    }
  }

  /// Inserts sorted links in one transaction, and makes the second index when all are there.
  static func insert(follows pairs: some Sequence<(Int, Int)>, _ database: SQLite) throws {
    try database.transaction {
      let follow = try database.statement("INSERT OR IGNORE INTO follows VALUES (?, ?)")
      for (source, target) in pairs { try follow.run(source, target) }
      try database.execute("CREATE INDEX follows_back ON follows (followed_id, follower_id)")
    }
  }

  // MARK: One hop

  func hasUser(_ id: Int) throws -> Int {
    try database.statement("SELECT id FROM users WHERE id = ?").number(id) ?? 0
  }

  func isFollowing(_ source: Int, _ target: Int) throws -> Bool {
    try database.statement("SELECT 1 FROM follows WHERE follower_id = ? AND followed_id = ?")
      .number(source, target) != nil
  }

  func followers(of id: Int) throws -> [Int] {
    try database.statement(
      "SELECT follower_id FROM follows WHERE followed_id = ? ORDER BY follower_id"
    ).numbers(id)
  }

  func followers(of id: Int, from start: Int, count: Int) throws -> [Int] {
    try database.statement(
      "SELECT follower_id FROM follows WHERE followed_id = ? ORDER BY follower_id LIMIT ? OFFSET ?"
    ).numbers(id, count, start)
  }

  func followerCount(of id: Int) throws -> Int {
    try database.statement("SELECT COUNT(*) FROM follows WHERE followed_id = ?").number(id) ?? 0
  }

  func mutual(_ one: Int, _ other: Int) throws -> [Int] {
    try database.statement(
      """
      SELECT a.followed_id FROM follows a JOIN follows b ON b.followed_id = a.followed_id
      WHERE a.follower_id = ? AND b.follower_id = ? ORDER BY a.followed_id
      """
    ).numbers(one, other)
  }

  // MARK: Two hops

  func pathCount(from id: Int) throws -> Int {
    try database.statement(
      """
      SELECT COUNT(*) FROM follows a JOIN follows b ON b.follower_id = a.followed_id
      WHERE a.follower_id = ?
      """
    ).number(id) ?? 0
  }

  func distinctTwoHop(from id: Int) throws -> [Int] {
    try database.statement(
      """
      SELECT DISTINCT b.followed_id FROM follows a JOIN follows b ON b.follower_id = a.followed_id
      WHERE a.follower_id = ? ORDER BY b.followed_id
      """
    ).numbers(id)
  }

  func rankedTwoHop(from id: Int) throws -> [Suggestion] {
    try suggestions(
      """
      SELECT b.followed_id, COUNT(*) AS paths
      FROM follows a JOIN follows b ON b.follower_id = a.followed_id
      WHERE a.follower_id = ?1 GROUP BY b.followed_id ORDER BY paths DESC, b.followed_id LIMIT ?2
      """, id, Int(Int32.max))
  }

  /// Masks after grouping: once a candidate, not once a path.
  func whoToFollow(_ id: Int, limit: Int) throws -> [Suggestion] {
    try suggestions(
      """
      WITH candidates AS MATERIALIZED (
        SELECT b.followed_id AS id, COUNT(*) AS paths
        FROM follows a JOIN follows b ON b.follower_id = a.followed_id
        WHERE a.follower_id = ?1 GROUP BY b.followed_id)
      SELECT id, paths FROM candidates
      WHERE id <> ?1 AND NOT EXISTS (SELECT 1 FROM follows
        WHERE follower_id = ?1 AND followed_id = candidates.id)
      ORDER BY paths DESC, id LIMIT ?2
      """, id, limit)
  }

  private func suggestions(_ sql: String, _ id: Int, _ limit: Int) throws -> [Suggestion] {
    var found: [Suggestion] = []
    try database.statement(sql).forEach(id, limit) {
      found.append(Suggestion(id: $0[0], paths: $0[1]))
    }
    return found
  }

  // MARK: Whole graph

  /// Written by hand to multiply degrees: SQLite would enumerate the join.
  func allPathCount() throws -> Int {
    try database.statement(
      """
      SELECT SUM(i.n * o.n) FROM
        (SELECT followed_id AS id, COUNT(*) AS n FROM follows GROUP BY followed_id) i JOIN
        (SELECT follower_id AS id, COUNT(*) AS n FROM follows GROUP BY follower_id) o ON o.id = i.id
      """
    ).number() ?? 0
  }

  func forEachPath(_ body: (Int, Int) -> Void) throws {
    try database.statement(
      """
      SELECT a.follower_id, b.followed_id
      FROM follows a CROSS JOIN follows b ON b.follower_id = a.followed_id
      """
    ).forEach { body($0[0], $0[1]) }
  }

  func closedPathCount() throws -> Int {
    try database.statement(
      """
      SELECT COUNT(*) FROM follows a CROSS JOIN follows b ON b.follower_id = a.followed_id
      CROSS JOIN follows c ON c.follower_id = a.follower_id AND c.followed_id = b.followed_id
      """
    ).number() ?? 0
  }
}
