import Foundation

extension StoredValue {
  /// Whether the value is written with a type of Foundation.
  var needsFoundation: Bool {
    switch self {
    case .date, .uuid: true
    case .composite(let parts): parts.contains(where: \.needsFoundation)
    default: false
    }
  }

  /// The value as Swift writes it.
  func source(_ label: String = "") -> SwiftText {
    switch self {
    case .null: "\(label).null"
    case .boolean, .integer, .text: "\(label)\(self)"
    case .unsigned(let value): "\(label).unsigned(\(value))"
    case .real(let value): "\(label)\(value.isFinite ? "\(value)" : ".real(\(value.source))")"
    case .date(let value):
      .call(
        "\(label).date",
        [
          .call(
            "Date",
            ["timeIntervalSinceReferenceDate: \(value.timeIntervalSinceReferenceDate.source)"])
        ])
    case .uuid(let value): .call("\(label).uuid", [.call("UUID", [.tuple("uuid: ", value.octets)])])
    case .bytes(let value): .array("\(label).bytes([", value.map { "\($0)" }, "])")
    case .composite(let parts): .array("\(label).composite([", parts.map { $0.source() }, "])")
    }
  }
}

extension Double {
  fileprivate var source: String {
    isFinite ? "\(self)" : isNaN ? ".nan" : self < 0 ? "-.infinity" : ".infinity"
  }
}

extension UUID {
  /// The bytes as Swift writes them.
  fileprivate var octets: [SwiftText] {
    var digits = uuidString.lowercased().filter { $0 != "-" }[...]
    var octets: [SwiftText] = []
    while !digits.isEmpty {
      octets.append("0x\(digits.prefix(2))")
      digits = digits.dropFirst(2)
    }
    return octets
  }
}
