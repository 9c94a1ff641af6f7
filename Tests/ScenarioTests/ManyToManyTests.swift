import Kith
import Testing

@Suite struct `Many-to-many links` {
  private typealias Place = Places.Place
  private typealias Transition = Places.Transition
  private typealias Student = School.Student
  private typealias Class = School.Class
  private typealias Item = Labels.Item
  private typealias Label = Labels.Label
  private typealias Badge = Labels.Badge

  @Test func `1: links made in one write read back from every place`() throws {
    let store = GraphStore(try Places.schema())
    try store.write { graph in
      try graph.insert(contentsOf: (1...7).map { Place(id: $0) })
      for (place, child) in [(1, 2), (1, 3), (5, 6), (6, 1), (7, 1), (1, 5), (4, 3), (3, 4)] {
        try graph.append(child, to: Place.children, of: place)
      }
    }
    let graph = store.snapshot
    let children = (1...7).map { graph[Place.self, $0].children.ids }
    #expect(children == [[2, 3, 5], [], [4], [3], [6], [1], [1]])
  }

  @Test func `2: a link made from both ends is one row, seen from both`() throws {
    let store = GraphStore(try Places.schema())
    try store.write { graph in
      try graph.insert(contentsOf: [Place(id: 1), Place(id: 2)])
      #expect(try graph.append(1, to: Place.parents, of: 2) == true)
      #expect(try graph.append(2, to: Place.children, of: 1) == false)
    }
    let graph = store.snapshot
    #expect(graph.join(Place.children).count == 1)
    #expect(graph[Place.self, 1].children.ids == [2])
    #expect(graph[Place.self, 2].parents.ids == [1])
  }

  @Test func `4: links made partly from each side are those made from one side`() throws {
    let empty = try Places.graph()
    var mixed = empty
    try mixed.replace(Transition.inputs, of: 1, with: [1, 2])
    try mixed.replace(Transition.outputs, of: 1, with: [3])
    try mixed.append(1, to: Place.outputOf, of: 1)
    try mixed.append(2, to: Place.inputOf, of: 2)
    #expect(mixed[Transition.self, 1].outputs.ids == [1, 3])
    #expect(mixed[Place.self, 2].inputOf.ids == [1, 2])

    var oneSided = empty
    try oneSided.load(Transition.inputLinks, [(1, 1), (1, 2), (2, 2)])
    try oneSided.load(Transition.outputLinks, [(1, 3), (1, 1)])
    #expect(Change(from: mixed, to: oneSided).isEmpty)
  }

  @Test func `5: a class lists the students who registered for it`() throws {
    let graph = try School.graph()
    #expect(graph[Class.self, 1].students.map(\.name) == ["alice", "bob"])
    #expect(graph.join(Student.classes).count == 3)
  }

  @Test func `7: a pair can't be registered twice`() throws {
    // Differs: a plain link that is there already is reported and not refused; a row of an
    // association object under the same pair is refused.
    var graph = try School.graph()
    let before = graph
    #expect(try graph.append(1, to: Student.classes, of: 1) == false)
    #expect(try graph.load(Student.registrations, [(1, 1)]).duplicates == 1)
    #expect(graph.join(Student.classes).count == 3)
    #expect(Change(from: before, to: graph).isEmpty)
    let key = graph.schema.table("registrations")?.constraints.first { $0.kind == .primaryKey }
    #expect(key?.name == "pk_registrations")
    #expect(key?.columns == ["student_id", "class_id"])

    let items = try Items.graph()
    items.expectRejection(
      .duplicateKey(constraint: "pk_taggings", table: "taggings", key: "(1, 1)")
    ) { try $0.insert(Items.Tagging(item: 1, keyword: 1, data: "again")) }
    #expect(items[Items.Tagging.self].count == 3)
  }

  @Test func `8: a student who does not exist can't be registered`() throws {
    let graph = try School.graph()
    let error = GraphError.missingReference(
      constraint: "fk_registrations_student_id_students", table: "registrations", key: "99")
    graph.expectRejection(error) { try $0.append(1, to: Student.classes, of: 99) }
    graph.expectRejection(error) { try $0.append(99, to: Class.students, of: 1) }
    graph.expectRejection(error) {
      try $0.load(Student.registrations, [(3, 1), (99, 1)], allOrNothing: true)
    }
  }

