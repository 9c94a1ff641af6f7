import Foundation
import Kith
import Testing

@Suite struct `Changes of rows` {
  @Test func `insert under the next key, which is never one that was taken before`() throws {
    var graph = Graph(try Feed.schema())
    let first = try graph.insert { Feed.user($0) }
    #expect(first.id == 1)
    try graph.insert(Feed.user(41))
    #expect(try graph.insert { Feed.user($0) }.id == 42)
    try graph.delete(User.self, 42)
    #expect(try graph.insert { Feed.user($0) }.id == 43)
    try graph.update(User.self, 43) { $0.id = 50 }
    #expect(try graph.insert { Feed.user($0) }.id == 51)
    // What is refused takes no key.
    #expect(throws: GraphError.self) {
      try graph.insert { id in
        var user = Feed.user(id)
        user.handle = "user1"
        return user
      }
    }
    #expect(try graph.insert { Feed.user($0) }.id == 52)
    let before = graph
    try graph.insert { Feed.user($0) }
    graph = before
    #expect(try graph.insert { Feed.user($0) }.id == 53)
  }

  @Test func `count keys of all integer types, and say when there is none left`() throws {
    var graph = Graph(
      try Schema {
        Coin.self
        Medal.self
      })
    #expect(try graph.insert { Coin(id: $0) }.id == 1)
    try graph.insert(Coin(id: 254))
    #expect(try graph.insert { Coin(id: $0) }.id == 255)
    #expect(throws: GraphError.tableFull(table: "coins")) { try graph.insert { Coin(id: $0) } }
    try graph.insert(Medal(id: -7))
    #expect(try graph.insert { Medal(id: $0) }.id == Key(-6))
    try graph.insert(Medal(id: Key(.max)))
    #expect(throws: GraphError.tableFull(table: "medals")) { try graph.insert { Medal(id: $0) } }
    try graph.validate()
  }

  @Test func `refuse a next key where there is none, and a row with another`() throws {
    var graph = Graph(
      try Schema {
        User.self
        Label.self
      })
    #expect(throws: GraphError.schemaFaults(["labels has no next key: its keys are no integers"])) {
      try graph.insert { Label(id: $0) }
    }
    #expect(
      throws: GraphError.failedCheck(constraint: "pk_users", table: "users", key: "500")
    ) { try graph.insert { _ in Feed.user(500) } }
    #expect(graph[User.self].isEmpty && graph[Label.self].isEmpty)
    #expect(try graph.insert { Feed.user($0) }.id == 1)
  }

  @Test func `upsert a row: a new one at the end, a known one in its place`() throws {
    var graph = try Feed.graph(users: 3, follows: [(1, 2), (3, 1)])
    var ada = Feed.user(1)
    ada.handle = "ada"
    #expect(try graph.upsert(ada) == false)
    #expect(try graph.upsert(Feed.user(7)))
    #expect(graph[User.self].map(\.handle) == ["ada", "user2", "user3", "user7"])
    #expect(graph[User.self, 1].following.ids == [2])
    let before = graph
    ada.handle = "user2"
    #expect(
      throws: GraphError.duplicateKey(
        constraint: "uq_users_handle", table: "users", key: "\"user2\"")
    ) { try graph.upsert(ada) }
    #expect(Change(from: before, to: graph).isEmpty)
  }

  @Test func `exchange keys and unique values in one step`() throws {
    var graph = try Feed.graph(users: 4, follows: [(1, 3), (2, 4)])
    let handles = ["user2", "user1"]
    try graph.update(graph[User.self, [1, 2]]) { user in
      user.handle = handles[user.id - 1]
      user.id = 3 - user.id
    }
    #expect(graph[User.self].map(\.id) == [2, 1, 3, 4])
    #expect(graph[User.self].map(\.handle) == ["user2", "user1", "user3", "user4"])
    #expect(graph[User.follows].map { [$0.source, $0.target] } == [[2, 3], [1, 4]])
    let before = graph
    #expect(throws: GraphError.self) {
      try graph.update(graph[User.self, [1, 2]]) { $0.handle = "same" }
    }
    #expect(Change(from: before, to: graph).isEmpty)
    try graph.validate()
  }

  @Test func `exchange keys of which other keys are made`() throws {
    var graph = try School.graph()
    try graph.update(graph[Student.self, [1, 2]]) { $0.id = 3 - $0.id }
    #expect(
      graph[Enrolment.self].map { "\($0.student) \($0.course) \($0.grade ?? 0)" }
        == ["2 math 1", "1 math 0", "1 phys 3"])
    #expect(graph.find(Enrolment.self, Pair(2, "math"))?.grade == 1)
    try graph.validate()
  }

  @Test func `wait for a row until the end of the write, where the foreign key is deferred`() throws
  {
    let store = GraphStore(
      try Schema {
        Hen.self
        Egg.self
      })
    try store.write { graph in
      try graph.insert(Egg(id: 1, layer: 7))
      #expect(graph[Egg.self, 1].hens.isEmpty)
      try graph.insert(Hen(id: 7, egg: 1))
      #expect(graph[Egg.self, 1].hens.ids == [7])
    }
    let missing = GraphError.missingReference(
      constraint: "fk_eggs_layer_id_hens", table: "eggs", key: "7")
    #expect(throws: missing) {
      try store.write { graph in
        try graph.update(Hen.self, 7) { $0.egg = nil }
        try graph.delete(Hen.self, 7)
      }
    }
    #expect(store.snapshot[Egg.self, 1].hens.ids == [7])
    // Another row takes the key of the one that goes.
    try store.write { graph in
      try graph.delete(Hen.self, 7)
      #expect(throws: GraphError.damaged(["fk_eggs_layer_id_hens: 7 does not exist"])) {
        try graph.validate()
      }
      try graph.insert(Hen(id: 7, egg: nil))
    }
    #expect(store.snapshot[Hen.self, 7].laid.ids == [1])
    try store.snapshot.validate()
  }

  @Test func `refuse a taken key, and leave the graph as it was`() throws {
    var graph = try School.graph()
    let before = graph.statistics
    #expect(throws: GraphError.duplicateKey(constraint: "pk_students", table: "students", key: "1"))
    { try graph.insert(Student(id: 1, name: "zoe")) }
    #expect(
      throws: GraphError.duplicateKey(
        constraint: "pk_enrolments", table: "enrolments", key: "(1, \"math\")")
    ) { try graph.insert(Enrolment(student: 1, course: "math", grade: 5)) }
    #expect(
      throws: GraphError.duplicateKey(
        constraint: "uq_courses_name", table: "courses", key: "\"Physics\"")
    ) { try graph.insert(Course(id: "p2", name: "Physics", teacher: nil)) }
    #expect(graph.statistics == before)
    #expect(graph.find(Student.self, 1)?.name == "alice")
    #expect(graph.find(Course.self, "p2") == nil)
  }

  @Test func `refuse a foreign key to nothing and a failed check`() throws {
    var graph = try School.graph()
    #expect(
      throws: GraphError.missingReference(
        constraint: "fk_enrolments_course_id_courses", table: "enrolments", key: "\"art\"")
    ) { try graph.insert(Enrolment(student: 1, course: "art", grade: nil)) }
    #expect(
      throws: GraphError.failedCheck(
        constraint: "ck_students_not_empty", table: "students", key: "name = \"\"")
    ) { try graph.insert(Student(id: 4, name: "")) }
    #expect(graph[Student.self].count == 3)
    #expect(graph[Enrolment.self].count == 3)
  }

  @Test func `insert many rows or none`() throws {
    var graph = try School.graph()
    #expect(throws: GraphError.self) {
      try graph.insert(contentsOf: [
        Student(id: 7, name: "ann"), Student(id: 8, name: "ben"), Student(id: 7, name: "cid"),
      ])
    }
    #expect(graph[Student.self].ids == [1, 2, 3])
    #expect(graph.find(Student.self, 7) == nil)
  }

  @Test func `update a row, its unique values and its foreign keys`() throws {
    var graph = try School.graph()
    let moved = try graph.update(Course.self, "math") {
      $0.name = "Maths"
      $0.teacher = School.assistant
    }
    #expect(moved.name == "Maths")
    #expect(graph[Teacher.self, School.teacher].courses.isEmpty)
    #expect(graph[Teacher.self, School.assistant].courses.ids == ["math", "phys"])
    try graph.insert(Course(id: "m2", name: "Mathematics", teacher: nil))
    #expect(throws: GraphError.self) {
      try graph.update(Course.self, "m2") { $0.name = "Maths" }
    }
    #expect(graph.find(Course.self, "m2")?.name == "Mathematics")
    #expect(throws: GraphError.notFound(table: "courses", key: "\"none\"")) {
      try graph.update(Course.self, "none") { _ in }
    }
  }

  @Test func `carry links and foreign keys along with a new primary key`() throws {
    var graph = try School.graph()
    try graph.update(Student.self, 2) { $0.id = 20 }
    #expect(graph.find(Student.self, 2) == nil)
    #expect(graph.find(Enrolment.self, Pair(20, "phys"))?.grade == 3)
    #expect(graph.find(Enrolment.self, Pair(2, "phys")) == nil)
    #expect(graph[Student.self, 20].courses.ids == ["math", "phys"])
    #expect(graph[Course.self, "math"].students.ids == [1, 20])
    try graph.update(Course.self, "math") { $0.id = "algebra" }
    #expect(graph[Student.self, 20].enrolments.map(\.course) == ["algebra", "phys"])
    #expect(throws: GraphError.self) { try graph.update(Student.self, 20) { $0.id = 1 } }
    #expect(graph[Student.self].ids == [1, 20, 3])
  }

  @Test func `delete by the rules of those who refer to the row`() throws {
    var graph = try School.graph()
    #expect(
      throws: GraphError.restrictedDelete(
        constraint: "fk_enrolments_course_id_courses", table: "enrolments", key: "\"math\"")
    ) { try graph.delete(Course.self, "math") }
    #expect(graph[Course.self, "math"].students.count == 2)
    #expect(try graph.delete(Student.self, 2) == true)
    #expect(graph[Enrolment.self].ids == [Pair(1, "math")])
    #expect(try graph.delete(Course.self, "phys") == true)
    // The teacher's only report goes with the teacher; their courses stay without one.
    #expect(try graph.delete(Teacher.self, School.teacher) == true)
    #expect(graph[Teacher.self].isEmpty)
    #expect(graph[Course.self].map(\.teacher) == [nil, nil])
    #expect(try graph.delete(Student.self, 99) == false)
  }

  @Test func `end a cascade over a cycle`() throws {
    var graph = Graph(try School.schema())
    let ids = (0..<5).map { _ in UUID() }
    for id in ids { try graph.insert(Teacher(id: id, superior: nil)) }
    for (index, id) in ids.enumerated() {
      try graph.update(Teacher.self, id) { $0.superior = ids[(index + 1) % 5] }
    }
    #expect(graph[Teacher.self, ids[0]].reports.ids == [ids[4]])
    #expect(try graph.delete(Teacher.self, ids[2]) == true)
    #expect(graph[Teacher.self].isEmpty)
  }

  @Test func `delete the rows of a query, all or none`() throws {
    var graph = try School.graph()
    #expect(throws: GraphError.self) { try graph.delete(graph[Course.self]) }
    #expect(graph[Course.self].count == 3)
    #expect(try graph.delete(graph[Course.self].filter(\.id == "hist")) == 1)
    #expect(graph[Course.self].ids == ["math", "phys"])
    #expect(try graph.delete(graph[Student.self]) == 3)
    #expect(graph[Enrolment.self].isEmpty)
  }
}

