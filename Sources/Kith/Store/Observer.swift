/// Finds the next value of a function of the graph that differs from the one before.
///
/// The one who iterates asks for it; nothing is computed before that.
actor Observer<Value: Equatable & Sendable> {
  private let publication: Publication
  private let value: @Sendable (Graph) throws -> Value
  private var signals: AsyncStream<Void>.Iterator
  private var last: Value?
  private var isOver = false

  init(_ publication: Publication, _ value: @escaping @Sendable (Graph) throws -> Value) {
    self.publication = publication
    self.value = value
    signals = publication.signals().makeAsyncIterator()
  }

  /// The present value when it is asked for the first time, and then the next that differs; nil when
  /// the task is cancelled, the store is gone or its folder has other tables, and after an error.
  func next() async throws -> Value? {
    while !isOver {
      if last != nil {
        var signals = signals
        guard await signals.next(isolation: self) != nil else { break }
      }
      if Task.isCancelled { break }
      guard let graph = publication.readable else { break }
      do {
        let value = try value(graph)
        if value == last { continue }
        last = value
        return value
      } catch {
        isOver = true
        throw error
      }
    }
    isOver = true
    return nil
  }
}
