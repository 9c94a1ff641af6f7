import KithCore

/// A link between two rows, by their numbers.
struct RawLink: Sendable, Hashable, Comparable {
  var source: UInt32
  var target: UInt32

  static func < (left: RawLink, right: RawLink) -> Bool {
    (left.source, left.target) < (right.source, right.target)
  }
}

/// The links of an association table: those that were read, in order, and what changed since.
struct RawLinks: Sendable {
  private var base: [RawLink] = []
  private var gone: Set<RawLink> = []
  private var come: Set<RawLink> = []

  /// Links that are in order, each there once.
  init(inOrder base: [RawLink] = []) {
    self.base = base
  }

  var count: Int { base.count - gone.count + come.count }

  /// The links in order.
  var all: [RawLink] {
    let kept = gone.isEmpty ? base : base.filter { !gone.contains($0) }
    return come.isEmpty ? kept : (kept + come).sorted()
  }

  func contains(_ link: RawLink) -> Bool {
    come.contains(link) || isInBase(link) && !gone.contains(link)
  }

  private func isInBase(_ link: RawLink) -> Bool {
    let place = base.indices.partitioningIndex { base[$0] >= link }
    return place < base.count && base[place] == link
  }

  /// Adds a link; false if it was there.
  @discardableResult
  mutating func insert(_ link: RawLink) -> Bool {
    if contains(link) { return false }
    if gone.remove(link) == nil { come.insert(link) }
    return true
  }

  /// Removes a link; false if it was not there.
  @discardableResult
  mutating func remove(_ link: RawLink) -> Bool {
    if come.remove(link) != nil { return true }
    return isInBase(link) && gone.insert(link).inserted
  }

  /// Gives rows other numbers, in the same order, and lets go the links of rows without one.
  mutating func renumber(_ sources: [UInt32]?, _ targets: [UInt32]?) {
    var links = all
    if sources != nil || targets != nil {
      links = links.compactMap { link in
        let source = sources.map { $0[Int(link.source)] } ?? link.source
        let target = targets.map { $0[Int(link.target)] } ?? link.target
        return source == .max || target == .max ? nil : RawLink(source: source, target: target)
      }
    }
    self = RawLinks(inOrder: links)
  }
}
