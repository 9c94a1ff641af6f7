/// A test of rows.
package indirect enum Condition: Hashable, Sendable {
  package enum Comparison: String, Sendable, CaseIterable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }

  case compare(column: Int, Comparison, Value)
  case isIn(column: Int, [Value])
  case hasPrefix(column: Int, String)
  case contains(column: Int, String)
  case reaches(Way, Value)
  case reachesWhere(Way, Condition)
  case count(Way, Comparison, Int)
  case both(Condition, Condition)
  case either(Condition, Condition)
  case not(Condition)
}

extension Condition.Comparison {
  /// Compares as Swift compares optionals for equality; a missing value has no order.
  func holds(_ left: Value, _ right: Value) -> Bool {
    switch self {
    case .equal: left == right
    case .notEqual: left != right
    case .less: left != .null && left < right
    case .lessOrEqual: left != .null && left <= right
    case .greater: left != .null && left > right
    case .greaterOrEqual: left != .null && left >= right
    }
  }
}

extension NaiveStore {
  /// Whether a row passes a test.
  func passes(_ condition: Condition, _ row: Row) -> Bool {
    switch condition {
    case .compare(let column, let comparison, let value):
      comparison.holds(row.values[column], value)
    case .isIn(let column, let values): values.contains(row.values[column])
    case .hasPrefix(let column, let text): row.values[column].text?.hasPrefix(text) ?? false
    case .contains(let column, let text): row.values[column].text?.contains(text) ?? false
    case .reaches(let way, let key):
      find(way.target, key).map { paths(way, from: row.serial)[$0.serial] != nil } ?? false
    case .reachesWhere(let way, let inner):
      paths(way, from: row.serial).keys.contains { serial in
        self.row(way.target, serial: serial).map { passes(inner, $0) } ?? false
      }
    case .count(let way, let comparison, let number):
      comparison.holds(.integer(paths(way, from: row.serial).count), .integer(number))
    case .both(let left, let right): passes(left, row) && passes(right, row)
    case .either(let left, let right): passes(left, row) || passes(right, row)
    case .not(let condition): !passes(condition, row)
    }
  }
}

extension Value {
  var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  /// The characters of a text, or the bytes of data.
  var length: Int? {
    switch self {
    case .text(let text): text.count
    case .bytes(let bytes): bytes.count
    default: nil
    }
  }
}

extension Shape {
  /// A test as a reader would write it.
  func text(_ condition: Condition, of table: Int) -> String {
    func name(_ column: Int) -> String { tables[table].columns[column].name }
    return switch condition {
    case .compare(let column, let comparison, let value):
      "\(name(column)) \(comparison.rawValue) \(value)"
    case .isIn(let column, let values): "\(name(column)) in \(values)"
    case .hasPrefix(let column, let text): "\(name(column)) has prefix \(text.debugDescription)"
    case .contains(let column, let text): "\(name(column)) contains \(text.debugDescription)"
    case .reaches(let way, let key): "(\(text(way))) contains \(key)"
    case .reachesWhere(let way, let inner):
      "(\(text(way))) contains where \(text(inner, of: way.target))"
    case .count(let way, let comparison, let number):
      "count of (\(text(way))) \(comparison.rawValue) \(number)"
    case .both(let left, let right): "(\(text(left, of: table)) && \(text(right, of: table)))"
    case .either(let left, let right): "(\(text(left, of: table)) || \(text(right, of: table)))"
    case .not(let condition): "!(\(text(condition, of: table)))"
    }
  }
}
