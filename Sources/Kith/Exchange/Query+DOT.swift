import KithCore

extension Query {
  /// The rows, and how a relationship links them to each other, as a drawing in the DOT language of
  /// Graphviz.
  ///
  /// ```swift
  /// let one = graph[User.self, 1]
  /// print(one.following.union(one).dot(through: User.following) { $0.handle })
  /// ```
  ///
  /// Nodes come in the order of the query and are named by primary key; the edges of each follow in
  /// the same order. Rows outside the query are not drawn.
  ///
  /// - Parameters:
  ///   - way: The relationship that the edges are; of several hops, too.
  ///   - label: What is written on a row's node; the primary key if nil.
  /// - Complexity: O(rows + paths).
  public func dot<Way: Traversal>(
    through way: Way, label: ((Record) -> String)? = nil
  ) -> String where Way.Source == Record, Way.Target == Record {
    let slots = slots
    let names = slots.map { graph.table(node.table).key(at: $0).nodeName.dotQuoted }
    let places = Dictionary(zip(slots, slots.indices), uniquingKeysWith: { first, _ in first })
    var lines = ["digraph \(Record.table.name.dotQuoted) {"]
    for (slot, name) in zip(slots, names) {
      let attribute = label.map { " [label=\($0(rows.row(at: slot)).dotQuoted)]" } ?? ""
      lines.append("  \(name)\(attribute);")
    }
    for (slot, name) in zip(slots, names) {
      let start = QueryNode.row(table: node.table, slot)
      let ends = graph.slots(of: start.following(way.relationship.path, graph.layout))
      for end in ends.compactMap({ places[$0] }).sorted() {
        lines.append("  \(name) -> \(names[end]);")
      }
    }
    return lines.joined(separator: "\n") + "\n}\n"
  }
}

extension StoredValue {
  /// What a row with this key is called in a drawing.
  fileprivate var nodeName: String { exchangeText ?? description }
}

extension String {
  /// The text as a quoted string of the DOT language, in which a line end is a `\n`.
  fileprivate var dotQuoted: String {
    let text = replacing("\r\n", with: "\n")
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n", "\r": result += "\\n"
      // A zero ends a text for Graphviz.
      case "\0": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
