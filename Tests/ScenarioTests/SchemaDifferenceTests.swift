import Kith
import Testing

@Suite struct `The difference of two schemas` {
  private static func table(
    _ name: String, _ columns: Schema.Column..., constraints: [Schema.Constraint] = [],
    indexes: [Schema.Constraint] = []
  ) -> Schema.Table {
    Schema.Table(
      name, columns: columns,
      constraints: [.primaryKey("pk_\(name)", columns[0].name)] + constraints,
      indexes: indexes)
  }

  private static let id = Schema.Column.column("id", .integer)

  /// What differs, in words.
  private static func words(
    _ old: [Schema.Table], _ new: [Schema.Table],
    where isCompared: (String, String?) -> Bool = { _, _ in true }
  ) -> [String] {
    Schema.Difference(from: old, to: new, where: isCompared).operations.map(\.description)
  }

  // Differs: Kith has no precision of numbers; the longest length of a text stands for it.

  @Test func `149: everything at once comes in an order that works`() {
    let old = [
      Self.table("address", Self.id, .column("email", .text)),
      Self.table("order", Self.id, .column("amount", .text, maxLength: 8)),
      Self.table(
        "user", Self.id, .column("name", .text, isNullable: true),
        .column("a1", .text, isNullable: true), .column("pw", .text, isNullable: true),
        indexes: [.index("pw_idx", "pw")]),
      Self.table(
        "extra", .column("x", .integer), .column("uid", .integer),
        constraints: [.foreignKey("fk_extra", "uid", references: "user")]),
    ]
    let new = [
      Self.table(
        "address", Self.id, .column("email", .text), .column("street", .text, isNullable: true),
        constraints: [.unique("uq_email", "email")]),
      Self.table(
        "order", Self.id, .column("amount", .text, maxLength: 10),
        .column("user_id", .integer, isNullable: true),
        constraints: [.foreignKey("fk_order_user_id_user", "user_id", references: "user")]),
      Self.table(
        "user", Self.id, .column("name", .text),
        .column("a1", .text, isNullable: true, default: "x")),
      Self.table(
        "item", Self.id, .column("order_id", .integer),
        constraints: [.foreignKey("fk_item", "order_id", references: "order")]),
    ]
    #expect(
      Self.words(old, new) == [
        "add table item",
        "remove table extra",
        "add column address.street (text, may be empty)",
        "add unique constraint uq_email on email to address",
        "add column order.user_id (integer, may be empty)",
        "set the longest length 10 of order.amount",
        "add foreign key fk_order_user_id_user on user_id referring to user to order",
        "make user.name required",
        "set the default \"x\" of user.a1",
        "remove index pw_idx from user",
        "remove column user.pw",
      ])
    #expect(
      Schema.Difference(from: old, to: new).losses == [
        "the rows of extra are lost", "the values of user.pw are lost",
      ])
  }

  @Test func `a table whose name an association table takes goes with the links of its rows`() {
    func links(_ name: String, of table: String) -> Schema.Table {
      Schema.Table(
        name, columns: [.column("a", .integer), .column("b", .integer)],
        constraints: [
          .primaryKey("pk_\(name)", "a", "b"), .foreignKey("fk_a", "a", references: table),
          .foreignKey("fk_b", "b", references: table),
        ], isAssociation: true)
    }
    let old = [Self.table("things", Self.id), links("links", of: "things")]
    let new = [Self.table("persons", Self.id), links("things", of: "persons")]
    #expect(
      Self.words(old, new) == [
        "remove association table links", "remove table things", "add table persons",
        "add association table things",
      ])
    #expect(
      Self.words(new, old) == [
        "remove association table things", "add table things", "add association table links",
        "remove table persons",
      ])
  }

  @Test func `152: a table or column that is left out is neither added, removed nor altered`() {
    let old = [
      Self.table("kept", Self.id, .column("secret", .integer)), Self.table("gone", Self.id),
      Self.table("changed", Self.id),
    ]
    let new = [
      Self.table("kept", Self.id, .column("secret", .text), .column("late", .text)),
      Self.table("changed", .column("id", .text)),
      Self.table(
        "added", Self.id, .column("kept", .integer),
        constraints: [.foreignKey("fk_added_kept", "kept", references: "kept")]),
    ]
    #expect(Self.words(old, new).count == 5)
    let left: Set = ["gone", "changed", "added"]
    #expect(
      Self.words(old, new) { table, column in
        !left.contains(table) && column != "secret"
      } == ["add column kept.late (text)"])
  }

  @Test func `152: a constraint that needs what is left out is left out too`() {
    func tables(_ constraints: [Schema.Constraint]) -> [Schema.Table] {
      [
        Self.table("parent", Self.id),
        Self.table(
          "child", Self.id, .column("of", .integer), .column("code", .text),
          constraints: constraints),
      ]
    }
    let new = tables([
      .foreignKey("fk", "of", references: "parent"), .unique("uq", "code"),
    ])
    #expect(
      Self.words(tables([]), new) { table, _ in table != "parent" } == [
        "add unique constraint uq on code to child"
      ])
    #expect(
      Self.words(tables([]), new) { _, column in column != "code" } == [
        "add foreign key fk on of referring to parent to child"
      ])
  }

  @Test func `a table of which nothing is looked at does not come, nor what refers to it`() {
    let new = [
      Self.table("parent", Self.id),
      Self.table(
        "child", .column("key", .integer), .column("of", .integer),
        constraints: [.foreignKey("fk", "of", references: "parent")]),
    ]
    let child = Self.words([], new) { _, column in column != "id" }
    #expect(child == ["add table child"])
    #expect(
      Self.words([Self.table("parent", .column("no", .integer))], new) { _, column in
        column != "id" && column != "no"
      } == ["add table child"])
    #expect(
      Self.words(new, []) { _, column in column == nil } == [
        "remove table child", "remove table parent",
      ])
    #expect(Self.words([], new) { _, column in column == nil }.isEmpty)
  }

  @Test func `154: an index that becomes unique, or has another order, goes and comes`() {
    func table(_ constraints: [Schema.Constraint], _ indexes: [Schema.Constraint]) -> [Schema.Table]
    {
      [
        Self.table(
          "t", Self.id, .column("a", .integer), .column("b", .integer), constraints: constraints,
          indexes: indexes)
      ]
    }
    #expect(
      Self.words(table([], [.index("ix", "a")]), table([.unique("ix", "a")], [])) == [
        "remove index ix from t", "add unique constraint ix on a to t",
      ])
    #expect(
      Self.words(table([], [.index("ix", "a", "b")]), table([], [.index("ix", "b", "a")])) == [
        "remove index ix from t", "add index ix on b, a to t",
      ])
    #expect(
      Self.words(
        table([.unique("uq_1", "a")], [.index("ix_1", "b")]),
        table([.unique("uq_2", "b")], [.index("ix_2", "a")])) == [
          "remove unique constraint uq_1 from t", "remove index ix_1 from t",
          "add unique constraint uq_2 on b to t", "add index ix_2 on a to t",
        ])
  }

  @Test func `155: a table with a unique column comes, and goes, in one step`() {
    let table = Self.table(
      "t", Self.id, .column("a", .integer), constraints: [.unique("uq_t_a", "a")])
    #expect(Self.words([], [table]) == ["add table t"])
    #expect(Self.words([table], []) == ["remove table t"])
  }

  @Test func `157: another rule on delete is another foreign key, and the same rule is none`() {
    func tables(_ constraint: Schema.Constraint) -> [Schema.Table] {
      [
        Self.table("parent", Self.id),
        Self.table("child", Self.id, .column("of", .integer), constraints: [constraint]),
      ]
    }
    let plain = tables(.foreignKey("fk", "of", references: "parent"))
    #expect(
      Self.words(plain, tables(.foreignKey("fk", "of", references: "parent", onDelete: .cascade)))
        == [
          "remove foreign key fk from child",
          "add foreign key fk on of referring to parent, on delete cascade to child",
        ])
    #expect(
      Self.words(plain, tables(.foreignKey("fk", "of", references: "parent", onDelete: .restrict)))
        == [])
  }

  // Differs: a check is a closure, which has no text and no fingerprint. Two of one name are one.

  @Test func `158: a check that comes or goes is seen by its name`() throws {
    let plain = try Schema { Plain.self }
    let checked = try Schema { Checked.self }
    let other = try Schema { OtherwiseChecked.self }
    #expect(
      checked.difference(from: plain).operations.map(\.description) == [
        "add check ck_things_not_empty to things"
      ])
    #expect(
      plain.difference(from: checked).operations.map(\.description) == [
        "remove check ck_things_not_empty from things"
      ])
    #expect(other.difference(from: checked).isEmpty)
  }

  @Test func `172: constraints are named by a convention, twice the same`() throws {
    let schema = try School.graph().schema
    let names = schema.tables.flatMap { table in table.constraints.map { $0.name } }
    #expect(
      Set(names).isSuperset(of: [
        "pk_registrations", "fk_registrations_student_id_students",
        "fk_registrations_class_id_classes",
      ]))
    let again = try School.graph().schema.tables.flatMap { table in
      table.constraints.map { $0.name }
    }
    #expect(again == names)
    let node = try Schema { Node.self }.table("node")
    #expect(node?.constraints.map(\.name) == ["pk_node", "uq_node_data"])
  }

  @Test func `what was renamed says so, and is never guessed`() throws {
    let old = try Schema { Plain.self }
    let renamed = try Schema { Renamed.self }
    #expect(
      renamed.difference(from: old).operations.map(\.description) == [
        "rename table things to objects",
        "rename column objects.name to title",
        "rename pk_things of objects to pk_objects",
      ])
    #expect(renamed.difference(from: old).losses.isEmpty)
    let unsaid = try Schema { Unsaid.self }
    #expect(
      unsaid.difference(from: old).operations.map(\.description) == [
        "add table objects", "remove table things",
      ])
    #expect(unsaid.difference(from: old).losses == ["the rows of things are lost"])
  }

  @Test func `a name that was given on is followed from the end of the chain`() {
    func table(_ name: String, _ columns: [String: String?]) -> Schema.Table {
      var table = Self.table(name, Self.id)
      for (column, former) in columns.sorted(by: { $0.key < $1.key }) {
        var described = Schema.Column.column(column, .text)
        described.formerName = former
        table.columns.append(described)
      }
      return table
    }
    func was(_ table: Schema.Table, _ former: String) -> Schema.Table {
      var table = table
      table.formerName = former
      return table
    }
    let (old, new) = (table("t", ["a": nil, "b": nil]), table("t", ["b": "a", "d": "b"]))
    #expect(
      Self.words([old], [new]) == ["rename column t.b to d", "rename column t.a to b"])
    #expect(Self.words([new], [new]).isEmpty)
    // A new column, or table, has the name that an old one had.
    #expect(
      Self.words([table("t", ["a": nil])], [table("t", ["a": nil, "b": "a"])]) == [
        "rename column t.a to b", "add column t.a (text)",
      ])
    let tags = table("tags", [:])
    #expect(
      Self.words([tags], [was(table("labels", [:]), "tags"), tags]) == [
        "rename table tags to labels", "add table tags",
        "rename pk_tags of labels to pk_labels",
      ])
    #expect(
      Self.words(
        [table("a", [:]), table("b", [:])],
        [was(table("b", [:]), "a"), was(table("d", [:]), "b")]
      ).filter { $0.hasPrefix("rename table") } == [
        "rename table b to d", "rename table a to b",
      ])
    // What was done is not done again, and by a circle nothing is done for ever.
    #expect(
      Self.words([table("t", ["a": nil, "b": nil])], [table("t", ["a": "b", "b": "a"])]).isEmpty)
    #expect(
      Self.words([table("t", ["a": nil])], [table("t", ["a": "b", "b": "a"])]) == [
        "rename column t.a to b", "add column t.a (text)",
      ])
  }

  @Test func `names that say that they were exchanged are refused`() {
    let reason =
      ": names that were exchanged look as before, so rename them in a migration, by a third name, "
      + "and leave was(_:) out"
    #expect(
      throws: GraphError.schemaFaults([
        "left was right, right was left\(reason)",
        "left.a was c, left.c was b, left.b was a\(reason)",
      ])
    ) {
      try Schema {
        Left.self
        Right.self
      }
    }
  }

  private struct Left: Row {
    var id: Int
    var a: Int
    var b: Int
    var c: Int
    static let table = Table(
      "left", Self.init, Column("id", \.id), Column("a", \.a).was("c"), Column("b", \.b).was("a"),
      Column("c", \.c).was("b")
    ).was("right")
  }

  private struct Right: Row {
    var id: Int
    var kept: Int
    static let table = Table(
      "right", Self.init, Column("id", \.id), Column("kept", \.kept).was("kept")
    ).was("left")
  }

  private struct Plain: Row {
    var id: Int
    var name: String
    static let table = Table("things", Self.init, Column("id", \.id), Column("name", \.name))
  }

  private struct Checked: Row {
    var id: Int
    var name: String
    static let table = Table(
      "things", Self.init, Column("id", \.id),
      Column("name", \.name).check("not_empty") { !$0.isEmpty })
  }

  private struct OtherwiseChecked: Row {
    var id: Int
    var name: String
    static let table = Table(
      "things", Self.init, Column("id", \.id),
      Column("name", \.name).check("not_empty") { $0 != "" && $0 != " " })
  }

  private struct Renamed: Row {
    var id: Int
    var title: String
    static let table = Table(
      "objects", Self.init, Column("id", \.id), Column("title", \.title).was("name")
    ).was("things")
  }

  private struct Unsaid: Row {
    var id: Int
    var title: String
    static let table = Table("objects", Self.init, Column("id", \.id), Column("title", \.title))
  }

  private struct Node: Row {
    var id: Int
    var data: String
    static let table = Table("node", Self.init, Column("id", \.id), Column("data", \.data).unique())
  }
}
