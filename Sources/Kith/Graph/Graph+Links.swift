public import KithCore

extension Graph {
  /// Links a row to another.
  ///
  /// - Returns: False if the link was there already; then nothing has changed.
  /// - Throws: `GraphError.missingReference` if either row does not exist, `GraphError.failedCheck`
  ///   if the association table allows no self links.
  @inlinable
  @discardableResult
  public mutating func append<Source: Row, Target: Row>(
    _ target: Target.ID, to link: Link<Source, Target>, of source: Source.ID
  ) throws(GraphError) -> Bool {
    insertLink(try checkedEnds(of: link, source, target))
  }

  /// Links a row to others.
  ///
  /// - Returns: How many links were new.
  /// - Throws: As for one link; then none is appended.
  @inlinable
  @discardableResult
  public mutating func append<Source: Row, Target: Row>(
    contentsOf targets: some Sequence<Target.ID>, to link: Link<Source, Target>,
    of source: Source.ID
  ) throws(GraphError) -> Int {
    var all: [LinkEnds] = []
    for target in targets { all.append(try checkedEnds(of: link, source, target)) }
    return all.reduce(0) { $0 + (insertLink($1) ? 1 : 0) }
  }

  /// Takes the link between two rows away.
  ///
  /// - Returns: False if there was none; then nothing has changed.
  /// - Precondition: The schema lists the association table.
  @inlinable
  @discardableResult
  public mutating func remove<Source: Row, Target: Row>(
    _ target: Target.ID, from link: Link<Source, Target>, of source: Source.ID
  ) -> Bool {
    guard let ends = ends(of: link, source, target) else {
      requireListed(link.association.identity)
      return false
    }
    return removeLink(ends)
  }

  /// Makes the rows linked to a row exactly those given. Links that stay are not touched.
  ///
  /// - Throws: As `append`; then nothing has changed.
  public mutating func replace<Source: Row, Target: Row>(
    _ link: Link<Source, Target>, of source: Source.ID, with targets: some Sequence<Target.ID>
  ) throws(GraphError) {
    let number = try layout.listedLink(link.association.identity)
    let direction = link.association.direction
    var wanted: [LinkEnds] = []
    for target in targets { wanted.append(try checkedEnds(of: link, source, target)) }
    guard let from = slot(of: Source.self, source) else {
      throw layout.links[number].value.missing(source.stored, isSource: direction == .forward)
    }
    let kept = Set(wanted.map(\.to))
    for old in links(number).targets(of: from, direction) where !kept.contains(old) {
      removeLink(LinkEnds(number: number, direction: direction, from: from, to: old))
    }
    for ends in wanted { insertLink(ends) }
  }

  // MARK: Two rows and a link

  /// Two rows that an association table may link, and which way the caller sees them.
  @usableFromInline
  struct LinkEnds {
    let number: Int
    let direction: Direction
    let from: UInt32
    let to: UInt32

    var source: UInt32 { direction == .forward ? from : to }
    var target: UInt32 { direction == .forward ? to : from }
  }

  /// The two rows with some keys, or nil if a link between them is refused.
  ///
  /// Only this much is compiled for each type of row; what it calls is compiled once.
  @inlinable
  @inline(__always)
  func ends<Source: Row, Target: Row>(
    of link: Link<Source, Target>, _ source: Source.ID, _ target: Target.ID
  ) -> LinkEnds? {
    let association = link.association
    if Source.ID.hasRanks, Target.ID.hasRanks {
      return ends(
        of: association.identity, association.direction, ofRanks: source.stored.rank,
        target.stored.rank)
    }
    return ends(of: association.identity, association.direction, source.stored, target.stored)
  }

  /// The two rows with some keys.
  ///
  /// - Throws: As `append`.
  @inlinable
  @inline(__always)
  func checkedEnds<Source: Row, Target: Row>(
    of link: Link<Source, Target>, _ source: Source.ID, _ target: Target.ID
  ) throws(GraphError) -> LinkEnds {
    if let ends = ends(of: link, source, target) { return ends }
    let association = link.association
    throw refusal(of: association.identity, association.direction, source.stored, target.stored)
  }

  /// The two rows whose keys have some ranks, or nil if a link between them is refused.
  @usableFromInline
  func ends(
    of link: LinkIdentity, _ direction: Direction, ofRanks source: UInt64, _ target: UInt64
  ) -> LinkEnds? {
    ends(of: link, direction) { tables in
      (slot(in: tables.from, ofRank: source), slot(in: tables.to, ofRank: target))
    }
  }

  /// The two rows with some keys, or nil if a link between them is refused.
  @usableFromInline
  func ends(
    of link: LinkIdentity, _ direction: Direction, _ source: StoredValue, _ target: StoredValue
  ) -> LinkEnds? {
    ends(of: link, direction) { tables in
      (slot(in: tables.from, ofKey: source), slot(in: tables.to, ofKey: target))
    }
  }

  /// The two rows that `find` finds in the tables of a link.
  @inline(__always)
  private func ends(
    of link: LinkIdentity, _ direction: Direction,
    _ find: ((from: Int, to: Int)) -> (from: UInt32?, to: UInt32?)
  ) -> LinkEnds? {
    guard let number = layout.number(of: link) else { return nil }
    let found = find(layout.tables(of: number, direction))
    guard let from = found.from, let to = found.to, from != to || layout.allowsLoops(number) else {
      return nil
    }
    return LinkEnds(number: number, direction: direction, from: from, to: to)
  }

  /// Why a link between the rows with some keys is refused.
  @usableFromInline
  @inline(never)
  func refusal(
    of link: LinkIdentity, _ direction: Direction, _ source: StoredValue, _ target: StoredValue
  ) -> GraphError {
    let number: Int
    do { number = try layout.listedLink(link) } catch { return error }
    let info = layout.links[number].value
    let tables = layout.tables(of: number, direction)
    if slot(in: tables.from, ofKey: source) == nil {
      return info.missing(source, isSource: direction == .forward)
    }
    if slot(in: tables.to, ofKey: target) == nil {
      return info.missing(target, isSource: direction == .backward)
    }
    return info.selfLinkFault(source)
  }

  /// - Precondition: The schema lists the link.
  @usableFromInline
  func requireListed(_ link: LinkIdentity) {
    _ = layout.link(link)
  }

  /// Links two rows, unless they are linked.
  @usableFromInline
  @discardableResult
  mutating func insertLink(_ ends: LinkEnds) -> Bool {
    // Asked first, so that a link that is there copies no page and publishes nothing.
    let place = place(of: ends.source, ends.target, in: ends.number)
    if place.isTaken { return false }
    changeLinks(ends.number) { $0.insert(ends.source, ends.target, at: place) }
    return true
  }

  /// Takes the link between two rows away, if there is one.
  @usableFromInline
  @discardableResult
  mutating func removeLink(_ ends: LinkEnds) -> Bool {
    let place = place(of: ends.source, ends.target, in: ends.number)
    if !place.isTaken { return false }
    changeLinks(ends.number) { $0.remove(ends.source, ends.target, at: place) }
    return true
  }
}
