import Foundation

/// The text forms of values, which CSV and JSON lines share. What is written is read as the same
/// value, to the last bit; of numbers that are no numbers there is one.
extension StoredValue {
  /// The value of a kind that a text stands for, or nil if there is none.
  ///
  /// - Parameter kind: Anything but a composite, which has no text form.
  init?(_ text: String, _ kind: Kind) {
    let value: StoredValue? =
      switch kind {
      case .boolean: StoredValue.boolean(text)
      case .integer: Int64(text).map(StoredValue.integer)
      case .unsigned: UInt64(text).map(StoredValue.unsigned)
      case .real: StoredValue.real(text)
      case .text: .text(text)
      case .date: Date(exchange: text).map(StoredValue.date)
      case .uuid: UUID(uuidString: text).map(StoredValue.uuid)
      case .bytes: Data(base64Encoded: text).map { .bytes(Array($0)) }
      case .composite: nil
      }
    guard let value else { return nil }
    self = value
  }

  /// The text that stands for the value, or nil if there is no value.
  var exchangeText: String? {
    switch self {
    case .null: nil
    case .real(let value): value.isNaN ? "nan" : value.description
    case .text(let value): value
    case .date(let value): value.exchangeText
    case .bytes(let value): Data(value).base64EncodedString()
    case .boolean, .integer, .unsigned, .uuid, .composite: description
    }
  }

  private static func boolean(_ text: String) -> StoredValue? {
    switch text {
    case "true", "1": .boolean(true)
    case "false", "0": .boolean(false)
    default: nil
    }
  }

  /// A number that is too large for `Double` is none; infinity is, by its name.
  private static func real(_ text: String) -> StoredValue? {
    guard let value = Double(text) else { return nil }
    return value.isInfinite && text.contains(where: \.isNumber) ? nil : .real(value)
  }
}
