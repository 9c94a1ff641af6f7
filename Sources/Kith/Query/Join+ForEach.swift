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
    var failure: Failure?
    if readsAllTargets {
      let ids = targets.values(of: targetID, below: targetEnd)
      forEachSource { source, segments, repeats in
        do throws(Failure) {
          let id = sources.read(sourceID, at: source)
          for _ in 0..<repeats {
            try segments.forEachRow { row throws(Failure) in try body(id, ids[Int(row)]) }
          }
          return true
        } catch {
          failure = error
          return false
        }
      }
    } else {
      forEachSource { source, segments, repeats in
        do throws(Failure) {
          let id = sources.read(sourceID, at: source)
          for _ in 0..<repeats {
            try segments.forEachRow { row throws(Failure) in
              try body(id, targets.read(targetID, at: row))
            }
          }
          return true
        } catch {
          failure = error
          return false
        }
      }
    }
    if let failure { throw failure }
  }

  /// The table that the paths lead to.
  @usableFromInline var target: Int { graph.layout.table(of: Target.self) }

  /// One more than the largest slot of the table that the paths lead to.
  @usableFromInline var targetEnd: UInt32 { graph.table(target).slotEnd }

  /// Whether there are so many paths that all targets' keys are read once, before.
  @usableFromInline var readsAllTargets: Bool {
    run { !$0.takesLess(than: Int(targetEnd)) }
  }

  /// Calls `body` with every source that has paths and the targets of its paths, until it returns
  /// false or the task is cancelled.
  @usableFromInline
  func forEachSource(_ body: (UInt32, RunSegments, Int) -> Bool) {
    run { join in
      for first in stride(from: 0, to: join.sourceCount, by: 1_024) {
        let sources = first..<min(first + 1_024, join.sourceCount)
        if Task.isCancelled || !join.forEachSource(in: sources, body) { return }
      }
    }
  }
}
