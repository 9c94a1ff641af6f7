import Kith

// A school: students take courses, as association objects with a grade; teachers have one superior each, or none.

struct Student: Row {
  var id: Int
  var name: String

  static let table = Table(
    "students", Self.init,
    Column("id", \.id),
    Column("name", \.name).check("not_empty") { !$0.isEmpty })

  static let enrolments = hasMany(\Enrolment.student)
  static let courses = hasMany(Course.self, through: \Enrolment.student, \.course)
}

struct Course: Row {
  var id: String
  var name: String
  var teacher: Teacher.ID?

  static let table = Table(
    "courses", Self.init,
    Column("id", \.id),
    Column("name", \.name).unique(),
    Column("teacher_id", \.teacher, references: Teacher.self, onDelete: .setNull))

  static let students = Student.courses.inverse
  static let teachers = belongsTo(Teacher.self, \.teacher)
}

struct Enrolment: Row {
  var student: Student.ID
  var course: Course.ID
  var grade: Int?
  var id: Pair<Student.ID, Course.ID> { Pair(student, course) }

  static let table = Table(
    "enrolments", Self.init,
    Column("student_id", \.student, references: Student.self, onDelete: .cascade),
    Column("course_id", \.course, references: Course.self, onDelete: .restrict),
    Column("grade", \.grade)
  )
  .primaryKey(\.student, \.course)
}

struct Teacher: Row {
  var id: UUID
  var superior: UUID?

  static let table = Table(
    "teachers", Self.init,
    Column("id", \.id),
    Column("superior_id", \.superior, references: Teacher.self, onDelete: .cascade))

  static let reports = hasMany(\Teacher.superior)
  static let courses = hasMany(\Course.teacher)
}

enum School {
  static func schema() throws -> Schema {
    try Schema {
      Student.self
      Course.self
      Enrolment.self
      Teacher.self
    }
  }

  static let teacher = UUID(uuid: (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
  static let assistant = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2))

  /// alice–math, bob–math, bob–physics; carol takes nothing, and nobody takes history.
  static func graph() throws -> Graph {
    var graph = Graph(try schema())
    try graph.insert(contentsOf: [
      Student(id: 1, name: "alice"), Student(id: 2, name: "bob"), Student(id: 3, name: "carol"),
    ])
    try graph.insert(Teacher(id: teacher, superior: nil))
    try graph.insert(Teacher(id: assistant, superior: teacher))
    try graph.insert(contentsOf: [
      Course(id: "math", name: "Mathematics", teacher: teacher),
      Course(id: "phys", name: "Physics", teacher: assistant),
      Course(id: "hist", name: "History", teacher: nil),
    ])
    try graph.insert(contentsOf: [
      Enrolment(student: 1, course: "math", grade: 1),
      Enrolment(student: 2, course: "math", grade: nil),
      Enrolment(student: 2, course: "phys", grade: 3),
    ])
    return graph
  }
}
