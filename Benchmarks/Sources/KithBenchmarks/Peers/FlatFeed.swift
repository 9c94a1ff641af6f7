/// Posts by author in flat arrays, and the newest post of each author.
final class FlatFeed {
  private let csr: StaticCSR
  /// The posts of each user, oldest first; a post's slot is its id less one, and its age.
  private let posts: FlatRuns
  /// The newest post of each user as an id, 0 for none.
  private let newest: UnsafeMutableBufferPointer<UInt32>

  init(_ csr: StaticCSR, _ authorOf: [Int]) {
    self.csr = csr
    let packed = authorOf.indices.map { Links.pack(authorOf[$0] - 1, $0) }
    posts = FlatRuns(count: csr.ids.count, packed: packed, isBackward: false)
    newest = .allocate(capacity: csr.ids.count)
    newest.initialize(repeating: 0)
    for (index, author) in authorOf.enumerated() { newest[author - 1] = UInt32(index + 1) }
  }

  deinit {
    posts.deallocate()
    newest.deallocate()
  }

  /// The newest posts of those whom a user follows, before a post.
  ///
  /// Only the authors of the newest heads can be on the page: any other author has at least as many
  /// newer posts above all of his. So their runs alone are merged, from the end.
  func feed(_ reader: Int, before last: Int, _ size: Int) -> [Int] {
    guard let slot = csr.slots[reader] else { return [] }
    var heads: [UInt64] = []
    heads.reserveCapacity(size + 1)
    let newest = newest
    for author in csr.following[slot] {
      var head = UInt64(newest[Int(author)])
      if head >= last { head = newestPost(of: author, before: last) }
      if head == 0 { continue }
      let key = head << 32 | UInt64(author)
      if heads.count == size, key < heads[size - 1] { continue }
      FlatFeed.insert(key, into: &heads, limit: size)
    }
    return merge(heads, size)
  }

  private func merge(_ start: [UInt64], _ size: Int) -> [Int] {
    var heads = start
    var page: [Int] = []
    while page.count < size, let best = heads.first {
      heads.removeFirst()
      page.append(Int(best >> 32))
      let author = UInt32(truncatingIfNeeded: best)
      let next = newestPost(of: author, before: Int(best >> 32))
      if next > 0 {
        FlatFeed.insert(next << 32 | UInt64(author), into: &heads, limit: size - page.count)
      }
    }
    return page
  }

  /// The id of the newest post of an author before a post, by binary search; 0 for none.
  private func newestPost(of author: UInt32, before last: Int) -> UInt64 {
    let run = posts[author]
    var (low, high) = (0, run.count)
    while low < high {
      let middle = (low &+ high) >> 1
      if Int(run[middle]) + 1 < last { low = middle &+ 1 } else { high = middle }
    }
    return low == 0 ? 0 : UInt64(run[low &- 1]) + 1
  }

  private static func insert(_ key: UInt64, into heads: inout [UInt64], limit: Int) {
    if heads.count >= limit {
      if heads.last.map({ $0 > key }) ?? true { return }
      heads.removeLast()
    }
    var place = heads.count
    while place > 0, heads[place - 1] < key { place -= 1 }
    heads.insert(key, at: place)
  }
}
