import Kith
import Testing

extension Graph {
  /// Expects that a change is refused with an error, and that nothing of it is to be seen.
  func expectRejection(
    _ error: GraphError, sourceLocation: SourceLocation = #_sourceLocation,
    of change: (inout Graph) throws -> Void
  ) {
    var graph = self
    #expect(throws: error, sourceLocation: sourceLocation) { try change(&graph) }
    #expect(Change(from: self, to: graph).isEmpty, sourceLocation: sourceLocation)
  }
}
