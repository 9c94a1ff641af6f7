import Foundation
import Kith

/// The text of a cursor, or, with an odd first byte, the values of one that belongs to a query.
func fuzz(_ input: [UInt8]) {
  guard let first = input.first else { return }
  let rest = Array(input.dropFirst())
  let graph = sample
  let queries = [
    graph[Note.self], graph[Note.self].sorted(by: \.score, .descending, \.about),
    graph[Member.self].notes.sorted(by: \.id, .descending), graph[Note.self].filter(\.score > 2),
  ]
  let query = queries[Int(first / 2) % queries.count]
  let text = first % 2 == 0 ? String(decoding: rest, as: UTF8.self) : forged(query, rest)
  guard let cursor = try? Cursor(text) else { return }
  require((try? Cursor("\(cursor)")) == cursor, "another text form, another cursor")
  let all = query.ids
  for page in [query.page(size: 3, after: cursor), query.page(size: 3, before: cursor)] {
    guard let ids = try? page.rows.map(\.id) else { continue }
    let start = ids.first.flatMap { all.firstIndex(of: $0) } ?? 0
    require(Array(all.dropFirst(start).prefix(ids.count)) == ids, "a page is a part of the list")
  }
}

/// A cursor that says that a query made it, with these values.
private func forged(_ query: Query<Note>, _ values: [UInt8]) -> String {
  let genuine = (try? query.page(size: 1).next).map { "\($0)" } ?? ""
  let base64 = genuine.replacing("-", with: "+").replacing("_", with: "/")
  let padding = String(repeating: "=", count: (4 - base64.count % 4) % 4)
  let data = (Data(base64Encoded: base64 + padding) ?? Data()).prefix(9) + Data(values)
  return data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
    .replacing("=", with: "")
}

private let sample: Graph = requireReturn("sample") {
  var graph = Graph(schema)
  for id in 1...4 { try graph.insert(Member(id: id, handle: "m\(id)")) }
  for number in 0..<12 {
    try graph.insert(
      Note(
        id: "\(number * 7 % 12)", author: number % 3 + 1, about: number % 4 == 0 ? nil : 4,
        score: number % 5))
  }
  return graph
}
