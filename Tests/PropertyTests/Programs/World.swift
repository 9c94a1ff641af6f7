import Kith
import KithCore
import KithTestSupport

/// The declarations of one shape: what the row types' tables are while a program runs.
final class World: Sendable {
  /// The world of the program that this task runs.
  @TaskLocal private static var running: World?

  static var current: World {
    guard let running else { preconditionFailure("tables are declared by a world") }
    return running
  }

  /// The tables of the row types; a table that the shape leaves out is declared without rules.
  struct Tables: Sendable {
    let a: Table<Node<TagA>>
    let matches: Table<Match>
    let b: Table<Node<TagB>>
    let words: Table<Word>
    let c: Table<Node<TagC>>
    let tickets: Table<Ticket>
  }

  static let types: [any ModelRow.Type] = [
    Node<TagA>.self, Match.self, Node<TagB>.self, Word.self, Node<TagC>.self, Ticket.self,
  ]

  /// The type of the rows of a table of nodes.
  static func node(_ table: Int) -> any NodeRow.Type {
    switch table {
    case 0: Node<TagA>.self
    case 2: Node<TagB>.self
    default: Node<TagC>.self
    }
  }

  let shape: Shape
  let tables: Tables
  /// The association tables.
  let links: [any ModelLink]
  /// The relationships over foreign keys that were asked for: to make one takes longer than to walk it.
  private let references = Locked<[Hop.Links: (on: any ModelWay, back: any ModelWay)]>([:])

  init(_ shape: Shape) {
    self.shape = shape
    func table(_ number: Int) -> Shape.Table {
      number < shape.tables.count ? shape.tables[number] : Shape.bare[number]
    }
    tables = Tables(
      a: Node.declared(table(0)), matches: Match.declared(table(1)), b: Node.declared(table(2)),
      words: Word.declared(table(3)), c: Node.declared(table(4)),
      tickets: Ticket.declared(table(5)))
    func link<Source: ModelRow>(_ link: Shape.Link, from source: Source.Type) -> any ModelLink {
      func to<Target: ModelRow>(_ target: Target.Type) -> any ModelLink {
        TypedLink(
          association: Association(
            link.name, from: source, "source_id", to: target, "target_id",
            allowsSelfLinks: link.allowsSelfLinks))
      }
      return to(World.types[link.target])
    }
    links = shape.links.map { link($0, from: World.types[$0.source]) }
  }

  /// Runs a closure in which the row types have the tables of this world.
  func run<Result>(_ body: () throws -> Result) rethrows -> Result {
    try World.$running.withValue(self, operation: body)
  }

  /// The schema of the shape, to be made in a `run`.
  func schema() throws(GraphError) -> Schema {
    func part<Record: ModelRow>(_ type: Record.Type) -> Schema.Builder {
      Schema.Builder.buildExpression(type)
    }
    let parts =
      World.types.prefix(shape.tables.count).map { part($0) } + links.map(\.schemaPart)
    let all = Schema.Builder.buildArray(parts)
    return try Schema(naming: .init(), { all } as () -> Schema.Builder)
  }

  /// An association table, from one of its sides.
  func link(_ side: NaiveStore.Side) -> any ModelLink {
    side.isForward ? links[side.link] : links[side.link].inverse
  }

  /// A relationship.
  func way(_ way: Way) -> any ModelWay {
    let ways = way.hops.map { self.way($0) }
    return ways.dropFirst().reduce(ways[0]) { $0.followed(by: $1) }
  }

  private func way(_ hop: Hop) -> any ModelWay {
    switch hop.links {
    case .association(let link):
      return self.link(NaiveStore.Side(link, isForward: hop.isForward)).way
    case .reference(let table, let column):
      let ways = references.withLock { known in
        if let ways = known[hop.links] { return ways }
        let target = shape.tables[table].columns[column].reference?.table ?? 0
        let ways = World.types[table].ways(column, to: target)
        known[hop.links] = ways
        return ways
      }
      return hop.isForward ? ways.on : ways.back
    }
  }
}

/// A value whose type the caller knows.
func known<Known>(_ value: Any, as type: Known.Type = Known.self) -> Known {
  guard let value = value as? Known else { preconditionFailure("\(value) is no \(type)") }
  return value
}
