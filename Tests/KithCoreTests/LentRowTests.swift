import KithCore
import Testing

@Suite struct `A row that is lent` {
  private struct Person {
    var id: Int
    var name: String
    var nickname: String?
    var shout: String { name + "!" }
  }

  @Test func `shows its properties, stored and computed`() {
    let person = Person(id: 7, name: "a name that is too long for a small one", nickname: nil)
    let texts = [Field(\Person.name), Field(\Person.shout)]
    LentRow.lend(person) { row in
      #expect(Field(\Person.id).value(in: row) == 7)
      #expect(Field(\Person.nickname).value(in: row) == nil)
      #expect(texts.map { $0.value(in: row) } == [person.name, person.name + "!"])
    }
  }
}
