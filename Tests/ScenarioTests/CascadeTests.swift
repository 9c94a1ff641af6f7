import Kith
import Testing

@Suite struct `Ownership` {
  // Kith has no delete-orphan: who can't be without an owner has a foreign key that may not be
  // empty, with `.cascade`, and to let it go is to delete it.
  private typealias Owner = Owners.Owner
  private typealias Pet = Owners.Pet
  private typealias Toy = Owners.Toy
  private typealias Licence = Owners.Licence
  private typealias Bill = Owners.Bill

  @Test func `34: a child with a single parent gets no second one`() throws {
    // Differs: a single parent is a unique foreign key column.
    var graph = try Owners.graph()
    try graph.insert(Licence(owner: 1, pet: 1))
    graph.expectRejection(
      .duplicateKey(constraint: "uq_licences_pet_id", table: "licences", key: "1")
    ) { try $0.insert(Licence(owner: 2, pet: 1)) }
    try graph.insert(Licence(owner: 1, pet: 2))
    #expect(graph[Owner.self, 1].licensed.ids == [1, 2])
  }

  @Test func `35: a child with a single parent moves by its own foreign key`() throws {
    var graph = try Owners.graph()
    try graph.insert(Licence(owner: 1, pet: 1))
    try graph.update(Licence.self, Pair(1, 1)) { $0.owner = 2 }
    #expect(graph[Owner.self, 1].licensed.isEmpty)
    #expect(graph[Owner.self, 2].licensed.ids == [1])
    try graph.validate()
  }

  @Test func `37: a child that is let go takes its own children along`() throws {
    // Differs: letting go of a child means deleting it.
    var graph = try Owners.graph()
    try graph.delete(graph[Owner.self, 1].pets)
    #expect(graph[Owner.self].ids == [1, 2])
    #expect(graph[Pet.self].ids == [2])
    #expect(graph[Toy.self].isEmpty)
  }

  @Test func `38: a full cascade leaves no child and no link`() throws {
    // Differs: rows go by the foreign keys that they have; across an association table only the
    // link goes.
    var graph = try Owners.graph()
    try graph.delete(Owner.self, 2)
    try graph.append(1, to: Owner.favourite, of: 1)
    try graph.delete(Owner.self, 1)
    #expect(graph[Owner.self].isEmpty)
    #expect(graph[Pet.self].isEmpty)
    #expect(graph[Toy.self].isEmpty)
    #expect(graph.join(Owner.favourite).count == 0)
  }

  @Test func `40: the rule says whether children stay without an owner or go`() throws {
    var graph = try Addresses.graphWithSix()
    try graph.delete(Addresses.User.self, 20)
    let addresses = graph[Addresses.Address.self, 11...16]
    #expect(addresses.count == 6)
    #expect(addresses.allSatisfy { $0.user == nil })

    var cascading = try Owners.graph()
    try cascading.insert(Owner(id: 3))
    try cascading.insert(contentsOf: (11...16).map { Pet(id: $0, owner: 3) })
    try cascading.delete(Owner.self, 3)
    #expect(cascading[Pet.self].ids == [1, 2])
  }

  @Test func `41: a parent is not deleted while children restrict it`() throws {
    var graph = try Owners.graph()
    try graph.insert(contentsOf: (1...4).map { Bill(id: $0, owner: 1) })
    graph.expectRejection(
      .restrictedDelete(constraint: "fk_bills_owner_id_owners", table: "bills", key: "1")
    ) { try $0.delete(Owner.self, 1) }
    let bills = graph.statistics["bills"]
    #expect(try graph.delete(Owner.self, 2) == true)
    #expect(graph.statistics["bills"] == bills)
    #expect(graph[Owner.self].ids == [1])
  }

  @Test func `43: a foreign key without a rule restricts`() throws {
    // Differs: a rule need not be stated. The default refuses to delete, however many children
    // there are, and the schema shows it.
    var graph = try Owners.graph()
    let foreignKey = graph.schema.table("bills")?.constraints.first { $0.kind == .foreignKey }
    #expect(foreignKey?.onDelete == .restrict)
    try graph.insert(contentsOf: (1...1000).map { Bill(id: $0, owner: 1) })
    graph.expectRejection(
      .restrictedDelete(constraint: "fk_bills_owner_id_owners", table: "bills", key: "1")
    ) { try $0.delete(Owner.self, 1) }
  }

