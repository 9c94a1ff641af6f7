/// Writes each record as a JSON object on a line of its own, its names in the order of the columns.
struct JSONLinesFormat: RecordFormat {
  func header(_ columns: [String]) -> String? { nil }

  func line(_ values: [StoredValue], _ columns: [String]) -> String {
    let members = zip(columns, values).map { "\(quoted($0)):\(json($1))" }
    return "{\(members.joined(separator: ","))}\n"
  }

  private func json(_ value: StoredValue) -> String {
    guard let text = value.exchangeText else { return "null" }
    switch value {
    case .null, .boolean, .integer, .unsigned: return text
    case .real(let number): return number.isFinite ? text : quoted(text)
    case .text, .date, .uuid, .bytes, .composite: return quoted(text)
    }
  }

  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\0"..<" ": result += "\\u00" + (scalar.value < 16 ? "0" : "") + hex(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private func hex(_ scalar: Unicode.Scalar) -> String { String(scalar.value, radix: 16) }
}
