import Foundation
import Kith
import Testing

@Suite struct `The article on keeping a graph on disk` {
  @Test func `keeps a graph`() throws {
    let schema = try Network.graph(users: 1, follows: [], posts: 0).schema
    let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    let folder = root.appending(path: "store")
    let (copy, rescue) = (root.appending(path: "copy"), root.appending(path: "rescue"))
    let other = root.appending(path: "other")
    do {
      let store = try GraphStore(schema, at: folder)
      try store.write { graph in
        try graph.insert(User(id: 1, handle: "ada", name: "Ada"))
      }
      #expect(store.version == 1)

      try store.checkpoint()
      try store.backup(to: copy)

      if let torn = store.tornEnd {
        print("\(torn.file): \(torn.bytes) bytes behind byte \(torn.offset) were torn")
      }
      #expect(store.tornEnd == nil)

      let reader = try GraphStore(schema, at: folder, readOnly: true)
      #expect(reader.snapshot[User.self].ids == [1])
    }
    let quick = try GraphStore(schema, at: other, durability: .relaxed(within: .milliseconds(20)))
    #expect(quick.version == 0)
    let recovery = try GraphStore.recover(schema, from: folder, to: rescue)
    for fault in recovery.damage { print(fault) }
    for loss in recovery.losses { print("lost: \(loss)") }
    #expect(recovery.version == 1 && recovery.damage.isEmpty && recovery.losses.isEmpty)
    #expect(try GraphStore(schema, at: copy).snapshot[User.self].ids == [1])
    #expect(try GraphStore(schema, at: rescue).snapshot[User.self].ids == [1])
  }
}
