/// The first of many faults, and how many there are.
struct Examples: CustomStringConvertible {
  private var first: [String] = []
  private var count = 0
  private static let most = 5

  var isEmpty: Bool { count == 0 }

  mutating func add(_ example: @autoclosure () -> String) {
    if count < Examples.most { first.append(example()) }
    count += 1
  }

  /// The examples behind the beginning of a sentence; nil if there are none.
  func sentence(_ beginning: String) -> String? { isEmpty ? nil : "\(beginning) \(self)" }

  var description: String {
    let rest = count > Examples.most ? ", and \(count - Examples.most) more" : ""
    return first.joined(separator: ", ") + rest
  }
}
