public import KithCore

extension Join {
  /// Calls `body` with the keys of both ends of every path, by source in order of insertion.
  ///
  /// Runs on the calling thread. If the task is cancelled, stops early; `try
  /// Task.checkCancellation()` afterwards tells.
  ///
  /// - Throws: What `body` throws, at once.
  /// - Complexity: O(paths). Memory: the keys of all targets, when there are more paths than rows.
  @inlinable
  public func forEach<Failure: Error>(
    _ body: (_ source: Source.ID, _ target: Target.ID) throws(Failure) -> Void
  ) throws(Failure) {
    let sources = graph.rows(of: Source.self, in: source).pages
    let targets = graph.rows(of: Target.self, in: target).pages
    let (sourceID, targetID) = (Source.table.idField, Target.table.idField)
    // A loop here, and not a closure that the kernel calls, so that `body` is compiled into it.
    let cursor = makeCursor()
    defer { withExtendedLifetime(self) {} }
    if let base = graph.keys(target, of: Target.ID.self)?.baseOfSequence {
      while cursor.advance() {
        let id = sources.read(sourceID, at: cursor.source)
        let segments = cursor.targets
        for _ in 0..<cursor.repeats {
          try segments.forEachRow { row throws(Failure) in
            try body(id, Target.ID(rank: base &+ UInt64(row)))
          }
        }
      }
    } else if readsAllTargets {
      let ids = targets.values(of: targetID, below: targetEnd)
      let keys = ids.span
      while cursor.advance() {
        let id = sources.read(sourceID, at: cursor.source)
        let segments = cursor.targets
        for _ in 0..<cursor.repeats {
          try segments.forEachElement(of: keys) { key throws(Failure) in
            try body(id, key)
          }
        }
      }
    } else {
      while cursor.advance() {
        let id = sources.read(sourceID, at: cursor.source)
        let segments = cursor.targets
        for _ in 0..<cursor.repeats {
          try segments.forEachRow { row throws(Failure) in
            try body(id, targets.read(targetID, at: row))
          }
        }
      }
    }
  }

  /// The table that the paths lead to.
  @usableFromInline var target: Int { graph.layout.table(of: Target.self) }

  /// One more than the largest slot of the table that the paths lead to.
  @usableFromInline var targetEnd: UInt32 { graph.table(target).slotEnd }

  /// Whether there are so many paths that all targets' keys are read once, before.
  @usableFromInline var readsAllTargets: Bool {
    run { !$0.takesLess(than: Int(targetEnd)) }
  }

  /// A cursor in front of the first path; valid while this join, which holds the graph, lives.
  @usableFromInline
  func makeCursor() -> PathCursor { run { PathCursor($0) } }
}
