import Foundation
import Kith
import Testing

@Suite struct `Keys in other formats` {
  private struct Answer: Codable, Equatable {
    var id: Key<Example, Int>
    var handle: Key<Example, String>
    var link: Pair<Key<Example, Int>, String>
  }
  private enum Example {}

  @Test func `a typed key is written as its raw value, and a pair as its parts`() throws {
    let answer = Answer(id: 7, handle: "한글", link: Pair(7, "a"))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json = try encoder.encode(answer)
    #expect(
      String(decoding: json, as: UTF8.self)
        == #"{"handle":"한글","id":7,"link":{"first":7,"second":"a"}}"#)
    #expect(try JSONDecoder().decode(Answer.self, from: json) == answer)
    let wrong = Data(#"{"handle":"x","id":"7","link":{"first":7,"second":"a"}}"#.utf8)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Answer.self, from: wrong) }
  }
}
