public import Foundation
import KithCore

extension Graph {
  /// The whole graph as one piece of data, for tests, and for apps that keep files of their own.
  ///
  /// Equal graphs have equal bytes: those with the same rows in the same order, the same links and
  /// the same next integer keys. Every part has a checksum. <doc:FileFormats> describes the bytes.
  ///
  /// ```swift
  /// try graph.encoded().write(to: url, options: .atomic)
  /// let same = try Graph(schema, decoding: Data(contentsOf: url))
  /// ```
  ///
  /// - Complexity: O(rows + links).
  public func encoded() -> Data {
    var data = Data()
    GraphEncoder(self).encode { data.append(contentsOf: $0) }
    return data
  }

  /// Makes the graph that was encoded.
  ///
  /// - Parameters:
  ///   - schema: The schema of the graph that was encoded, or one that declares the same.
  ///   - data: What `encoded()` returned.
  /// - Throws: `GraphError.damagedFile` if the data was changed or cut, `.otherSchema` if its tables
  ///   are not those of the schema, `.unreadableFile` if a newer version of Kith encoded it.
  /// - Complexity: O(rows + links), and O(*n* log *n*) for ordered indexes over *n* rows.
  public init(_ schema: Schema, decoding data: Data) throws(GraphError) {
    try self.init(schema, decoding: Array(data), file: "the encoded graph")
  }

  /// Makes the graph that was encoded.
  ///
  /// - Parameter file: What errors call the bytes.
  init(_ schema: Schema, decoding bytes: [UInt8], file: String) throws(GraphError) {
    do throws(FormatFault) {
      self = try GraphDecoder(schema, bytes).decode()
    } catch {
      throw error.error(in: file)
    }
  }
}
