import Foundation
import Kith
import KithCore

/// What libFuzzer calls with each input; `fuzz` is the target that was built with this file.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  fuzz(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

/// The schema of the targets that need links.
let schema: Schema = requireReturn("schema") {
  try Schema {
    Member.self
    Note.self
    Member.follows
  }
}

/// An empty table with a column of every kind.
let specimens: Graph = requireReturn("schema") { try Specimen.graph() }

/// Stops, so that libFuzzer keeps the input, unless something holds.
func require(_ holds: Bool, _ message: @autoclosure () -> String) {
  if holds { return }
  FileHandle.standardError.write(Data((message() + "\n").utf8))
  abort()
}

/// Stops unless a closure returns.
func requireReturn<Result>(_ message: String, _ body: () throws -> Result) -> Result {
  do {
    return try body()
  } catch {
    require(false, "\(message): \(error)")
    abort()
  }
}

/// Stops unless a graph is sound and comes back from its bytes.
func requireSound(_ graph: Graph) {
  requireReturn("the graph is not sound") { try graph.validate() }
  let data = graph.encoded()
  let copy = requireReturn("the graph does not come back") {
    try Graph(graph.schema, decoding: data)
  }
  require(copy.encoded() == data, "the graph comes back as another")
}

/// What became of a graph into which a text was loaded.
struct TextOutcome: Equatable {
  let report: LoadReport?
  let error: GraphError?
  let data: Data
}

/// Loads a text whole and in chunks, and requires the same, and no trace of what was refused.
///
/// The first byte of the input says how long chunks are, and whether it is all or nothing.
///
/// - Parameter write: The text of what was read, which must be read as the same.
func fuzzText(
  _ input: [UInt8], into before: Graph,
  _ load: (inout Graph, TextSource, _ allOrNothing: Bool) throws -> LoadReport,
  write: (Graph) -> String
) {
  guard let first = input.first else { return }
  func outcome(_ bytes: [UInt8], chunkSize: Int, _ allOrNothing: Bool) -> (TextOutcome, Graph) {
    let source = TextSource(bytes: bytes, name: "text", chunkSize: chunkSize)
    var graph = before
    do {
      let report = try load(&graph, source, allOrNothing)
      return (TextOutcome(report: report, error: nil, data: graph.encoded()), graph)
    } catch let error as GraphError {
      return (TextOutcome(report: nil, error: error, data: graph.encoded()), graph)
    } catch {
      require(false, "no error of a graph: \(error)")
      abort()
    }
  }
  let (bytes, allOrNothing) = (Array(input.dropFirst()), first < 128)
  let (whole, graph) = outcome(bytes, chunkSize: 1 << 20, allOrNothing)
  let (cut, _) = outcome(bytes, chunkSize: 1 + Int(first % 64), allOrNothing)
  require(whole == cut, "other chunks, another outcome")
  if whole.error != nil { return require(whole.data == before.encoded(), "a refusal left a trace") }
  requireSound(graph)
  let text = Array(write(graph).utf8)
  require(outcome(text, chunkSize: 1 << 20, true).0.data == whole.data, "written and read again")
}
