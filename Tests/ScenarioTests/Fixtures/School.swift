import Kith

/// Students and the classes that they are registered for.
enum School {
  struct Student: Row {
    var id: Int
    var name: String

    static let table = Table(
      "students", Self.init, Column("id", \.id), Column("name", \.name))
    static let registrations = Association(
      "registrations", from: Student.self, "student_id", to: Class.self, "class_id")
    static let classes = hasMany(through: registrations)
  }

  struct Class: Row {
    var id: Int
    var name: String

    static let table = Table(
      "classes", Self.init, Column("id", \.id), Column("name", \.name))
    static let students = hasMany(through: Student.registrations.inverse)
  }

  /// alice–math, bob–math, bob–physics; carol takes nothing, and nobody takes history.
  static func graph() throws -> Graph {
    var graph = Graph(
      try Schema {
        Student.self
        Class.self
        Student.registrations
      })
    try graph.insert(contentsOf: [
      Student(id: 1, name: "alice"), Student(id: 2, name: "bob"), Student(id: 3, name: "carol"),
    ])
    try graph.insert(contentsOf: [
      Class(id: 1, name: "math"), Class(id: 2, name: "physics"), Class(id: 3, name: "history"),
    ])
    try graph.load(Student.registrations, [(1, 1), (2, 1), (2, 2)], allOrNothing: true)
    return graph
  }
}
