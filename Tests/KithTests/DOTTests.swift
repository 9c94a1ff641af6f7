import Kith
import Testing

@Suite struct `DOT drawing` {
  @Test func `shows a neighbourhood and the links within it`() throws {
    // 1 → 2 → 3, 1 → 3, 3 → 4
    let graph = try Feed.graph(users: 4, follows: [(1, 2), (2, 3), (1, 3), (3, 4)])
    let one = graph[User.self, 1]
    #expect(
      one.following.union(one).dot(through: User.following) == """
        digraph "users" {
          "1";
          "2";
          "3";
          "1" -> "2";
          "1" -> "3";
          "2" -> "3";
        }

        """)
  }

  @Test func `comes in the order of the query`() throws {
    let graph = try Feed.graph(users: 3, follows: [(1, 2), (1, 3), (3, 1)])
    #expect(
      graph[User.self].sorted(by: \.id, .descending).dot(through: User.followers) == """
        digraph "users" {
          "3";
          "2";
          "1";
          "3" -> "1";
          "2" -> "1";
          "1" -> "3";
        }

        """)
  }

  @Test func `is labelled with anything, and named by any key`() throws {
    var graph = Graph(try School.schema())
    try graph.insert(Course(id: "a\"\\\n\r\n\"\u{301}", name: "민지", teacher: nil))
    #expect(
      graph[Course.self].dot(through: Course.students.courses) { "\\N \($0.name)\0" } == #"""
        digraph "courses" {
          "a\"\\\n\n\"\#u{301}" [label="\\N 민지\#u{FFFD}"];
        }

        """#)
  }

  @Test func `is drawn through any relationship that leads back`() throws {
    let graph = try School.graph()
    #expect(
      graph[Course.self].dot(through: Course.students.courses) == """
        digraph "courses" {
          "math";
          "phys";
          "hist";
          "math" -> "math";
          "math" -> "phys";
          "phys" -> "math";
          "phys" -> "phys";
        }

        """)
    #expect(
      graph[Enrolment.self].filter { $0.student == 1 }.dot(through: Enrolment.peers) == #"""
        digraph "enrolments" {
          "(1, \"math\")";
          "(1, \"math\")" -> "(1, \"math\")";
        }

        """#)
  }

  @Test func `is empty without rows`() throws {
    let graph = try Feed.graph(users: 0, follows: [])
    #expect(graph[User.self].dot(through: User.following) == "digraph \"users\" {\n}\n")
  }
}

extension Enrolment {
  fileprivate static let owner = belongsTo(Student.self, \.student)
  fileprivate static let peers = owner.enrolments
}
