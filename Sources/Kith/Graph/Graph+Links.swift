import KithCore

extension Graph {
  /// Links a row to another.
  ///
  /// - Returns: False if the link was there already; then nothing has changed.
  /// - Throws: `GraphError.missingReference` if either row does not exist, `GraphError.failedCheck`
  ///   if the association table allows no self links.
  @discardableResult
  public mutating func append<Source: Row, Target: Row>(
    _ target: Target.ID, to link: Link<Source, Target>, of source: Source.ID
  ) throws(GraphError) -> Bool {
    let ends = try ends(of: link, source, target)
    return insertLink(ends)
  }

  /// Links a row to others.
  ///
  /// - Returns: How many links were new.
  /// - Throws: As for one link; then none is appended.
  @discardableResult
  public mutating func append<Source: Row, Target: Row>(
    contentsOf targets: some Sequence<Target.ID>, to link: Link<Source, Target>,
    of source: Source.ID
  ) throws(GraphError) -> Int {
    var all: [LinkEnds] = []
    for target in targets { all.append(try ends(of: link, source, target)) }
    return all.reduce(0) { $0 + (insertLink($1) ? 1 : 0) }
  }

  /// Takes the link between two rows away.
  ///
  /// - Returns: False if there was none; then nothing has changed.
  @discardableResult
  public mutating func remove<Source: Row, Target: Row>(
    _ target: Target.ID, from link: Link<Source, Target>, of source: Source.ID
  ) -> Bool {
    guard let from = slot(of: Source.self, source), let to = slot(of: Target.self, target) else {
      return false
    }
    let number = layout.link(link.association.identity)
    return removeLink(LinkEnds(number: number, direction: link.association.direction, from, to))
  }

  /// Makes the rows linked to a row exactly those given. Links that stay are not touched.
  ///
  /// - Throws: As `append`; then nothing has changed.
  public mutating func replace<Source: Row, Target: Row>(
    _ link: Link<Source, Target>, of source: Source.ID, with targets: some Sequence<Target.ID>
  ) throws(GraphError) {
    let number = try layout.listedLink(link.association.identity)
    var wanted: [LinkEnds] = []
    for target in targets { wanted.append(try ends(of: link, source, target)) }
    guard let from = slot(of: Source.self, source) else {
      let info = layout.links[number]
      throw .missingReference(
        constraint: info.sourceConstraint, table: info.tableName, key: "\(source.stored)")
    }
    let direction = link.association.direction
    let kept = Set(wanted.map(\.to))
    for old in links(number).targets(of: from, direction) where !kept.contains(old) {
      removeLink(LinkEnds(number: number, direction: direction, from, old))
    }
    for ends in wanted { insertLink(ends) }
  }

  /// Two rows that an association table may link, and which way the caller sees them.
  private struct LinkEnds {
    let number: Int
    let direction: Direction
    let from: UInt32
    let to: UInt32

    init(number: Int, direction: Direction, _ from: UInt32, _ to: UInt32) {
      self.number = number
      self.direction = direction
      self.from = from
      self.to = to
    }

    var source: UInt32 { direction == .forward ? from : to }
    var target: UInt32 { direction == .forward ? to : from }
  }

  private func ends<Source: Row, Target: Row>(
    of link: Link<Source, Target>, _ source: Source.ID, _ target: Target.ID
  ) throws(GraphError) -> LinkEnds {
    let number = try layout.listedLink(link.association.identity)
    let direction = link.association.direction
    let info = layout.links[number]
    guard let from = slot(of: Source.self, source) else {
      throw .missingReference(
        constraint: direction == .forward ? info.sourceConstraint : info.targetConstraint,
        table: info.tableName, key: "\(source.stored)")
    }
    guard let to = slot(of: Target.self, target) else {
      throw .missingReference(
        constraint: direction == .forward ? info.targetConstraint : info.sourceConstraint,
        table: info.tableName, key: "\(target.stored)")
    }
    if !info.allowsSelfLinks, from == to, info.source == info.target {
      throw .failedCheck(
        constraint: info.selfLinkConstraint, table: info.tableName,
        key: "\(source.stored)")
    }
    return LinkEnds(number: number, direction: direction, from, to)
  }

  @discardableResult
  private mutating func insertLink(_ ends: LinkEnds) -> Bool {
    // Asked first, so that a link that is there copies no page and publishes nothing.
    let place = self.place(of: ends.source, ends.target, in: ends.number)
    if place.isTaken { return false }
    changeLinks(ends.number) { $0.insert(ends.source, ends.target, at: place) }
    return true
  }

  @discardableResult
  private mutating func removeLink(_ ends: LinkEnds) -> Bool {
    let place = self.place(of: ends.source, ends.target, in: ends.number)
    if !place.isTaken { return false }
    changeLinks(ends.number) { $0.remove(ends.source, ends.target, at: place) }
    return true
  }
}
