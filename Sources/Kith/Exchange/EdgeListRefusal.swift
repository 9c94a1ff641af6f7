/// Why the link of a line is refused, though the line can be read. The reader adds the place.
struct EdgeListRefusal: Error {
  /// The id at fault: 0 for the source, 1 for the target.
  let field: Int
  let reason: Reason

  /// What is wrong with the id.
  enum Reason {
    /// It is no key of its table, whose keys are as described.
    case unfit(expected: String)
    /// It is a key, but not one that may stand there.
    case refused(GraphError)
  }

  /// The refusal for errors.
  ///
  /// - Parameters:
  ///   - line: The line, without its line end.
  ///   - number: The number of the line, from 1.
  func error(inLine line: Span<UInt8>, _ number: Int, of file: String) -> GraphError {
    let place = line.fields(isFirst: number == 1)[field]
    let column = place.lowerBound + 1
    return switch reason {
    case .unfit(let expected):
      .unreadableInput(
        file: file, line: number, column: column, found: line.shown(place), expected: expected)
    case .refused(let error):
      .refusedInput(file: file, line: number, column: column, reason: error)
    }
  }
}
