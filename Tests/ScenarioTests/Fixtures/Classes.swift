import Kith

/// Students who take courses: alice and bob share mathematics, carol takes nothing.
enum Classes {
  struct Student: Row {
    var id: Int
    var name: String

    static let table = Table("students", Self.init, Column("id", \.id), Column("name", \.name))

    static let enrolments = hasMany(\Enrolment.student)
    static let courses = hasMany(Course.self, through: \Enrolment.student, \.course)
  }

  struct Course: Row {
    var id: Int
    var name: String

    static let table = Table("courses", Self.init, Column("id", \.id), Column("name", \.name))

    static let students = Student.courses.inverse
  }

  struct Enrolment: Row {
    var student: Student.ID
    var course: Course.ID
    var id: Pair<Student.ID, Course.ID> { Pair(student, course) }

    static let table = Table(
      "enrolments", Self.init,
      Column("student_id", \.student, references: Student.self, onDelete: .cascade),
      Column("course_id", \.course, references: Course.self, onDelete: .cascade)
    )
    .primaryKey(\.student, \.course)
  }

  /// Students 1, 2, … and courses 1, 2, …, named in order.
  static func graph(
    students: [String] = ["alice", "bob", "carol"],
    courses: [String] = ["math", "physics", "history"],
    enrolments: [(Int, Int)] = [(1, 1), (2, 1), (2, 2)]
  ) throws -> Graph {
    let schema = try Schema {
      Student.self
      Course.self
      Enrolment.self
    }
    var graph = Graph(schema)
    try graph.insert(contentsOf: students.enumerated().map { Student(id: $0 + 1, name: $1) })
    try graph.insert(contentsOf: courses.enumerated().map { Course(id: $0 + 1, name: $1) })
    try graph.insert(contentsOf: enrolments.map { Enrolment(student: $0, course: $1) })
    return graph
  }
}