  @Test func `10: replacing a list by nothing takes the links and leaves the rows`() throws {
    var graph = try Labels.graph([(1, 1), (1, 2)])
    #expect(graph.join(Item.labels).count == 2)
    try graph.replace(Item.labels, of: 1, with: [])
    #expect(graph.join(Item.labels).count == 0)
    #expect(graph[Label.self].ids == [1, 2, 3])
  }

  @Test func `11: a list that is cleared and refilled changes by the difference`() throws {
    let before = try Labels.graph([(1, 1), (1, 2), (1, 3)])
    var graph = before
    try graph.replace(Item.labels, of: 1, with: [])
    try graph.append(1, to: Item.labels, of: 1)
    try graph.append(2, to: Item.labels, of: 1)
    #expect(graph[Item.self, 1].labels.ids == [1, 2])
    let change = Change(from: before, to: graph)
    #expect(change.removed(Item.itemLabels).map { [$0.source, $0.target] } == [[1, 3]])
    #expect(change.appended(Item.itemLabels).isEmpty)
  }

  @Test func `13: a link that is removed and made again is no change`() throws {
    let before = try Labels.graph([(1, 1)])
    var graph = before
    graph.remove(1, from: Item.labels, of: 1)
    try graph.append(1, to: Item.labels, of: 1)
    #expect(graph[Item.self, 1].labels.ids == [1])
    #expect(Change(from: before, to: graph).isEmpty)

    // An association object that comes back with other data is one that was updated.
    let tagged = try Items.graph()
    var retagged = tagged
    try retagged.delete(Items.Tagging.self, Pair(1, 1))
    try retagged.insert(Items.Tagging(item: 1, keyword: 1, data: "other"))
    let change = Change(from: tagged, to: retagged)
    #expect(
      change.updated(Items.Tagging.self).map { [$0.before.data, $0.after.data] }
        == [["blue_assoc", "other"]])
    #expect(change.inserted(Items.Tagging.self).isEmpty)
    #expect(change.deleted(Items.Tagging.self).isEmpty)
  }

  @Test func `14: a write reads its own links, and nobody else does before it ends`() throws {
    let store = GraphStore(try Labels.graph().schema)
    try store.write { graph in
      try graph.insert(Item(id: 1))
      try graph.insert(contentsOf: [Label(id: 1, name: "red"), Label(id: 2, name: "green")])
      try graph.append(1, to: Item.labels, of: 1)
    }
    let before = store.snapshot
    try store.write { graph in
      try graph.append(1, to: Label.items, of: 2)
      #expect(graph[Item.self, 1].labels.ids == [1, 2])
      #expect(before[Item.self, 1].labels.ids == [1])
      #expect(store.snapshot.join(Item.labels).count == 1)
    }
    #expect(store.snapshot.join(Item.labels).count == 2)
    #expect(before[Item.self, 1].labels.ids == [1])
  }

  @Test func `16: a link that went from one side can be removed from the other`() throws {
    var graph = try Labels.graph([(1, 1), (1, 2)])
    try graph.replace(Item.labels, of: 1, with: [])
    #expect(graph.remove(1, from: Label.items, of: 2) == false)
    #expect(graph[Label.self, 2].items.isEmpty)
  }

  @Test func `17: removing a link that isn't there does nothing`() throws {
    // Differs: SQLAlchemy raises, and its next commit fails.
    let store = GraphStore(try Labels.graph().schema)
    try store.write { graph in
      try graph.insert(Item(id: 1))
      try graph.insert(Label(id: 1, name: "red"))
    }
    let version = store.version
    try store.write { #expect($0.remove(1, from: Item.labels, of: 1) == false) }
    #expect(store.version == version)
    try store.write { try $0.append(1, to: Item.labels, of: 1) }
    #expect(store.snapshot[Item.self, 1].labels.ids == [1])
  }

  @Test func `19: a one-to-one link that moves leaves its first end without one`() throws {
    // A plain association table is many-to-many: one-to-one is an association object with both
    // columns unique.
    var graph = try Labels.graph()
    try graph.insert(Badge(item: 1, label: 1))
    graph.expectRejection(
      .duplicateKey(constraint: "uq_badges_label_id", table: "badges", key: "1")
    ) { try $0.insert(Badge(item: 2, label: 1)) }
    try graph.update(Badge.self, Pair(1, 1)) { $0.item = 2 }
    #expect(graph[Item.self, 1].badge.isEmpty)
    #expect(graph[Item.self, 2].badge.ids == [1])
  }

  @Test func `20: deleting rows one by one takes each one's own links`() throws {
    var graph = try Labels.graph([(1, 1), (2, 2)])
    try graph.delete(Item.self, 1)
    #expect(graph.join(Item.labels).count == 1)
    try graph.delete(Item.self, 2)
    #expect(graph.join(Item.labels).count == 0)
    #expect(graph[Label.self].ids == [1, 2, 3])
  }

  @Test func `22: a student who leaves takes the registrations, not the classes`() throws {
    var graph = try School.graph()
    try graph.delete(Student.self, 2)
    #expect(graph.join(Student.classes).count == 1)
    #expect(graph[Class.self].count == 3)
    #expect(graph[Student.self].count == 2)
  }

  @Test func `26: a list reads in its order after every change, ties by key`() throws {
    // Differs: a relationship has no order of its own, a query gives it. One that is always the
    // same is a property of the query: see `labelsByName`.
    var graph = try Labels.graph([(1, 1)])
    try graph.insert(contentsOf: [Label(id: 9, name: "blue"), Label(id: 5, name: "blue")])
    try graph.append(contentsOf: [9, 5, 3], to: Item.labels, of: 1)
    #expect(graph[Item.self, 1].labelsByName.ids == [3, 5, 9, 1])
    graph.remove(5, from: Item.labels, of: 1)
    #expect(graph[Item.self, 1].labelsByName.ids == [3, 9, 1])
    try graph.append(2, to: Item.labels, of: 1)
    #expect(graph[Item.self, 1].labelsByName.ids == [3, 9, 2, 1])
  }
}

