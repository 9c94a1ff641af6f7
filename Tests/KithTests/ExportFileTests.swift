import Foundation
import Kith
import Testing

@Suite struct `Export to a file` {
  @Test func `holds the text, and nothing is left beside it`() throws {
    let graph = try Feed.graph(users: 3, follows: [(1, 2)])
    try withDirectory { directory in
      let url = directory.appending(path: "사람 users.csv")
      try Data("old".utf8).write(to: url)
      try graph[User.self].write(csv: url)
      #expect(try content(of: url) == graph[User.self].csv())
      try graph[User.self].write(csv: url, separator: ";")
      #expect(try content(of: url) == graph[User.self].csv(separator: ";"))
      try graph[User.self].write(jsonLines: url)
      #expect(try content(of: url) == graph[User.self].jsonLines())
      try graph.write(User.follows, csv: url)
      #expect(try content(of: url) == graph.csv(User.follows))
      try graph.write(User.follows, jsonLines: url)
      #expect(try content(of: url) == graph.jsonLines(User.follows))
      try graph.write(User.follows, edgeList: url)
      #expect(try content(of: url) == graph.edgeList(User.follows))
      #expect(try names(in: directory) == [url.lastPathComponent])
    }
  }

  @Test func `is read again as it was`() throws {
    let graph = try bulkyGraph()
    try withDirectory { directory in
      let url = directory.appending(path: "users.jsonl")
      try graph[User.self].write(jsonLines: url)
      var copy = Graph(try Feed.schema())
      let report = try copy.load(User.self, jsonLines: TextSource(contentsOf: url))
      #expect(report.inserted == 2000)
      #expect(copy[User.self].jsonLines() == graph[User.self].jsonLines())
    }
  }

  @Test func `can be read by those who could read the old one`() throws {
    let graph = try Feed.graph(users: 1, follows: [])
    try withDirectory { directory in
      let url = directory.appending(path: "users.csv")
      try Data("old".utf8).write(to: url)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path())
      try graph[User.self].write(csv: url)
      let attributes = try FileManager.default.attributesOfItem(atPath: url.path())
      #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
  }

  @Test func `goes where a symbolic link leads`() throws {
    let graph = try Feed.graph(users: 1, follows: [])
    try withDirectory { directory in
      let (url, link) = (directory.appending(path: "a"), directory.appending(path: "b"))
      try Data("old".utf8).write(to: url)
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: url)
      try graph[User.self].write(csv: link)
      #expect(try content(of: url) == graph[User.self].csv())
      #expect(try names(in: directory) == ["a", "b"])
    }
  }

  @Test func `is refused when the directory is missing`() throws {
    let graph = try Feed.graph(users: 1, follows: [])
    let error = GraphError.unwritableFile(
      file: "/nowhere/users.csv", reason: "there is no such directory")
    #expect(throws: error) { try graph[User.self].write(csv: URL(filePath: "/nowhere/users.csv")) }
    #expect(throws: error) {
      try graph.write(User.follows, jsonLines: URL(filePath: "/nowhere/users.csv"))
    }
    #expect(throws: error) {
      try graph.write(User.follows, edgeList: URL(filePath: "/nowhere/users.csv"))
    }
  }

  @Test func `is refused when a directory has the name, and leaves nothing behind`() throws {
    let graph = try Feed.graph(users: 1, follows: [])
    try withDirectory { directory in
      let url = directory.appending(path: "users", directoryHint: .isDirectory)
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
      let error = #expect(throws: GraphError.self) { try graph[User.self].write(csv: url) }
      guard case .unwritableFile(_, "it is a directory, not a file") = error else {
        Issue.record("another error: \(String(describing: error))")
        return
      }
      #expect(try names(in: directory) == ["users"])
    }
  }

  @Test func `is refused when the URL is that of a web page`() throws {
    let graph = try Feed.graph(users: 1, follows: [])
    let url = try #require(URL(string: "https://example.org/users.csv"))
    #expect(
      throws: GraphError.unwritableFile(
        file: "https://example.org/users.csv", reason: "the URL is not that of a file")
    ) { try graph[User.self].write(csv: url) }
  }

  #if os(Linux)
    @Test func `goes into a device as it is, until that is full`() throws {
      let graph = try Feed.graph(users: 1, follows: [])
      try graph[User.self].write(csv: URL(filePath: "/dev/null"))
      #expect(
        throws: GraphError.unwritableFile(
          file: "/dev/full", reason: "no space is left on the device")
      ) { try graph[User.self].write(csv: URL(filePath: "/dev/full")) }
      #expect(throws: GraphError.self) {
        try graph.write(User.follows, edgeList: URL(filePath: "/dev/full"))
      }
      let attributes = try FileManager.default.attributesOfItem(atPath: "/dev/null")
      #expect(attributes[.type] as? FileAttributeType == .typeCharacterSpecial)
    }
  #endif

  #if os(Linux)
    @Test func `is as it was when the disk is full halfway`() async {
      await #expect(processExitsWith: .success) {
        let graph = try bulkyGraph()
        try withDirectory { directory in
          let url = directory.appending(path: "users.csv")
          try Data("old".utf8).write(to: url)
          // A file may take 1 MiB: the first piece fits, and the second does not.
          signal(SIGXFSZ, SIG_IGN)
          var limit = rlimit(rlim_cur: 1 << 20 | 1 << 19, rlim_max: 1 << 20 | 1 << 19)
          // SAFETY: the limit outlives the call, which only reads it.
          #expect(unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
          for error in [
            #expect(throws: GraphError.self) { try graph[User.self].write(csv: url) },
            #expect(throws: GraphError.self) { try graph.write(User.follows, edgeList: url) },
          ] {
            guard case .unwritableFile = error else {
              Issue.record("another error: \(String(describing: error))")
              return
            }
            #expect(try content(of: url) == "old")
            #expect(try names(in: directory) == ["users.csv"])
          }
        }
      }
    }
  #endif
}

/// A graph whose users, and whose follows, take two pieces and a half of a file.
private func bulkyGraph() throws -> Graph {
  var graph = Graph(try Feed.schema())
  for id in 1...2000 {
    let name = String(repeating: "김", count: 400)
    try graph.insert(User(id: id, handle: "\(id)", name: name, joined: Feed.start))
  }
  let follows = (1...2000).flatMap { id in (1...135).map { (id, (id + $0) % 2000 + 1) } }
  try graph.load(User.follows, follows, allOrNothing: true)
  return graph
}

private func content(of url: URL) throws -> String {
  String(decoding: try Data(contentsOf: url), as: UTF8.self)
}

private func names(in directory: URL) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: directory.path()).sorted()
}

private func withDirectory(_ body: (URL) throws -> Void) throws {
  let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(at: url) }
  try body(url)
}