@Suite struct `Changes of links` {
  @Test func `tell whether the link is new`() throws {
    var graph = try Feed.graph(users: 4, follows: [(1, 2)])
    let before = graph.statistics
    #expect(try graph.append(2, to: User.following, of: 1) == false)
    #expect(graph.remove(3, from: User.following, of: 1) == false)
    #expect(graph.remove(99, from: User.following, of: 1) == false)
    #expect(graph.statistics == before)
    #expect(try graph.append(1, to: User.followers, of: 3) == true)
    #expect(graph[User.self, 1].following.ids == [2, 3])
    #expect(graph.remove(1, from: User.followers, of: 2) == true)
    #expect(graph[User.self, 1].following.ids == [3])
    #expect(graph.contains(3, in: User.following, of: 1))
    #expect(graph.contains(1, in: User.followers, of: 3))
    #expect(!graph.contains(2, in: User.following, of: 1))
    #expect(!graph.contains(9, in: User.following, of: 1))
  }

  struct Place: Row {
    var id: Int
    static let table = Table("places", Self.init, Column("id", \.id))
    static let labels = hasMany(through: tags)
    static let tags = Association("tags", from: Place.self, "place", to: Label.self, "label")
  }
  struct Label: Row {
    var id: String
    static let table = Table("labels", Self.init, Column("id", \.id))
    static let places = hasMany(through: Place.tags.inverse)
  }

