import Kith
import Testing

@Suite struct `A relationship as a query` {
  private typealias User = Addresses.User
  private typealias Address = Addresses.Address

  @Test func `73: one owner's rows are filtered, ordered, cut and counted`() throws {
    let graph = try Addresses.graph()
    #expect(graph[User.self, 7].addresses.count == 1)
    let addresses = graph[User.self, 8].addresses
    #expect(addresses.filter(\.email == "ed@lala").ids == [4])
    #expect(addresses.sorted(by: \.email).ids == [3, 4, 2])
    #expect(addresses.sorted(by: \.email).dropFirst().prefix(1).ids == [4])
    #expect(addresses.explain().contains("kernel run, one source (estimated 3, actual 3)"))
  }

  @Test func `74: places count from the front, and a negative one stops the program`() async throws
  {
    let addresses = try Addresses.graph()[User.self, 8].addresses.sorted(by: \.id)
    #expect(addresses.first?.id == 2)
    #expect(addresses.prefix(2).ids == [2, 3])
    #expect(addresses.dropFirst(1).prefix(2).ids == [3, 4])
    #expect(addresses.dropFirst(3).isEmpty)
    await #expect(processExitsWith: .failure) {
      _ = try Addresses.graph()[Addresses.User.self, 8].addresses.prefix(-1)
    }
    await #expect(processExitsWith: .failure) {
      _ = try Addresses.graph()[Addresses.User.self, 8].addresses.dropFirst(-1)
    }
    // The same calls with another number don't stop it.
    await #expect(processExitsWith: .success) {
      _ = try Addresses.graph()[Addresses.User.self, 8].addresses.dropFirst(0).prefix(0)
    }
  }

  @Test func `76: an owner who isn't stored has nothing`() throws {
    let addresses = try Addresses.graph()[User.self, 99].addresses
    #expect(throws: GraphError.notFound(table: "addresses", key: "that the query asks for")) {
      try addresses.one()
    }
    #expect(try addresses.oneOrNil() == nil)
    #expect(addresses.first == nil)
    #expect(Array(addresses).isEmpty)
    #expect(addresses.count == 0)
  }

  @Test func `77: a to-one relationship leads to one row`() throws {
    // Differs: it is a query of one row or none. To declare it from the wrong side does not compile
    // when keys have types of their own: DoesNotCompile/77.swift.
    let graph = try Addresses.graph()
    #expect(try graph[Address.self, 3].users.one().name == "ed")
    #expect(graph[Address.self, [2, 3, 4]].users.ids == [8])
  }

  @Test func `77: a relationship declared on the wrong table stops the program`() async {
    // The keys of both tables are Int, so the compiler takes an address for a user.
    await #expect(processExitsWith: .failure) {
      let wrong: Relationship<Addresses.Address, Addresses.Address> =
        Addresses.Address.hasMany(\Addresses.Address.user)
      _ = try Addresses.graph()[Addresses.Address.self, 2].hop(wrong).ids
    }
    await #expect(processExitsWith: .success) {
      let right: Relationship<Addresses.User, Addresses.Address> =
        Addresses.User.hasMany(\Addresses.Address.user)
      _ = try Addresses.graph()[Addresses.User.self, 8].hop(right).ids
    }
  }

  @Test func `79: a list reads as it was assigned last`() throws {
    var graph = try Labels.graph()
    for ids in [[1, 3], [1, 2], [2, 3], []] {
      try graph.replace(Labels.Item.labels, of: 1, with: ids)
      #expect(graph[Labels.Item.self, 1].labels.ids == ids)
    }
  }

  @Test func `79: a list over a foreign key reads as it was assigned last`() throws {
    // Differs: the foreign key is a column of the children, so the children are updated.
    var graph = try Addresses.graph()
    for ids in [[1, 3], [1, 2, 4], [2, 3], []] {
      try graph.update(graph[User.self, 10].addresses) { $0.user = nil }
      try graph.update(graph[Address.self, ids]) { $0.user = 10 }
      #expect(graph[User.self, 10].addresses.ids == ids)
    }
    #expect(graph[Address.self].map(\.user) == [nil, nil, nil, nil, 9])
  }

  @Test func `80: a huge list changes without a look at its members`() throws {
    let before = try Crowd.graph(50_000)
    var graph = before
    let touches = Crowd.touches.load(ordering: .relaxed)
    #expect(try graph.append(50_000, to: Crowd.Group.members, of: 1) == true)
    #expect(graph.remove(25_000, from: Crowd.Group.members, of: 1) == true)
    #expect(graph[Crowd.Group.self, 1].members.count == 49_999)
    #expect(Crowd.touches.load(ordering: .relaxed) == touches)
    // Of some hundreds of pages that hold the links, only those on the way to the two are copied.
    #expect(graph.statistics.pagesCopied - before.statistics.pagesCopied < 20)
    // The counter does count.
    _ = graph[Crowd.Group.self, 1].members.filter(\.name == "member 1").count
    #expect(Crowd.touches.load(ordering: .relaxed) > touches)
  }

  @Test func `82: children of a row of the same table come in the order of their keys`() throws {
    let graph = try Tree.graph()
    #expect(graph[Tree.Node.self, 1].children.sorted(by: \.id).ids == [2, 3])
    #expect(graph[Tree.Node.self, 2].parents.ids == [1])
  }

  @Test func `83: what a filter finds in a list can be taken out of the table`() throws {
    var graph = try Addresses.graphWithSix()
    let doomed = graph[User.self, 20].addresses.filter(.isIn(\.email, ["c", "e", "f"]))
    #expect(try graph.delete(doomed) == 3)
    #expect(graph[User.self, 20].addresses.map(\.email) == ["a", "b", "d"])
    #expect(graph[Address.self].count == 8)
  }

  @Test func `85: a change tells what was added and removed, and the rest stayed`() throws {
    typealias Item = Labels.Item
    let before = try Labels.graph([(1, 1), (1, 2)])
    var graph = before
    try graph.append(3, to: Item.labels, of: 1)
    graph.remove(2, from: Item.labels, of: 1)
    let change = Change(from: before, to: graph)
    #expect(change.appended(Item.itemLabels).map { [$0.source, $0.target] } == [[1, 3]])
    #expect(change.removed(Item.itemLabels).map { [$0.source, $0.target] } == [[1, 2]])
    let unchanged = graph[Item.self, 1].labels.intersection(before[Item.self, 1].labels)
    #expect(unchanged.ids == [1])
  }

  @Test func `86: adding what is there and removing what isn't is no change`() throws {
    typealias Item = Labels.Item
    let before = try Labels.graph([(1, 1)])
    var graph = before
    #expect(try graph.append(1, to: Item.labels, of: 1) == false)
    #expect(graph.remove(2, from: Item.labels, of: 1) == false)
    #expect(Change(from: before, to: graph).isEmpty)
  }

  @Test func `88: inserting, updating and deleting in one list leaves the others alone`() throws {
    let before = try Addresses.graph()
    var graph = before
    try graph.insert(
      contentsOf: (21...23).map { Address(id: $0, user: 8, email: "ed@\($0)") })
    try graph.update(graph[User.self, 8].addresses) { $0.email += ".com" }
    try graph.delete(graph[User.self, 8].addresses.filter(\.id <= 3))
    let change = Change(from: before, to: graph)
    #expect(change.inserted(Address.self).map(\.email) == ["ed@21.com", "ed@22.com", "ed@23.com"])
    #expect(change.updated(Address.self).map(\.after.email) == ["ed@lala.com"])
    #expect(change.deleted(Address.self).map(\.id) == [2, 3])
  }
}
