import Foundation
import Kith

extension Findings {
  /// The findings as one JSON object.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    let object = JSONObject(
      users: users, follows: follows, duplicates: report.duplicates,
      selfLinks: report.selfLinks,
      twoHopPaths: twoHopPaths, distinctTwoHopPairs: wholeGraph?.distinctTwoHopPairs,
      mutualPairs: wholeGraph?.mutualPairs, user: .init(value: user), following: following,
      followers: followers,
      suggestions: suggestions.map { .init(id: $0.id, paths: $0.paths) },
      feed: feed.map { .init(id: $0.id, author: $0.author, createdAt: $0.createdAt) },
      milliseconds: .init(
        load: times.load.milliseconds, suggest: times.suggest.milliseconds,
        feed: times.feed.milliseconds, join: times.join.milliseconds))
    return String(decoding: try encoder.encode(object), as: UTF8.self) + "\n"
  }

  /// The shape of the object: names are part of the command's interface.
  private struct JSONObject: Encodable {
    let users: Int
    let follows: Int
    let duplicates: Int
    let selfLinks: Int
    let twoHopPaths: Int
    let distinctTwoHopPairs: Int?
    let mutualPairs: Int?
    let user: Nullable
    let following: Int
    let followers: Int
    let suggestions: [Suggestion]
    let feed: [Entry]
    let milliseconds: Milliseconds

    /// A number that is written as null when there is none.
    struct Nullable: Encodable {
      let value: Int?

      func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
      }
    }

    struct Suggestion: Encodable {
      let id: Int
      let paths: Int
    }

    struct Entry: Encodable {
      let id: Int
      let author: Int
      let createdAt: Date
    }

    struct Milliseconds: Encodable {
      let load: Double
      let suggest: Double
      let feed: Double
      let join: Double
    }
  }
}