  @Test func `find rows by keys of two kinds, and name the one that is missing`() throws {
    var graph = Graph(
      try Schema {
        Place.self
        Label.self
        Place.tags
      })
    try graph.insert(Place(id: 1))
    try graph.insert(Label(id: "a"))
    #expect(try graph.append("a", to: Place.labels, of: 1) == true)
    #expect(try graph.append(1, to: Label.places, of: "a") == false)
    let noPlace = GraphError.missingReference(
      constraint: "fk_tags_place_places", table: "tags", key: "2")
    let noLabel = GraphError.missingReference(
      constraint: "fk_tags_label_labels", table: "tags", key: "\"b\"")
    #expect(throws: noPlace) { try graph.append("b", to: Place.labels, of: 2) }
    #expect(throws: noLabel) { try graph.append("b", to: Place.labels, of: 1) }
    #expect(throws: noLabel) { try graph.append(2, to: Label.places, of: "b") }
    #expect(throws: noPlace) { try graph.append(2, to: Label.places, of: "a") }
    #expect(throws: noPlace) { try graph.replace(Place.labels, of: 2, with: []) }
    #expect(throws: noLabel) { try graph.replace(Label.places, of: "b", with: []) }
    #expect(graph.remove(2, from: Label.places, of: "a") == false)
    #expect(graph.remove(1, from: Label.places, of: "a") == true)
    #expect(graph[Place.self, 1].labels.isEmpty)
  }

