import KithCore
import Testing

@Suite struct `Rows in the making` {
  struct Person: Sendable, Equatable {
    var id: Int
    var isNew: Bool
    var name: String
    var age: Int8?
  }

  /// Looks like a row of two columns, and has a third that is none.
  struct Secretive: Sendable {
    var first: Bool
    private var hidden = true
    var last: Int
    init() { (first, last) = (true, 1) }
  }

  /// Says that it holds something else than it does.
  struct Liar: Sendable, CustomReflectable {
    var id = 1
    var customMirror: Mirror { Mirror(self, children: ["id": 1]) }
  }

  struct Inner: Sendable {
    var small: Int8 = 1
    var large = 2
  }

  struct Nested: Sendable {
    var inner = Inner()
    var other = 3
  }

  static let places: [FieldPlace?] = [
    FieldPlace(Field(\Person.id)), FieldPlace(Field(\Person.isNew)),
    FieldPlace(Field(\Person.name)), FieldPlace(Field(\Person.age)),
  ]
  static let person = Person(id: 1, isNew: true, name: "Ada", age: nil)

  @Test func `are the rows whose columns were written`() throws {
    let layout = try #require(RowLayout(of: Self.person, Self.places))
    let people = (0..<150).map { number in
      Person(
        id: number, isNew: number % 3 == 0,
        name: String(repeating: "name ", count: number % 9) + "\(number)",
        age: number % 7 == 0 ? nil : Int8(number % 100))
    }
    let parts = [people[0..<96], people[96..<150]].map { people in
      let rows = RowsInMaking(count: people.count, layout)
      write(people, to: rows, \.name, 2)
      write(people, to: rows, \.id, 0)
      write(people, to: rows, \.age, 3)
      write(people, to: rows, \.isNew, 1)
      return rows
    }
    let pages = RowPages<Person>(parts)
    #expect((0..<150).map { pages[$0] } == people)
    #expect(pages[150] == nil)
  }

  @Test func `leave nothing behind when they are not finished`() throws {
    struct Stop: Error {}
    final class Counted: Sendable {}
    struct Owner: Sendable { var thing: Counted }
    let thing = Counted()
    weak var watched: Counted?
    do {
      let other = Counted()
      watched = other
      let layout = try #require(
        RowLayout(of: Owner(thing: thing), [FieldPlace(Field(\Owner.thing))]))
      let rows = RowsInMaking(count: 100, layout)
      var count = 0
      #expect(throws: Stop.self) {
        try rows.write(0) { () throws(Stop) -> Counted in
          count += 1
          if count == 70 { throw Stop() }
          return other
        }
      }
    }
    #expect(watched == nil)
  }

  @Test func `are made only of what is all that a row holds`() {
    #expect(RowLayout(of: Self.person, Self.places) != nil)
    #expect(RowLayout(of: Self.person, Array(Self.places.reversed())) != nil)
    #expect(RowLayout(of: Self.person, Array(Self.places.dropLast())) == nil)
    #expect(RowLayout(of: Self.person, Self.places.dropLast() + [Self.places[0]]) == nil)
    #expect(RowLayout(of: Self.person, Self.places.dropLast() + [nil]) == nil)
    let secretive = [
      FieldPlace(Field(\Secretive.first)), FieldPlace(Field(\Secretive.last)),
    ]
    #expect(RowLayout(of: Secretive(), secretive) == nil)
    #expect(RowLayout(of: Liar(), [FieldPlace(Field(\Liar.id))]) == nil)
    #expect(
      RowLayout(
        of: Nested(), [FieldPlace(Field(\Nested.inner)), FieldPlace(Field(\Nested.other))]) != nil)
    #expect(
      RowLayout(
        of: Nested(), [FieldPlace(Field(\Nested.inner)), FieldPlace(Field(\Nested.inner.large))])
        == nil)
  }

  private func write<Value>(
    _ people: ArraySlice<Person>, to rows: RowsInMaking, _ property: KeyPath<Person, Value>,
    _ column: Int
  ) {
    var people = people.makeIterator()
    rows.write(column) { () -> Value in
      guard let person = people.next() else { preconditionFailure("there are as many people") }
      return person[keyPath: property]
    }
  }
}