  @Test func `44: a child that moves to another parent stays`() throws {
    let store = GraphStore(try Owners.graph().schema)
    try store.write { graph in
      try graph.insert(contentsOf: [Owner(id: 1), Owner(id: 2)])
      try graph.insert(Pet(id: 1, owner: 1))
    }
    try store.write { graph in
      try graph.update(Pet.self, 1) { $0.owner = 2 }
      try graph.delete(Owner.self, 1)
    }
    #expect(store.snapshot[Owner.self, 2].pets.ids == [1])
  }

  @Test func `46: an owner whose list is emptied lets the children go`() throws {
    var graph = try Addresses.graph()
    try graph.update(graph[Addresses.User.self, 8].addresses) { $0.user = nil }
    #expect(graph[Addresses.User.self, 8].addresses.isEmpty)
    #expect(graph[Addresses.Address.self].map(\.user) == [7, nil, nil, nil, 9])
  }

  @Test func `53: a child of two owners goes with whichever lets it go first`() throws {
    let graph = try Owners.graph()
    var withoutBuyer = graph
    try withoutBuyer.delete(Owner.self, 2)
    #expect(withoutBuyer[Toy.self].ids == [1])
    #expect(withoutBuyer[Pet.self].ids == [1])
    var withoutPet = graph
    try withoutPet.delete(Pet.self, 1)
    #expect(withoutPet[Toy.self].isEmpty)
    #expect(withoutPet[Owner.self].ids == [1, 2])
  }
}

@Suite struct `Keys that change` {
  private typealias Edition = Editions.Edition

  private struct Rollback: Error {}

  @Test func `47: a natural key that is renamed keeps its links`() throws {
    var graph = try NaturalKeys.graph()
    try graph.update(NaturalKeys.User.self, "fred") { $0.id = "ed" }
    #expect(graph[NaturalKeys.Item.self, 2].users.sorted(by: \.id).ids == ["ed", "jack"])
    #expect(graph[NaturalKeys.User.self, "ed"].items.ids == [2])
    #expect(graph.find(NaturalKeys.User.self, "fred") == nil)
    #expect(graph.find(NaturalKeys.Address.self, 1)?.user == "ed")
    try graph.validate()
  }

  @Test func `49: two rows exchange their composite keys, and exchange them back`() throws {
    let store = try Editions.store()
    #expect(Editions.titles(store.snapshot) == ["first", "second"])
    try store.write { graph in
      try graph.update(graph[Edition.self]) { $0.status = $0.status.other }
    }
    #expect(Editions.titles(store.snapshot) == ["second", "first"])
    try store.write { graph in
      try graph.update(graph[Edition.self]) { $0.status = $0.status.other }
    }
    #expect(Editions.titles(store.snapshot) == ["first", "second"])
    try store.snapshot.validate()
  }

  @Test func `50: an exchange inside a savepoint goes with the write around it`() throws {
    let store = try Editions.store()
    #expect(throws: Rollback.self) {
      try store.write { graph in
        // A savepoint is a copy of the graph; to keep what was done since is to drop the copy.
        let savepoint = graph
        try graph.update(graph[Edition.self]) { $0.status = $0.status.other }
        #expect(Editions.titles(graph) == ["second", "first"])
        #expect(Editions.titles(savepoint) == ["first", "second"])
        throw Rollback()
      }
    }
    #expect(Editions.titles(store.snapshot) == ["first", "second"])
    #expect(store.version == 1)
  }

  @Test func `52: a parent whose children have all moved can go in the same write`() throws {
    // Differs: a foreign key refers to a primary key, never to another unique column.
    let store = try Families.store()
    try store.write { graph in
      try graph.update(graph[Families.Parent.self, Families.first].children) {
        $0.parent = Families.second
      }
      try graph.delete(Families.Parent.self, Families.first)
    }
    let graph = store.snapshot
    #expect(graph[Families.Parent.self].ids == [Families.second])
    #expect(graph[Families.Parent.self, Families.second].children.ids == [1, 2, 3])
  }
}
