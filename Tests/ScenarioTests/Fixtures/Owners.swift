import Kith

/// What owners own, in all the ways in which a row can depend on another.
enum Owners {
  struct Owner: Row {
    var id: Int

    static let table = Table("owners", Self.init, Column("id", \.id))
    static let favourites = Association(
      "favourites", from: Owner.self, "owner_id", to: Pet.self, "pet_id")
    static let favourite = hasMany(through: favourites)
    static let pets = hasMany(\Pet.owner)
    static let bills = hasMany(\Bill.owner)
    static let licensed = hasMany(Pet.self, through: \Licence.owner, \.pet)
  }

  /// Owned: without its owner a pet is not kept.
  struct Pet: Row {
    var id: Int
    var owner: Owner.ID

    static let table = Table(
      "pets", Self.init,
      Column("id", \.id),
      Column("owner_id", \.owner, references: Owner.self, onDelete: .cascade))
    static let toys = hasMany(\Toy.pet)
  }

  /// Owned twice: by the pet and by who bought it.
  struct Toy: Row {
    var id: Int
    var pet: Pet.ID
    var buyer: Owner.ID

    static let table = Table(
      "toys", Self.init,
      Column("id", \.id),
      Column("pet_id", \.pet, references: Pet.self, onDelete: .cascade),
      Column("buyer_id", \.buyer, references: Owner.self, onDelete: .cascade))
  }

  /// A link that a pet has once: a single parent.
  struct Licence: Row {
    var owner: Owner.ID
    var pet: Pet.ID
    var id: Pair<Owner.ID, Pet.ID> { Pair(owner, pet) }

    static let table = Table(
      "licences", Self.init,
      Column("owner_id", \.owner, references: Owner.self, onDelete: .cascade),
      Column("pet_id", \.pet, references: Pet.self, onDelete: .cascade).unique()
    )
    .primaryKey(\.owner, \.pet)
  }

  /// Keeps its owner from being deleted: no rule is stated.
  struct Bill: Row {
    var id: Int
    var owner: Owner.ID

    static let table = Table(
      "bills", Self.init,
      Column("id", \.id),
      Column("owner_id", \.owner, references: Owner.self))
  }

  /// Owner 1 has pet 1, owner 2 has pet 2. Pet 1 has a toy of its owner's and one of owner 2's.
  static func graph() throws -> Graph {
    var graph = Graph(
      try Schema {
        Owner.self
        Pet.self
        Toy.self
        Licence.self
        Bill.self
        Owner.favourites
      })
    try graph.insert(contentsOf: [Owner(id: 1), Owner(id: 2)])
    try graph.insert(contentsOf: [Pet(id: 1, owner: 1), Pet(id: 2, owner: 2)])
    try graph.insert(contentsOf: [Toy(id: 1, pet: 1, buyer: 1), Toy(id: 2, pet: 1, buyer: 2)])
    return graph
  }
}
