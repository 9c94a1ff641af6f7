/// The links between two tables, walked from either side: the association table itself.
///
/// Both directions are kept, each a sorted run a row, so the run is also the uniqueness index of
/// the pair.
@usableFromInline
package struct Adjacency: Sendable {
  /// From each source to its targets.
  @usableFromInline package private(set) var forward: Runs
  /// From each target to its sources.
  @usableFromInline package private(set) var backward: Runs
  /// The number of links.
  package private(set) var count = 0

  let geometry: RunGeometry

  /// Makes an adjacency without links.
  package init(geometry: RunGeometry = .standard) {
    self.geometry = geometry
    forward = Runs(geometry: geometry)
    backward = Runs(geometry: geometry)
  }

  /// The runs of one direction.
  package func runs(_ direction: Direction) -> Runs {
    direction == .forward ? forward : backward
  }

  /// Reads the runs of one direction without counting owners, for as long as the links are neither
  /// changed nor dropped. It is read where it stands: an adjacency is large to copy.
  @inlinable
  @inline(__always)
  package func view(_ direction: Direction) -> RunsView {
    direction == .forward ? forward.view : backward.view
  }

  /// Reads the runs of one direction; the view is valid inside `body`.
  @inline(__always)
  package func withView<Result, Failure: Error>(
    _ direction: Direction, _ body: (RunsView) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch direction {
    case .forward: try forward.withView(body)
    case .backward: try backward.withView(body)
    }
  }

  /// The number of links of a row in one direction. O(1).
  package func count(of slot: UInt32, _ direction: Direction) -> Int {
    withView(direction) { $0.count(of: slot) }
  }

  /// Whether a link is there, seen from either of its ends.
  package func contains(_ target: UInt32, from source: UInt32, _ direction: Direction) -> Bool {
    withView(direction) { $0.contains(target, in: source) }
  }

  /// Inserts a link, unless it is there.
  ///
  /// - Returns: False if the link was there; then nothing has changed.
  @discardableResult
  package mutating func insert(_ source: UInt32, _ target: UInt32) -> Bool {
    let place = place(of: source, target)
    if place.isTaken { return false }
    insert(source, target, at: place)
    return true
  }

  /// Finds where a link stands, or would be inserted.
  private func place(of source: UInt32, _ target: UInt32) -> LinkPlace {
    defer { withExtendedLifetime(self) {} }
    return LinkPlace(of: source, target, forward.view, backward.view)
  }

  /// Inserts a link that is not there.
  package mutating func insert(_ source: UInt32, _ target: UInt32, at place: LinkPlace) {
    forward.insert(target, into: source, at: place.forward)
    backward.insert(source, into: target, at: place.backward)
    count += 1
  }

  /// Removes a link, if it is there.
  ///
  /// - Returns: False if the link was not there; then nothing has changed.
  @discardableResult
  package mutating func remove(_ source: UInt32, _ target: UInt32) -> Bool {
    let place = place(of: source, target)
    if !place.isTaken { return false }
    remove(source, target, at: place)
    return true
  }

  /// Removes a link that is there.
  package mutating func remove(_ source: UInt32, _ target: UInt32, at place: LinkPlace) {
    forward.remove(target, from: source, at: place.forward)
    backward.remove(source, from: target, at: place.backward)
    count -= 1
  }

  /// Removes every link that starts at a row, or ends there.
  ///
  /// - Complexity: O(*d* log *n*) for a row with *d* links.
  package mutating func removeAll(of slot: UInt32, _ direction: Direction) {
    switch direction {
    case .forward: count -= Adjacency.removeAll(of: slot, from: &forward, &backward)
    case .backward: count -= Adjacency.removeAll(of: slot, from: &backward, &forward)
    }
  }

  /// Removes every link of a row from the runs that have it as their source, and from the others.
  ///
  /// - Returns: How many links were removed.
  private static func removeAll(
    of slot: UInt32, from runs: inout Runs, _ others: inout Runs
  ) -> Int {
    let count = runs.withView { view in
      view.forEachTarget(of: slot) { others.remove(slot, from: $0) }
      return view.count(of: slot)
    }
    runs.removeAll(of: slot)
    return count
  }

  /// Inserts many links at once, by sorting.
  ///
  /// - Parameters:
  ///   - sourceCount: One more than the largest source slot; likewise for `targetCount`.
  ///   - sort: How links are sorted.
  /// - Returns: How many were inserted; the others were there, or stand in `links` more than once.
  /// - Complexity: O(links + rows), those already there included, when the batch is large; or else
  ///   the cost of inserting each.
  @discardableResult
  package mutating func insert(
    contentsOf links: LinkBatch, sourceCount: Int, targetCount: Int, sort: LinkSort = .standard
  ) -> Int {
    let before = count
    if links.count < count / 8 {
      links.forEach { source, target in insert(source, target) }
      return count - before
    }
    var all = links
    if count > 0 {
      all.reserveCapacity(links.count + count)
      forEachLink { source, target in all.append(source, target) }
    }
    let sorted = SortedLinks(all, sourceCount: sourceCount, targetCount: targetCount, sort)
    forward = Runs(sorted.forwardOffsets, sorted.targets, sorted.count, geometry)
    backward = Runs(sorted.backwardOffsets, sorted.sources, sorted.count, geometry)
    count = sorted.count
    return count - before
  }

  /// Whether every link of a batch is there.
  ///
  /// - Complexity: O(log *n*) for each link up to the first that is not there.
  package func containsAll(of links: LinkBatch) -> Bool {
    defer { withExtendedLifetime(self) {} }
    let runs = forward.view
    return links.allSatisfy { runs.contains($1, in: $0) }
  }

  /// Takes runs of both directions that were made of the same links.
  package mutating func adopt(forward: Runs, backward: Runs, count: Int) {
    (self.forward, self.backward, self.count) = (forward, backward, count)
  }

  /// The targets of a row in order, copied.
  package func targets(of slot: UInt32, _ direction: Direction) -> [UInt32] {
    withView(direction) { $0.targets(of: slot) }
  }

  /// Calls `body` with every link, by source and then by target.
  package func forEachLink(_ body: (_ source: UInt32, _ target: UInt32) -> Void) {
    forward.forEachSource { source, run in
      for index in run.indices { body(source, run[index]) }
    }
  }

  /// Pages, nodes and leaves that writes had to copy because a snapshot shared them.
  package var copies: Int { forward.copies + backward.copies }

  /// The bytes of both directions.
  package var byteCount: Int { forward.byteCount + backward.byteCount }
}

extension Runs {
  fileprivate init(
    _ offsets: borrowing RunOffsets, _ targets: borrowing WordBuffer<UInt32>, _ count: Int,
    _ geometry: RunGeometry
  ) {
    self = targets.withPrefix(count) { targets in
      offsets.withSpan { Runs(offsets: $0, targets: targets, geometry: geometry) }
    }
  }
}

/// Which way a link is walked.
@usableFromInline
package enum Direction: Sendable, Hashable {
  /// From source to target.
  case forward
  /// From target to source.
  case backward

  /// The other way.
  package var reversed: Direction { self == .forward ? .backward : .forward }
}
