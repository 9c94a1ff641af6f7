import Foundation

/// A number that two queries share only if they are the same query in the same order, to which
/// cursors are bound: FNV-1a of a canonical text, which is hashed while it is written. Texts that are
/// equal, though not made of the same scalars, are hashed alike.
struct Fingerprint {
  private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  private let graph: Graph

  init(_ node: QueryNode, _ graph: Graph) {
    self.graph = graph
    add(node)
  }

  private mutating func add(_ text: String) {
    let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    let composed = isASCII ? text : text.precomposedStringWithCanonicalMapping
    for byte in composed.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }

  private mutating func add(_ node: QueryNode) {
    // From where the query starts, to what was done last: a loop, however many calls were chained.
    var parts = [node]
    while let source = parts[parts.count - 1].source { parts.append(source) }
    for part in parts.reversed() { add(last: part) }
  }

  /// Adds what was done last.
  private mutating func add(last node: QueryNode) {
    switch node {
    case .all(let table): add(graph.layout.tables[table].name)
    case .rows(let table, let slots):
      let state = graph.table(table)
      add(graph.layout.tables[table].name)
      for slot in slots {
        add(",")
        add(state.key(at: slot).description)
      }
    case .hop(_, let hop):
      add(hop)
    case .reach(_, let step, let levels):
      add(".reach \(levels)")
      for hop in step { add(hop) }
    case .filter(_, let filter):
      add(".filter \(filter.shape)")
    case .combination(let operation, _, let right):
      add(".\(operation.rawValue)(")
      add(right)
      add(")")
    case .sorted(_, let terms):
      add(".sorted")
      for term in terms {
        add(term.direction == .ascending ? "," : ",-")
        add(term.name)
      }
    case .slice(_, let dropped, let limit):
      add(".slice \(dropped),\(limit ?? -1)")
    }
  }

  private mutating func add(_ hop: LinkHop) {
    let info = graph.layout.links[hop.link]
    add(hop.direction == .forward ? "." : ".inverse ")
    add(info.tableName)
    if let column = info.column {
      add(".")
      add(graph.layout.tables[info.source].columns[column].name)
    }
  }
}
