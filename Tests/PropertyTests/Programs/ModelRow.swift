import Foundation
import Kith
import KithTestSupport

/// A row whose table is declared by the shape of the day.
protocol ModelRow: Row where ID: ModelValue {
  init(_ values: [Value])
  var values: [Value] { get }
  static var fields: [any ModelField<Self>] { get }
  /// The relationships over a foreign key, there and back.
  static func ways(_ column: Int, to table: Int) -> (any ModelWay, any ModelWay)
}

/// A row whose key is an integer, which most foreign keys refer to.
protocol NodeRow: ModelRow where ID == Int {}

/// Tells one table of nodes from another.
protocol NodeTag: Sendable {
  static func table(_ world: World) -> Table<Node<Self>>
  /// The fields of the table's rows, which a generic type can't keep.
  static var fields: [any ModelField<Node<Self>>] { get }
}

enum TagA: NodeTag {
  static func table(_ world: World) -> Table<Node<TagA>> { world.tables.a }
  static let fields = Node<TagA>.makeFields()
}
enum TagB: NodeTag {
  static func table(_ world: World) -> Table<Node<TagB>> { world.tables.b }
  static let fields = Node<TagB>.makeFields()
}
enum TagC: NodeTag {
  static func table(_ world: World) -> Table<Node<TagC>> { world.tables.c }
  static let fields = Node<TagC>.makeFields()
}

extension Table where Record: ModelRow {
  /// The table, whose rows also fail where a test plans it.
  fileprivate var planned: Table {
    guard let plan = FaultPlan.running else { return self }
    return check("row_planned") { _ in plan.passes() }
  }
}

/// A row with an integer for a key, and columns that may refer to every other table.
struct Node<Tag: NodeTag>: NodeRow {
  var id: Int
  var owner: Int
  var parent: Int?
  var match: Pair<Int, Int>?
  var label: String?
  var name: String
  var rank: Double?
  var flag: Bool
  var moment: Date?
  var code: UUID?
  var data: Data

  static var table: Table<Node> { Tag.table(World.current) }

  static func declared(_ table: Shape.Table) -> Table<Node> {
    let info = table.columns
    let (id, owner) = (info[0].column(\Node.id), info[1].column(\Node.owner))
    let (parent, match) = (info[2].column(\Node.parent), info[3].column(\Node.match))
    let (label, name) = (info[4].column(\Node.label), info[5].column(\Node.name))
    let (rank, flag) = (info[6].column(\Node.rank), info[7].column(\Node.flag))
    let (moment, code) = (info[8].column(\Node.moment), info[9].column(\Node.code))
    let data = info[10].column(\Node.data)
    var declared = Table(
      table.name, Self.init, id, owner, parent, match, label, name, rank, flag, moment, code, data
    ).primaryKey(\Node.id)
    if !table.unique.isEmpty { declared = declared.unique(\Node.owner, \Node.name) }
    switch table.order?.column {
    case nil: break
    case 6: declared = declared.index(\Node.parent, orderedBy: \Node.rank)
    default: declared = declared.index(\Node.parent, orderedBy: \Node.moment)
    }
    return declared.planned
  }

  static var fields: [any ModelField<Node>] { Tag.fields }

  static func makeFields() -> [any ModelField<Node>] {
    [
      OrderedField(keyPath: \Node.id), OrderedField(keyPath: \Node.owner),
      OptionalField(keyPath: \Node.parent), OptionalField(keyPath: \Node.match),
      OptionalTextField(keyPath: \Node.label), TextField(keyPath: \Node.name),
      OptionalField(keyPath: \Node.rank), PlainField(keyPath: \Node.flag),
      OptionalField(keyPath: \Node.moment), OptionalField(keyPath: \Node.code),
      PlainField(keyPath: \Node.data),
    ]
  }

  static func ways(_ column: Int, to table: Int) -> (any ModelWay, any ModelWay) {
    switch column {
    case 0: bothWays(\Node.id, to: World.node(table))
    case 1: bothWays(\Node.owner, to: World.node(table))
    case 2: bothWays(\Node.parent, to: World.node(table))
    case 3: bothWays(\Node.match, to: Match.self)
    case 9: bothWays(\Node.code, to: Ticket.self)
    default: bothWays(\Node.label, to: Word.self)
    }
  }
}

extension Node {
  init(_ values: [Value]) {
    self.init(
      id: Int(model: values[0]), owner: Int(model: values[1]), parent: Int?(model: values[2]),
      match: Pair<Int, Int>?(model: values[3]), label: String?(model: values[4]),
      name: String(model: values[5]), rank: Double?(model: values[6]), flag: Bool(model: values[7]),
      moment: Optional(model: values[8]), code: Optional(model: values[9]),
      data: Data(model: values[10]))
  }

