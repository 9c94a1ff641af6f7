/// A binary search in a sorted run, step by step, so that the searches of several runs can be
/// interleaved and their cache misses overlap.
@safe
struct RunSearch {
  /// SAFETY: whoever makes a search keeps the page of the run alive and unchanged meanwhile.
  private let run: UnsafeBufferPointer<UInt32>
  private var low = 0
  private var count: Int

  /// Makes a search of a whole run.
  @inline(__always)
  init(_ run: UnsafeBufferPointer<UInt32>) {
    unsafe self.run = run
    count = run.count
  }

  /// Gives up the half of what is left in which the place is not.
  @inline(__always)
  mutating func halve(for target: UInt32, _ order: some RunOrder) {
    guard count > 1 else { return }
    // No branch depends on the targets: which half comes next can't be predicted.
    let half = count &>> 1
    low = order.precedes(unsafe run[low &+ half &- 1], target) ? low &+ half : low
    count &-= half
  }

  /// The index of the first target that does not come before `target`.
  @inline(__always)
  mutating func bound(of target: UInt32, _ order: some RunOrder) -> Int {
    while count > 1 { halve(for: target, order) }
    return count == 1 && order.precedes(unsafe run[low], target) ? low &+ 1 : low
  }

  /// Whether a target stands at an index.
  @inline(__always)
  func has(_ target: UInt32, at index: Int) -> Bool {
    unsafe index < run.count && run[index] == target
  }
}

/// The index of the first target in a sorted run that does not come before `target`.
@inline(__always)
func bound(
  in run: UnsafeBufferPointer<UInt32>, of target: UInt32, _ order: some RunOrder
) -> Int {
  var search = unsafe RunSearch(run)
  return search.bound(of: target, order)
}