@Suite struct `Links from a table to itself` {
  private typealias Node = GraphN.Node

  @Test func `23: a row that is deleted takes its links in both directions`() throws {
    var graph = try GraphN.graph()
    try graph.append(4, to: Node.children, of: 4)
    try graph.delete(Node.self, 3)
    #expect(GraphN.links(graph) == [[1, 2], [1, 4], [2, 6], [2, 7], [4, 4]])
  }

  @Test func `25: a link to oneself is kept where it is allowed`() throws {
    var graph = try GraphN.graph()
    #expect(try graph.append(4, to: Node.children, of: 4) == true)
    #expect(graph[Node.self, 4].children.ids == [4])
    #expect(graph[Node.self, 4].parents.ids == [1, 3, 4])
    graph.expectRejection(
      .failedCheck(constraint: "ck_blocks_no_self_links", table: "blocks", key: "4")
    ) { try $0.append(4, to: Node.blocked, of: 4) }
  }

  @Test func `28: two columns for one table are told apart by from and to`() throws {
    // Without names for the two ends it does not compile: DoesNotCompile/28.swift.
    let graph = try GraphN.graph()
    let links = try #require(graph.schema.table("links"))
    let foreignKeys = links.constraints.filter { $0.kind == .foreignKey }
    #expect(foreignKeys.map(\.columns) == [["parent_id"], ["child_id"]])
    #expect(foreignKeys.map(\.target) == ["nodes", "nodes"])
    #expect(graph[Node.self, 3].children.ids == [4, 5])
    #expect(graph[Node.self, 3].parents.ids == [1, 2])
  }

  @Test func `29: a relationship over a column that refers to nothing stops the program`() async {
    // An association table without one of its ends does not compile: DoesNotCompile/29.swift. That
    // a column has no `references:` shows when the relationship is used.
    await #expect(processExitsWith: .failure) {
      let wrong = Addresses.User.hasMany(\Addresses.Address.id)
      _ = try Addresses.graph()[Addresses.User.self, 8].hop(wrong).ids
    }
    await #expect(processExitsWith: .success) {
      let right = Addresses.User.hasMany(\Addresses.Address.user)
      _ = try Addresses.graph()[Addresses.User.self, 8].hop(right).ids
    }
  }

  @Test func `32: one pair in two association tables is two rows`() throws {
    var graph = try GraphN.graph()
    #expect(try graph.append(2, to: Node.blocked, of: 1) == true)
    #expect(graph.contains(2, in: Node.children, of: 1))
    #expect(graph.remove(2, from: Node.children, of: 1) == true)
    #expect(graph[Node.self, 1].blocked.ids == [2])
    #expect(graph[Node.self, 2].parents.isEmpty)
  }
}