  var values: [Value] {
    [
      id.model, owner.model, parent.model, match.model, label.model, name.model, rank.model,
      flag.model, moment.model, code.model, data.model,
    ]
  }
}

/// A row with two integers for a key: an association object, if both refer.
struct Match: ModelRow {
  var left: Int
  var right: Int
  var extra: Int?
  var id: Pair<Int, Int> { Pair(left, right) }

  static var table: Table<Match> { World.current.tables.matches }

  static func declared(_ table: Shape.Table) -> Table<Match> {
    var declared = Table(
      table.name, { Match(left: $0, right: $1, extra: $2) }, table.columns[0].column(\Match.left),
      table.columns[1].column(\Match.right), table.columns[2].column(\Match.extra)
    ).primaryKey(\.left, \.right)
    if !table.unique.isEmpty { declared = declared.unique(\Match.left, \Match.extra) }
    if table.order != nil { declared = declared.index(\Match.left, orderedBy: \Match.extra) }
    return declared.planned
  }

  static let fields: [any ModelField<Match>] = [
    OrderedField(keyPath: \Match.left), OrderedField(keyPath: \Match.right),
    OptionalField(keyPath: \Match.extra),
  ]

  static func ways(_ column: Int, to table: Int) -> (any ModelWay, any ModelWay) {
    switch column {
    case 0: bothWays(\Match.left, to: World.node(table))
    case 1: bothWays(\Match.right, to: World.node(table))
    default: bothWays(\Match.extra, to: World.node(table))
    }
  }
}

extension Match {
  init(_ values: [Value]) {
    self.init(
      left: Int(model: values[0]), right: Int(model: values[1]), extra: Int?(model: values[2]))
  }

  var values: [Value] { [left.model, right.model, extra.model] }
}

/// A row with a text for a key.
struct Word: ModelRow {
  var id: String
  var home: Int?
  var size: Int

  static var table: Table<Word> { World.current.tables.words }

  static func declared(_ table: Shape.Table) -> Table<Word> {
    var declared = Table(
      table.name, { Word(id: $0, home: $1, size: $2) }, table.columns[0].column(\Word.id),
      table.columns[1].column(\Word.home), table.columns[2].column(\Word.size)
    ).primaryKey(\Word.id)
    if !table.unique.isEmpty { declared = declared.unique(\Word.home, \Word.size) }
    if table.order != nil { declared = declared.index(\Word.home, orderedBy: \Word.size) }
    return declared.planned
  }

  static let fields: [any ModelField<Word>] = [
    TextField(keyPath: \Word.id), OptionalField(keyPath: \Word.home),
    OrderedField(keyPath: \Word.size),
  ]

  static func ways(_: Int, to table: Int) -> (any ModelWay, any ModelWay) {
    bothWays(\Word.home, to: World.node(table))
  }
}

extension Word {
  init(_ values: [Value]) {
    self.init(
      id: String(model: values[0]), home: Int?(model: values[1]), size: Int(model: values[2]))
  }

  var values: [Value] { [id.model, home.model, size.model] }
}

/// A row with an identifier for a key.
struct Ticket: ModelRow {
  var id: UUID
  var at: Date
  var home: Int?

  static var table: Table<Ticket> { World.current.tables.tickets }

  static func declared(_ table: Shape.Table) -> Table<Ticket> {
    var declared = Table(
      table.name, { Ticket(id: $0, at: $1, home: $2) }, table.columns[0].column(\Ticket.id),
      table.columns[1].column(\Ticket.at), table.columns[2].column(\Ticket.home)
    ).primaryKey(\Ticket.id)
    if !table.unique.isEmpty { declared = declared.unique(\Ticket.at, \Ticket.home) }
    if table.order != nil { declared = declared.index(\Ticket.home, orderedBy: \Ticket.at) }
    return declared.planned
  }

  static let fields: [any ModelField<Ticket>] = [
    OrderedField(keyPath: \Ticket.id), OrderedField(keyPath: \Ticket.at),
    OptionalField(keyPath: \Ticket.home),
  ]

  static func ways(_: Int, to table: Int) -> (any ModelWay, any ModelWay) {
    bothWays(\Ticket.home, to: World.node(table))
  }
}

extension Ticket {
  init(_ values: [Value]) {
    self.init(
      id: UUID(model: values[0]), at: Date(model: values[1]), home: Int?(model: values[2]))
  }

  var values: [Value] { [id.model, at.model, home.model] }
}
