/// What differs between the tables that a file describes and those of a schema, in words.
struct SchemaDifference {
  /// One sentence for each difference; empty if there is none.
  private(set) var sentences: [String] = []

  /// Compares the tables of a file with those of a schema, by their names.
  init(file: [Schema.Table], schema: [Schema.Table]) {
    compare(
      file, schema, named: \.name, what: { $0.isAssociation ? "association table" : "table" },
      of: nil
    ) { $0.compare($1, $2) }
  }

  private mutating func compare(_ file: Schema.Table, _ schema: Schema.Table) {
    let name = schema.name
    if file.isAssociation != schema.isAssociation {
      sentences.append(
        "\(name) is \(file.isAssociation ? "an association table" : "a table of rows") in the file")
    }
    compare(
      file.columns, schema.columns, named: \.name, what: { _ in "column" }, of: name
    ) { $0.compare($1, $2, in: name) }
    for (file, schema) in [(file.constraints, schema.constraints), (file.indexes, schema.indexes)] {
      compare(
        file, schema, named: \.name, what: { $0.kind == .index ? "index" : "constraint" }, of: name
      ) { $0.compare($1, $2, in: name) }
    }
  }

  private mutating func compare(
    _ file: Schema.Column, _ schema: Schema.Column, in table: String
  ) {
    let name = "\(table).\(schema.name)"
    note("the kind of \(name)", file.kind.rawValue, schema.kind.rawValue)
    note("\(name)", file.emptiness, schema.emptiness)
    note("the default of \(name)", file.defaultValue, schema.defaultValue)
    note("the longest length of \(name)", file.maxLength, schema.maxLength)
  }

  private mutating func compare(
    _ file: Schema.Constraint, _ schema: Schema.Constraint, in table: String
  ) {
    let name = "\(schema.name) of \(table)"
    note("the kind of \(name)", file.kind.rawValue, schema.kind.rawValue)
    note(
      "the columns of \(name)", file.columns.joined(separator: ", "),
      schema.columns.joined(separator: ", "))
    note("the target of \(name)", file.target, schema.target)
    note("the rule on delete of \(name)", file.onDelete?.rawValue, schema.onDelete?.rawValue)
    note("\(name)", file.timeOfCheck, schema.timeOfCheck)
  }

  private mutating func note<Value: Equatable>(_ what: String, _ file: Value, _ schema: Value) {
    if file != schema {
      sentences.append("\(what) is \(file) in the file, and \(schema) in the schema")
    }
  }

  private mutating func note<Value: Equatable>(_ what: String, _ file: Value?, _ schema: Value?) {
    if file == schema { return }
    let words = [file, schema].map { $0.map { "\($0)" } ?? "none" }
    sentences.append("\(what) is \(words[0]) in the file, and \(words[1]) in the schema")
  }

  /// Compares two lists by the names of their items, and items of one name with each other.
  private mutating func compare<Item>(
    _ file: [Item], _ schema: [Item], named name: (Item) -> String, what: (Item) -> String,
    of table: String?, _ compareItems: (inout SchemaDifference, Item, Item) -> Void
  ) {
    let place = table.map { " of \($0)" } ?? ""
    for item in file where !schema.contains(where: { name($0) == name(item) }) {
      sentences.append("the file has the \(what(item)) \(name(item))\(place), the schema has not")
    }
    var common: [String] = []
    for item in schema {
      if let other = file.first(where: { name($0) == name(item) }) {
        compareItems(&self, other, item)
        common.append(name(item))
      } else {
        sentences.append("the schema has the \(what(item)) \(name(item))\(place), the file has not")
      }
    }
    let order = file.map(name).filter(common.contains)
    if order != common {
      let items = table == nil ? "tables" : "\(schema.first.map(what) ?? "")s\(place)"
      sentences.append(
        "the order of the \(items) is \(order.joined(separator: ", ")) in the file, and "
          + "\(common.joined(separator: ", ")) in the schema")
    }
  }
}

extension Schema.Column {
  fileprivate var emptiness: String { isNullable ? "allowed to be empty" : "never empty" }
}

extension Schema.Constraint {
  fileprivate var timeOfCheck: String {
    isDeferred ? "checked at the end of a write" : "checked at once"
  }
}