  @Test func `refuse a link that the schema does not list`() throws {
    var graph = Graph(
      try Schema {
        Place.self
        Label.self
      })
    let error = #expect(throws: GraphError.self) {
      try graph.append("a", to: Place.labels, of: 1)
    }
    guard case .schemaFaults(let faults) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(faults.count == 1 && faults.first?.hasPrefix("tags is not in this store's") == true)
  }

  @Test func `refuse an end that does not exist, and a link to oneself`() throws {
    var graph = try Feed.graph(users: 2, follows: [])
    #expect(
      throws: GraphError.missingReference(
        constraint: "fk_follows_followed_id_users", table: "follows", key: "9")
    ) { try graph.append(9, to: User.following, of: 1) }
    #expect(
      throws: GraphError.missingReference(
        constraint: "fk_follows_follower_id_users", table: "follows", key: "9")
    ) { try graph.append(9, to: User.followers, of: 1) }
    #expect(
      throws: GraphError.failedCheck(
        constraint: "ck_follows_no_self_links", table: "follows", key: "2")
    ) { try graph.append(2, to: User.following, of: 2) }
    #expect(throws: GraphError.self) {
      try graph.append(contentsOf: [1, 9], to: User.following, of: 2)
    }
    #expect(graph.statistics["follows"]?.count == 0)
  }

  @Test func `append and replace many at once`() throws {
    var graph = try Feed.graph(users: 5, follows: [(1, 2), (1, 3)])
    #expect(try graph.append(contentsOf: [3, 4, 4], to: User.following, of: 1) == 1)
    try graph.replace(User.following, of: 1, with: [5, 3])
    #expect(graph[User.self, 1].following.ids == [3, 5])
    #expect(graph[User.self, 2].followers.isEmpty)
    #expect(throws: GraphError.self) { try graph.replace(User.following, of: 1, with: [2, 9]) }
    #expect(graph[User.self, 1].following.ids == [3, 5])
    try graph.replace(User.followers, of: 5, with: [])
    #expect(graph[User.self, 1].following.ids == [3])
  }

  @Test func `go with either end`() throws {
    var graph = try Feed.graph(users: 4, follows: [(1, 2), (2, 3), (3, 2), (4, 1)])
    #expect(try graph.delete(User.self, 2) == true)
    #expect(graph.statistics["follows"]?.count == 1)
    #expect(graph[User.self, 1].following.isEmpty)
    #expect(graph[User.self, 3].following.isEmpty && graph[User.self, 3].followers.isEmpty)
    // A key that is used again starts without links.
    try graph.insert(Feed.user(2))
    #expect(graph[User.self, 2].followers.isEmpty)
  }

  @Test func `are loaded in bulk, with a report of what was left out`() throws {
    var graph = try Feed.graph(users: 3, follows: [(1, 2)])
    let report = try graph.load(User.follows, [(1, 2), (2, 3), (2, 3), (3, 3), (1, 9), (8, 1)])
    #expect(report.inserted == 1)
    #expect(report.duplicates == 2)
    #expect(report.selfLinks == 1)
    #expect(report.refusedCount == 2)
    #expect(
      report.refused == [
        .missingReference(constraint: "fk_follows_followed_id_users", table: "follows", key: "9"),
        .missingReference(constraint: "fk_follows_follower_id_users", table: "follows", key: "8"),
      ])
    #expect(throws: GraphError.self) {
      try graph.load(User.follows, [(3, 1), (1, 9)], allOrNothing: true)
    }
    #expect(graph.statistics["follows"]?.count == 2)
    // Seen from the other side, the first of each pair is the one who is followed.
    #expect(try graph.load(User.follows.inverse, [(1, 3)]).inserted == 1)
    #expect(graph[User.self, 3].following.ids == [1])
  }
}

private struct Label: Row {
  var id: String
  static let table = Table("labels", Self.init, Column("id", \.id))
}

private struct Coin: Row {
  var id: UInt8
  static let table = Table("coins", Self.init, Column("id", \.id))
}

private struct Medal: Row {
  var id: Key<Medal, Int>
  static let table = Table("medals", Self.init, Column("id", \.id))
}

private struct Hen: Row {
  var id: Int
  var egg: Int?
  static let table = Table(
    "hens", Self.init, Column("id", \.id), Column("egg_id", \.egg, references: Egg.self))
  static let laid = hasMany(\Egg.layer)
}

private struct Egg: Row {
  var id: Int
  var layer: Int
  static let table = Table(
    "eggs", Self.init, Column("id", \.id),
    Column("layer_id", \.layer, references: Hen.self, deferred: true))
  static let hens = belongsTo(Hen.self, \.layer)
}
