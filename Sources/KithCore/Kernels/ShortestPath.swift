/// A shortest path between two rows, searched from both ends at once.
///
/// Two breadth-first walks come towards each other, a whole level at a time; the next step is made
/// by the one whose last level has fewer links (Pohl 1971, "Bi-directional search"). On a social
/// graph each walks half of the steps, and so finds about the square root of the rows that a walk
/// from one end would.
///
/// ```
///            forward ──▶             ◀── backward
///   from ── · ── · · · ──── meets ──── · · · ── · ── to
///          level 1  level 2           level 2  level 1
/// ```
///
/// As long as the two have met in no row, no path is as short as the sum of their depths. So the
/// first row in which they meet lies on a shortest path, and the step is not made to its end.
package enum ShortestPath {
  /// The rows of a shortest path, both ends included, or nil when there is none, or when the task is
  /// cancelled before it is found.
  ///
  /// Rows in the middle of a step are left out. Of several shortest paths, it is the one through
  /// the row in which the walks first meet, each of which follows links by ascending slot, from the
  /// rows that it found first. So it depends on the links alone, not on how they came about.
  ///
  /// - Parameter step: The hops of a step, the last of which leads back to the table of the two rows.
  /// - Complexity: O(links of the rows found). Memory: O(rows found), and a bit a row.
  package static func find(
    from source: UInt32, to target: UInt32, along step: [RunHop]
  ) -> [UInt32]? {
    meet(source, target, step, tracing: true) { meeting in
      meeting.forward.path(to: meeting.forwardPlace).reversed()
        + meeting.backward.path(to: meeting.backwardPlace).dropFirst()
    }
  }

  /// The number of steps of a shortest path, or nil when there is none, or when the task is cancelled
  /// before it is found.
  ///
  /// Keeps no paths; the parameters and the complexity are those of `find`.
  package static func distance(
    from source: UInt32, to target: UInt32, along step: [RunHop]
  ) -> Int? {
    meet(source, target, step, tracing: false) { meeting in
      meeting.forward.depth + meeting.backward.depth
    }
  }

  /// Walks from both ends until they meet, and lends the two walks.
  private static func meet<Result>(
    _ source: UInt32, _ target: UInt32, _ step: [RunHop], tracing: Bool,
    _ body: (Meeting) -> Result
  ) -> Result? {
    BreadthFirst.walk(from: [source], along: step, tracing: tracing) { forward in
      BreadthFirst.walk(from: [target], along: step.walkedBack, tracing: tracing) { backward in
        meet(&forward, &backward).map(body)
      }
    }
  }

  private static func meet(
    _ forward: inout BreadthFirst, _ backward: inout BreadthFirst
  ) -> Meeting? {
    var place = forward.found.firstPlace(in: 0..<1, within: backward.found.seen)
    var metByForward = true
    (forward.stopsWithTask, backward.stopsWithTask) = (true, true)
    while place == nil {
      if forward.isCancelled || backward.isCancelled { return nil }
      let (forth, back) = (forward.pathCount(), backward.pathCount())
      if forth == 0 || back == 0 { return nil }
      metByForward = forth <= back
      place =
        metByForward
        ? forward.advance(until: backward.found.seen)
        : backward.advance(until: forward.found.seen)
    }
    guard let place else { return nil }
    let row = (metByForward ? forward : backward).found.rows[place]
    return Meeting(
      forward: forward, forwardPlace: metByForward ? place : forward.place(of: row),
      backward: backward, backwardPlace: metByForward ? backward.place(of: row) : place)
  }

  /// Two walks that have found the same row, each at a place in its queue.
  private struct Meeting {
    var forward: BreadthFirst
    var forwardPlace: Int
    var backward: BreadthFirst
    var backwardPlace: Int
  }
}

extension BreadthFirst {
  /// The place in the queue of a row that has been found.
  func place(of row: UInt32) -> Int {
    for place in (0..<found.last.upperBound).reversed() where found.rows[place] == row {
      return place
    }
    preconditionFailure("a row that was met has been found")
  }

  /// The rows of a shortest path from a place in the queue back to where the walk started.
  ///
  /// The walk must keep origins, and have started from one row.
  func path(to place: Int) -> [UInt32] {
    var path = [found.rows[place]]
    var place = place
    while place > 0 {
      place = Int(found.origins[place])
      path.append(found.rows[place])
    }
    return path
  }
}
