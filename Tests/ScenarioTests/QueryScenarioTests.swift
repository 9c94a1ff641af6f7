import Kith
import Synchronization
import Testing

@Suite struct `Queries over users, orders and nodes` {
  private typealias User = Users.User
  private typealias Address = Users.Address
  private typealias Order = Users.Order
  private typealias Item = Users.Item
  private typealias Node = Nodes.Node

  // MARK: Asking for rows

  @Test func `89: one throws when there are none or several`() throws {
    let users = try Users.graph()[User.self]
    #expect(try users.filter(\.name == "ed").one().id == 8)
    #expect(throws: GraphError.notFound(table: "users", key: "that the query asks for")) {
      try users.filter(\.name == "nobody").one()
    }
    #expect(throws: GraphError.severalFound(table: "users")) {
      try users.filter(\.id > 8).one()
    }
    // Differs: a query is a set, so the owner of three addresses is one row, not three.
    #expect(try users.filter(\.id == 8).addresses.owner.one().name == "ed")
  }

  @Test func `91: first is the first in order, or nil`() throws {
    let users = try Users.graph()[User.self]
    #expect(users.first?.id == 7)
    #expect(users.sorted(by: \.name).first?.name == "chuck")
    #expect(users.dropFirst(2).first?.id == 9)
    #expect(users.filter(\.id > 10).first == nil)
  }

  @Test func `110: a composite key is looked up whole`() throws {
    let graph = try Classes.graph()
    #expect(graph.find(Classes.Enrolment.self, Pair(2, 1))?.course == 1)
    #expect(graph.find(Classes.Enrolment.self, Pair(1, 2)) == nil)
    // Differs: `find(Enrolment.self, 2)` and a key of three parts do not compile.
    #expect(graph[Classes.Enrolment.self, [Pair(2, 2), Pair(3, 1)]].ids == [Pair(2, 2)])
  }

  // MARK: Conditions on related rows

  @Test func `92: users are found by one of their addresses`() throws {
    let users = try Users.graph()[User.self]
    let likeEd = User.addresses.contains(where: .contains(\.email, "ed"))
    #expect(users.filter(likeEd).ids == [8, 9])
    #expect(users.filter(likeEd && User.addresses.contains(4)).ids == [8])
  }

  @Test func `94: a negated condition does not see the join beside it`() throws {
    let graph = try Users.graph()
    let isNotFred = !User.addresses.contains(where: \.email == "fred@fred.com")
    #expect(graph[Address.self].owner.filter(isNotFred).ids == [7, 8])
    #expect(graph[User.self].filter(User.addresses.count > 0 && isNotFred).ids == [7, 8])
    #expect(graph[User.self].filter(isNotFred).ids == [7, 8, 10])
  }

  @Test func `95: addresses are found by their owner`() throws {
    let graph = try Users.graph()
    let likeEd = Address.owner.contains(where: .contains(\.name, "ed"))
    #expect(graph[Address.self].filter(likeEd).ids == [2, 3, 4, 5])
    #expect(graph[Address.self].filter(likeEd && \.user == 8).ids == [2, 3, 4])
    #expect(graph[User.self].filter(.contains(\.name, "ed")).addresses.ids == [2, 3, 4, 5])
  }

  @Test func `97: items are told apart by whether they have keywords`() throws {
    let items = try Users.graph()[Item.self]
    #expect(items.filter(Item.keywords.count == 0).ids == [4, 5])
    #expect(items.filter(Item.keywords.count > 0).ids == [1, 2, 3])
  }

  @Test func `98: addresses are those of a user, or of all others`() throws {
    let graph = try Users.graph()
    let addresses = graph[Address.self]
    #expect(graph[User.self, 8].addresses.ids == [2, 3, 4])
    #expect(addresses.filter(\.user == 8).ids == [2, 3, 4])
    #expect(addresses.filter(Address.owner.contains(8)).ids == [2, 3, 4])
    #expect(addresses.filter(\.user != 8).ids == [1, 5])
    #expect(addresses.subtracting(graph[User.self, 8].addresses).ids == [1, 5])
  }

  @Test func `100: nodes have a child, or have it not`() throws {
    let nodes = try Nodes.graph()[Node.self]
    #expect(nodes.filter(Node.children.contains(where: \.id == 3)).ids == [1, 2])
    #expect(nodes.filter(Node.children.contains(4)).ids == [1, 3])
    #expect(nodes.filter(!Node.children.contains(4)).ids == [2, 4, 5, 6, 7])
  }

  @Test func `101: a node comes once though several of its links match`() throws {
    let graph = try Nodes.graph()
    #expect(
      graph[Node.self].filter(Node.children.contains(where: .isIn(\.id, [3, 7]))).ids == [1, 2])
    let parents = graph[Node.self, [3, 7]].parents
    #expect(parents.ids == [1, 2])
    #expect(parents.ranked().map { [$0.id, $0.paths] } == [[2, 2], [1, 1]])
  }

  // MARK: Paths

  @Test func `103: two hops count the paths to each node`() throws {
    let graph = try Nodes.graph()
    let children = graph[Node.self, 1].children
    let walk = children.children
    #expect(
      walk.ranked().map { [$0.id, $0.paths] } == [[3, 1], [4, 1], [5, 1], [6, 1], [7, 1]])
    let others = walk.subtracting(children).excluding(1)
    #expect(others.ranked().map { [$0.id, $0.paths] } == [[5, 1], [6, 1], [7, 1]])
  }

  @Test func `104: a second path puts a node first, and keys break ties`() throws {
    var graph = try Nodes.graph()
    try graph.append(7, to: Node.children, of: 4)
    let children = graph[Node.self, 1].children
    let others = children.children.subtracting(children).excluding(1).ranked()
    #expect(others.map { [$0.id, $0.paths] } == [[7, 2], [5, 1], [6, 1]])
  }

  // MARK: Sums and sets

  @Test func `106: a sum runs over rows, or over the paths of a join`() throws {
    let graph = try Users.graph()
    let orders = graph[Order.self].filter(.isIn(\.id, [2, 3, 4]))
    #expect(orders.reduce(0) { $0 + $1.user * ($1.address ?? 0) } == 79)
    var sum = 0
    graph.join(User.orders.destination).forEach { user, address in sum += user * address }
    #expect(sum == 79 + 7 * 1)
  }

  @Test func `107: sets of users are united and intersected`() throws {
    let users = try Users.graph()[User.self]
    func named(_ name: String) -> Query<User> { users.filter(\.name == name) }
    let (fred, ed, jack) = (named("fred"), named("ed"), named("jack"))
    #expect(fred.union(ed).union(jack).sorted(by: \.name).map(\.name) == ["ed", "fred", "jack"])
    #expect(fred.union(ed).intersection(ed.union(jack)).map(\.name) == ["ed"])
    #expect(fred.intersection(ed).intersection(jack).isEmpty)
  }

  @Test func `109: asking whether there are rows stops at the first`() throws {
    let graph = try Users.graph()
    let counter = Counter()
    let addresses = graph[Address.self].filter { address in
      counter.touch()
      return address.id > 0
    }
    #expect(!addresses.isEmpty)
    #expect(counter.take() == 1)
    #expect(addresses.first?.id == 1)
    #expect(counter.take() == 1)
    #expect(addresses.count == 5)
    #expect(counter.take() == 5)
  }

  // MARK: Nested rows

  @Test(arguments: [1, 2, 5])
  func `112: whole trees take one pass a level, however many rows there are`(width: Int) throws {
    // Under each of the roots 1 and 2 there are `width` children with `width` children each.
    let forest = Forest(width: width)
    let graph = try Nodes.graph(count: forest.count, links: forest.links)
    let roots = graph[Node.self, [1, 2]]
    #expect(roots.reachable(through: Node.children, within: 0...Int.max).count == forest.count)
    var level = roots
    var seen: [Int] = []
    var passes = 0
    while !level.isEmpty {
      let families = level.including(Node.children)
      passes += 1
      seen += families.map(\.row.id)
      level = graph[Node.self, families.flatMap { $0.related.map(\.id) }]
    }
    #expect(passes == 3)
    #expect(seen == Array(1...forest.count))
  }

  @Test func `113: a nested fetch of one level brings children, and not theirs`() throws {
    let graph = try Nodes.graph(links: [(1, 2), (2, 3)])
    let families = graph[Node.self, 1].including(Node.children)
    // A row holds no rows: what is below its children is not there to be fetched by accident.
    #expect(families.map { [$0.row.id] + $0.related.map(\.id) } == [[1, 2]])
  }

  @Test func `115: a composed relationship follows the one beneath, and can't be edited`() throws {
    var graph = try Users.graph()
    // Differs: `append(4, to: User.orders.items, of: 7)` does not compile; no flag is needed.
    let bought: Relationship<User, Item> = User.orders.items
    #expect(graph[User.self, 9].hop(bought).ids == [1, 2, 3, 5])
    try graph.append(4, to: Order.items, of: 2)
    #expect(graph[User.self, 9].hop(bought).ids == [1, 2, 3, 4, 5])
    graph.remove(4, from: Order.items, of: 2)
    #expect(!graph.contains(4, in: bought, of: 9))
  }
}

/// Counts calls from a closure that may run on any thread.
private final class Counter: Sendable {
  private let touches = Mutex(0)

  func touch() { touches.withLock { $0 += 1 } }

  /// The calls since they were last taken.
  func take() -> Int {
    touches.withLock { count in
      defer { count = 0 }
      return count
    }
  }
}

/// Two trees of three levels, numbered level by level.
private struct Forest {
  private(set) var count = 2
  private(set) var links: [(Int, Int)] = []

  init(width: Int) {
    var level = [1, 2]
    for _ in 1...2 {
      level = level.flatMap { parent in
        (0..<width).map { _ in
          count += 1
          links.append((parent, count))
          return count
        }
      }
    }
  }
}
