import Foundation
import KithCore

/// A place in the rows of a query, from which a page goes on.
///
/// It holds the values by which its row was sorted, or in order of insertion the row's place and key,
/// not a number of rows; so rows that are inserted or deleted between two pages cause no repeat and no
/// skip, and it outlives the process. Its text form may go into a URL. What comes back from outside is
/// checked: a text that no cursor has is refused here, a cursor of another query where the page's rows
/// are asked for.
///
/// Where rows have been numbered anew, by compaction or because a checkpoint was opened, a place in the
/// order of insertion is that of the row with its key. A cursor whose row has gone is refused then, and
/// so is one from before rows were put in another order.
public struct Cursor: Hashable, Sendable {
  /// The query and order that made the cursor.
  let fingerprint: UInt64
  /// The values by which the row was sorted, or its place in the order of insertion, and its primary key.
  let values: [StoredValue]
  /// Whether a page from here on has the row itself, too. A page without rows has such a cursor back to
  /// where it was asked for.
  private(set) var includesRow = false

  init(fingerprint: UInt64, values: [StoredValue]) {
    self.fingerprint = fingerprint
    self.values = values
  }

  /// The cursor for the rows on the other side of the place: all that a page from here on does not have.
  var turned: Cursor {
    var cursor = self
    cursor.includesRow.toggle()
    return cursor
  }

  /// Reads the text form.
  ///
  /// - Throws: `GraphError.invalidCursor` if the text is none.
  public init(_ text: String) throws(GraphError) {
    var base64 = text.replacing("-", with: "+").replacing("_", with: "/")
    base64 += String(repeating: "=", count: (4 - base64.count % 4) % 4)
    let bytes = [UInt8](Data(base64Encoded: base64) ?? Data())
    var reader = ByteReader(bytes, bytes.indices)
    let version: UInt8? = try? reader.number()
    if let version, 0 < version, version < Cursor.version {
      throw .invalidCursor(reason: "an earlier version of Kith made it")
    }
    let includesRow = version == Cursor.inclusiveVersion
    guard version == Cursor.version || includesRow, let fingerprint: UInt64 = try? reader.number(),
      case .composite(let values)? = try? reader.value(), reader.count == 0
    else { throw .invalidCursor(reason: "its text is damaged") }
    self.init(fingerprint: fingerprint, values: values)
    self.includesRow = includesRow
  }

  /// What the bytes start with. Those that started with 1 had other values behind the fingerprint.
  private static let version: UInt8 = 2
  /// What the bytes of a cursor start with that includes its row.
  private static let inclusiveVersion: UInt8 = 3
}

extension Cursor: CustomStringConvertible {
  /// The text form: letters, digits, `-` and `_`.
  public var description: String {
    var writer = ByteWriter()
    writer.append(includesRow ? Cursor.inclusiveVersion : Cursor.version)
    writer.append(fingerprint)
    writer.append(.composite(values))
    return Data(writer.bytes).base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}

extension Cursor: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
