/// What the links of a static CSR must keep, before they are taken as they are.
package struct LinkRules: Sendable {
  private let targetCount: Int
  private let allowsLoops: Bool

  /// - Parameters:
  ///   - targetCount: One more than the largest target there may be.
  ///   - allowsLoops: Whether a source may be linked to the target with its number.
  package init(targetCount: Int, allowsLoops: Bool) {
    self.targetCount = targetCount
    self.allowsLoops = allowsLoops
  }

  /// Where the first target is that breaks a rule: a run ascends without repeats, and no target is
  /// too large, or its source where that is not allowed. Nil if there is none.
  ///
  /// - Precondition: The offsets ascend from 0 to the number of targets.
  /// - Parameter workers: What the work is shared out to.
  /// - Complexity: O(links + sources).
  package func firstFault(
    offsets: [UInt32], targets: [UInt32], workers: Workers = .alone
  ) -> Int? {
    let parts = workers.parts(of: offsets.span)
    let faults = Locked<[Int]>([])
    workers.run(parts.count) { part in
      if let fault = firstFault(of: parts[part], offsets.span, targets.span) {
        faults.withLock { $0.append(fault) }
      }
    }
    return faults.withLock { $0.min() }
  }

  private func firstFault(
    of sources: Range<Int>, _ offsets: Span<UInt32>, _ targets: Span<UInt32>
  ) -> Int? {
    for source in sources {
      var least = 0
      for place in Int(offsets[source])..<Int(offsets[source + 1]) {
        let target = Int(targets[place])
        if target < least || target >= targetCount || target == source && !allowsLoops {
          return place
        }
        least = target + 1
      }
    }
    return nil
  }
}
