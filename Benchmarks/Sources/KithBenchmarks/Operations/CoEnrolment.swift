import Kith
import KithFixtures

/// Students who share most courses with a student, over an association table of two tables.
enum CoEnrolment {
  static let limit = 10

  static func plans(_ school: School) -> [Plan] {
    [
      Plan("co-enrolment", "uniform students", on: school.spec) { _ in try School.measure(school) }
    ]
  }
}

/// Students, courses, and who takes what; popular courses by a power law.
struct School {
  let students: Int
  let courses: Int
  let perStudent: Int

  var spec: GraphSpec {
    GraphSpec(
      name: "school \(students / 1000)k",
      recipe: """
        \(students) students, \(courses) courses, \(perStudent) courses each, \
        drawn by the power 4 of a fraction, seed 4
        """
    ) { Links(ids: [1], packed: []) }
  }

  /// Student and course of each enrolment, from zero, by student and then by course.
  var enrolments: [UInt64] {
    var random = SplitMix64(seed: 4)
    var drawn: [UInt64] = []
    for student in 0..<students {
      var taken: Set<Int> = []
      while taken.count < perStudent {
        let fraction = random.fraction()
        taken.insert(Int(Double(courses) * fraction * fraction * fraction * fraction))
      }
      drawn += taken.sorted().map { Links.pack(student, $0) }
    }
    return drawn
  }

  static func measure(_ school: School) throws -> Case {
    let enrolments = school.enrolments
    let graph = try school.graph(enrolments)
    let flat = FlatSchool(school, enrolments)
    let (courses, students) = dictionaries(enrolments)
    let database = try database(enrolments)
    var random = SplitMix64(seed: 5)
    let sources = (0..<32).map { _ in random.number(below: school.students) + 1 }
    let limit = CoEnrolment.limit
    return Case(
      calls: sources.count,
      sides: [
        .calls(.kith, over: sources) { student in
          Checksum.of(
            graph[Student.self, student].courses.students.excluding(student)
              .ranked().prefix(limit).map { Suggestion(id: $0.id, paths: $0.paths) })
        },
        .calls(.csr, over: sources) { Checksum.of(flat.sharing($0, limit: limit)) },
        .calls(.dictionary, over: sources) { student in
          var counts: [Int: Int] = [:]
          for course in courses[student] ?? [] {
            for other in students[course] ?? [] { counts[other, default: 0] += 1 }
          }
          counts[student] = nil
          let ranked = counts.map { Suggestion(id: $0.key, paths: $0.value) }
            .sorted(by: Suggestion.isBetter)
          return Checksum.of(Array(ranked.prefix(limit)))
        },
        .calls(.sqlite, over: sources) { student in
          var found: [Suggestion] = []
          try database.statement(sql).forEach(student, limit) {
            found.append(Suggestion(id: $0[0], paths: $0[1]))
          }
          return Checksum.of(found)
        },
      ], joinedEdges: sources.reduce(0) { $0 + flat.pathCount(from: $1) })
  }

  private func graph(_ enrolments: [UInt64]) throws -> Graph {
    let store = GraphStore(
      try Schema {
        Student.self
        Course.self
        Student.enrolments
      })
    try store.write { graph in
      try graph.insert(contentsOf: (1...students).lazy.map { Student(id: $0) })
      try graph.insert(contentsOf: (1...courses).lazy.map { Course(id: $0) })
      try graph.load(Student.enrolments, School.pairs(enrolments))
    }
    return store.snapshot
  }

  private static func pairs(_ enrolments: [UInt64]) -> some Sequence<(Int, Int)> {
    enrolments.lazy.map { (Int($0 >> 32) + 1, Int($0 & 0xffff_ffff) + 1) }
  }

  private static func dictionaries(
    _ enrolments: [UInt64]
  ) -> (courses: [Int: [Int]], students: [Int: [Int]]) {
    var courses: [Int: [Int]] = [:]
    var students: [Int: [Int]] = [:]
    for (student, course) in pairs(enrolments) {
      courses[student, default: []].append(course)
      students[course, default: []].append(student)
    }
    return (courses, students)
  }

  private static func database(_ enrolments: [UInt64]) throws -> SQLite {
    let database = try SQLite()
    try database.execute(
      """
      CREATE TABLE enrolments (student_id INTEGER NOT NULL, course_id INTEGER NOT NULL,
        PRIMARY KEY (student_id, course_id)) WITHOUT ROWID
      """)
    try database.transaction {
      let insert = try database.statement("INSERT INTO enrolments VALUES (?, ?)")
      for (student, course) in pairs(enrolments) { try insert.run(student, course) }
      try database.execute("CREATE INDEX by_course ON enrolments (course_id, student_id)")
    }
    try database.execute("ANALYZE")
    return database
  }

  private static let sql = """
    SELECT b.student_id, COUNT(*) AS shared
    FROM enrolments a JOIN enrolments b ON b.course_id = a.course_id
    WHERE a.student_id = ?1 AND b.student_id <> ?1
    GROUP BY b.student_id ORDER BY shared DESC, b.student_id LIMIT ?2
    """
}

/// The same as flat arrays in both directions.
private final class FlatSchool {
  let courses: FlatRuns
  let students: FlatRuns
  let counter: PathCounter
  let ids: [Int]
  let slots: [Int: UInt32]

  init(_ school: School, _ enrolments: [UInt64]) {
    courses = FlatRuns(count: school.students, packed: enrolments, isBackward: false)
    students = FlatRuns(count: school.courses, packed: enrolments, isBackward: true)
    counter = PathCounter(count: school.students)
    ids = Array(1...school.students)
    slots = Dictionary(uniqueKeysWithValues: zip(ids, UInt32(0)...))
  }

  deinit {
    courses.deallocate()
    students.deallocate()
  }

  func sharing(_ student: Int, limit: Int) -> [Suggestion] {
    guard let slot = slots[student] else { return [] }
    let end = counter.count(through: courses[slot], students)
    counter.counters[Int(slot)] = 0
    return counter.best(limit, of: end, ids)
  }

  func pathCount(from student: Int) -> Int {
    slots[student].map { courses[$0].reduce(0) { $0 + students.degree($1) } } ?? 0
  }
}

struct Student: Row {
  var id: Int

  static let table = Table("students", Self.init, Column("id", \.id))
  static let enrolments = Association(
    "enrolments", from: Student.self, "student_id", to: Course.self, "course_id")
  static let courses = hasMany(through: enrolments)
}

struct Course: Row {
  var id: Int

  static let table = Table("courses", Self.init, Column("id", \.id))
  static let students = hasMany(through: Student.enrolments.inverse)
}
