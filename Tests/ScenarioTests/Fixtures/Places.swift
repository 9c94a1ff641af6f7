import Kith

/// Places that lead to each other, and transitions with places as inputs and outputs.
enum Places {
  struct Place: Row {
    var id: Int

    static let table = Table("places", Self.init, Column("id", \.id))
    static let ways = Association(
      "ways", from: Place.self, "parent_id", to: Place.self, "child_id")
    static let children = hasMany(through: ways)
    static let parents = hasMany(through: ways.inverse)
    static let inputOf = hasMany(through: Transition.inputLinks.inverse)
    static let outputOf = hasMany(through: Transition.outputLinks.inverse)
  }

  struct Transition: Row {
    var id: Int

    static let table = Table("transitions", Self.init, Column("id", \.id))
    static let inputLinks = Association(
      "inputs", from: Transition.self, "transition_id", to: Place.self, "place_id")
    static let outputLinks = Association(
      "outputs", from: Transition.self, "transition_id", to: Place.self, "place_id")
    static let inputs = hasMany(through: inputLinks)
    static let outputs = hasMany(through: outputLinks)
  }

  static func schema() throws -> Schema {
    try Schema {
      Place.self
      Transition.self
      Place.ways
      Transition.inputLinks
      Transition.outputLinks
    }
  }

  /// Places 1…7, transitions 1 and 2, and no links.
  static func graph() throws -> Graph {
    var graph = Graph(try schema())
    try graph.insert(contentsOf: (1...7).map { Place(id: $0) })
    try graph.insert(contentsOf: (1...2).map { Transition(id: $0) })
    return graph
  }
}
