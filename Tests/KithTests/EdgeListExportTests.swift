import Foundation
import Kith
import Testing

@Suite struct `Exporting an edge list` {
  @Test func `counts, and then lists links by their sources and their targets`() throws {
    let graph = try Feed.graph(users: 4, follows: [(3, 1), (1, 3), (1, 2)])
    #expect(
      graph.edgeList(User.follows) == """
        # Directed graph: follows
        # Nodes: 4 Edges: 3
        # FromNodeId\tToNodeId
        1\t2
        1\t3
        3\t1

        """)
    #expect(
      graph.edgeList(User.follows.inverse) == """
        # Directed graph: follows
        # Nodes: 4 Edges: 3
        # FromNodeId\tToNodeId
        1\t3
        2\t1
        3\t1

        """)
  }

  @Test func `goes by the order of insertion, not by that of the keys`() throws {
    var graph = Graph(try Feed.schema())
    try graph.insert(contentsOf: [9, -4, 0].map(Feed.user))
    try graph.load(User.follows, [(0, 9), (9, 0), (9, -4), (-4, 9)], allOrNothing: true)
    #expect(lines(of: graph.edgeList(User.follows)) == ["9\t-4", "9\t0", "-4\t9", "0\t9"])
  }

  @Test func `has a heading where there is nothing else`() throws {
    #expect(
      Graph(try Feed.schema()).edgeList(User.follows)
        == "# Directed graph: follows\n# Nodes: 0 Edges: 0\n# FromNodeId\tToNodeId\n")
  }

  @Test func `keeps a name with line breaks in its comment`() throws {
    var graph = Graph(
      try Schema {
        Odd.self
        Odd.links
      })
    try graph.insert(contentsOf: [Odd(id: 1), Odd(id: 2)])
    try graph.append(2, to: Odd.linked, of: 1)
    let text = graph.edgeList(Odd.links)
    #expect(text.hasPrefix("# Directed graph: a\\n7 8\n# Nodes: 2 Edges: 1\n"))
    #expect(lines(of: text) == ["1\t2"])
  }

  @Test func `counts the rows of both tables, and is read between them`() throws {
    let schema = try Schema {
      Viewer.self
      Paper.self
      Viewer.reads
    }
    var rows = Graph(schema)
    try rows.insert(contentsOf: [300, 7].map { Viewer(id: $0) })
    try rows.insert(contentsOf: [Paper(id: Key(-1)), Paper(id: Key(7)), Paper(id: Key(3))])
    var graph = rows
    try graph.load(Viewer.reads, [(300, Key(7)), (7, Key(7)), (300, Key(-1))], allOrNothing: true)
    let text = graph.edgeList(Viewer.reads)
    #expect(text.contains("# Nodes: 5 Edges: 3\n"))
    #expect(lines(of: text) == ["300\t-1", "300\t7", "7\t7"])
    var copy = rows
    // No link leads from a row to itself, though a key is that of a row in each table.
    let list = TextSource(text: text, name: "reads")
    let report = try copy.load(Viewer.reads, edgeList: list)
    #expect(report.lines == 3 && report.inserted == 3 && report.selfLinks == 0)
    #expect(copy.encoded() == graph.encoded())
    var turned = rows
    let inverse = graph.edgeList(Viewer.reads.inverse)
    #expect(lines(of: inverse) == ["-1\t300", "7\t300", "7\t7"])
    try turned.load(Viewer.reads.inverse, edgeList: TextSource(text: inverse, name: "viewers"))
    #expect(turned.encoded() == graph.encoded())
  }

  @Test func `is written whole, a hub and all`() throws {
    // Users 1 and 2 to 2001 follow each other, and nobody follows user 2002.
    let follows = (2...2001).flatMap { [(1, $0), ($0, 1)] }
    let graph = try Feed.graph(users: 2002, follows: follows)
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).txt")
    defer { try? FileManager.default.removeItem(at: url) }
    try graph.write(User.follows, edgeList: url)
    let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    #expect(text == graph.edgeList(User.follows))
    var copy = try Feed.graph(users: 2002, follows: [])
    let report = try copy.load(User.follows, edgeList: TextSource(contentsOf: url))
    #expect(report.lines == 4000 && report.inserted == 4000)
    #expect(copy.encoded() == graph.encoded())
  }

  @Test func `needs keys that are integers`() async {
    await #expect(processExitsWith: .failure) {
      let schema = try Schema {
        Named.self
        Named.links
      }
      _ = Graph(schema).edgeList(Named.links)
    }
    await #expect(processExitsWith: .failure) {
      let schema = try Schema {
        Named.self
        Named.links
      }
      var graph = Graph(schema)
      try graph.load(Named.links, edgeList: TextSource(text: "", name: "empty"))
    }
    await #expect(processExitsWith: .failure) {
      let schema = try Schema {
        Viewer.self
        Paper.self
        Viewer.reads
      }
      var graph = Graph(schema)
      let nothing = TextSource(text: "", name: "empty")
      try graph.load(Viewer.reads, edgeList: nothing, undirected: true)
    }
  }

  private func lines(of text: String) -> [String] {
    text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
  }
}

private struct Odd: Row {
  var id: Int
  static let table = Table("odd", Self.init, Column("id", \.id))
  static let links = Association("a\n7 8", from: Odd.self, "source", to: Odd.self, "target")
  static let linked = hasMany(through: links)
}

private struct Viewer: Row {
  var id: UInt16
  static let table = Table("viewers", Self.init, Column("id", \.id))
  static let reads = Association(
    "reads", from: Viewer.self, "viewer_id", to: Paper.self, "paper_id", allowsSelfLinks: false)
}

private struct Paper: Row {
  var id: Key<Paper, Int64>
  static let table = Table("papers", Self.init, Column("id", \.id))
}

private struct Named: Row {
  var id: String
  static let table = Table("named", Self.init, Column("id", \.id))
  static let links = Association("links", from: Named.self, "source", to: Named.self, "target")
}
