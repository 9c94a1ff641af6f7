/// A piece of Swift, and how it is broken into lines where it is too long for one: as swift-format
/// does it.
struct SwiftText {
  /// What comes before the parts, with the bracket that opens.
  var head: String
  var parts: [SwiftText] = []
  /// The bracket that closes.
  var tail = ""
  /// Whether the bracket that closes stands on a line of its own.
  var closesAlone = false
  /// Whether a comma may follow the last of several parts.
  var hasLastComma = false
  /// Whether each part has a line of its own in any case.
  var hasRows = false

  /// The longest line.
  static let limit = 100

  static func name(_ name: String, _ label: String = "") -> SwiftText {
    SwiftText(head: label + name.quoted)
  }

  static func call(_ name: String, _ parts: [SwiftText]) -> SwiftText {
    SwiftText(head: "\(name)(", parts: parts, tail: ")")
  }

  static func array(
    _ head: String, _ parts: [SwiftText], _ tail: String = "]"
  ) -> SwiftText {
    SwiftText(head: head, parts: parts, tail: tail, closesAlone: true, hasLastComma: true)
  }

  static func tuple(_ label: String, _ parts: [SwiftText]) -> SwiftText {
    SwiftText(head: "\(label)(", parts: parts, tail: ")", closesAlone: true)
  }

  static func rows(_ head: String, _ parts: [SwiftText]) -> SwiftText {
    SwiftText(
      head: head, parts: parts, tail: "]", closesAlone: true, hasLastComma: true, hasRows: true)
  }

  private var line: String { head + parts.map(\.line).joined(separator: ", ") + tail }

  /// The lines, each with its indentation.
  ///
  /// - Parameter reserve: How many characters must find room behind the last.
  func lines(at indentation: Int, reserve: Int = 0) -> [String] {
    let space = String(repeating: " ", count: indentation)
    let fits = indentation + line.count + reserve <= SwiftText.limit
    if parts.isEmpty || (fits && !hasRows) { return [space + line] }
    var lines = [space + head]
    for (place, part) in parts.enumerated() {
      let isLast = place == parts.count - 1
      let comma = !isLast || (hasLastComma && parts.count > 1) ? "," : ""
      let room = comma.count + (isLast && !closesAlone ? tail.count + reserve : 0)
      if place > 0, !hasRows, let last = lines.last,
        last.count + 1 + part.line.count + room <= SwiftText.limit
      {
        lines[lines.count - 1] += " \(part.line)\(comma)"
      } else {
        lines += part.lines(at: indentation + 2, reserve: room)
        lines[lines.count - 1] += comma
      }
    }
    if closesAlone {
      lines.append(space + tail)
    } else {
      lines[lines.count - 1] += tail
    }
    return lines
  }
}

extension SwiftText: ExpressibleByStringInterpolation {
  init(stringLiteral text: String) { self.init(head: text) }
}
