extension NaiveStore {
  /// An association table, as one of its ends sees it.
  package struct Side: Hashable, Sendable {
    package let link: Int
    package let isForward: Bool

    package init(_ link: Int, isForward: Bool) {
      self.link = link
      self.isForward = isForward
    }
  }

  func tables(_ side: Side) -> (near: Int, far: Int) {
    let link = shape.links[side.link]
    return side.isForward ? (link.source, link.target) : (link.target, link.source)
  }

  private func missing(_ side: Side, isNear: Bool, _ key: Value) -> Refusal {
    let link = shape.links[side.link]
    let (column, table) =
      isNear == side.isForward ? ("source_id", link.source) : ("target_id", link.target)
    let constraint = "fk_\(link.name)_\(column)_\(shape.tables[table].name)"
    return Refusal([Fault(.missingReference, constraint, link.name, "\(key)")])
  }

  /// The ends of a link that may be there.
  private func ends(_ near: Value, _ far: Value, _ side: Side) throws(Refusal) -> LinkEnds {
    let (link, tables) = (shape.links[side.link], tables(side))
    guard let from = find(tables.near, near) else { throw missing(side, isNear: true, near) }
    guard let to = find(tables.far, far) else { throw missing(side, isNear: false, far) }
    if tables.near == tables.far, from.serial == to.serial, !link.allowsSelfLinks {
      throw Refusal([Fault(.failedCheck, "ck_\(link.name)_no_self_links", link.name, "\(near)")])
    }
    return side.isForward
      ? LinkEnds(source: from.serial, target: to.serial)
      : LinkEnds(source: to.serial, target: from.serial)
  }

  /// Links rows to one; returns how many links are new.
  package mutating func append(
    _ far: [Value], to side: Side, of near: Value
  ) throws(Refusal) -> Int {
    var all: Set<LinkEnds> = []
    for key in far { all.insert(try ends(near, key, side)) }
    let new = all.subtracting(links[side.link])
    links[side.link].formUnion(new)
    return new.count
  }

  /// Takes a link away; false if there is none.
  package mutating func remove(_ far: Value, from side: Side, of near: Value) -> Bool {
    // A link that is refused is none that is there.
    guard let ends = try? ends(near, far, side) else { return false }
    return links[side.link].remove(ends) != nil
  }

  /// Whether a link is there.
  package func isLinked(_ near: Value, _ far: Value, _ side: Side) -> Bool {
    guard let ends = try? ends(near, far, side) else { return false }
    return links[side.link].contains(ends)
  }

  /// Makes the links of a row exactly those given.
  package mutating func replace(
    _ side: Side, of near: Value, with far: [Value]
  ) throws(Refusal) {
    var all: Set<LinkEnds> = []
    for key in far { all.insert(try ends(near, key, side)) }
    guard let row = find(tables(side).near, near) else { throw missing(side, isNear: true, near) }
    links[side.link] = links[side.link].filter { ends in
      (side.isForward ? ends.source : ends.target) != row.serial
    }
    links[side.link].formUnion(all)
  }

  /// What a bulk load did.
  package struct Load: Equatable, Sendable {
    package var inserted = 0
    package var duplicates = 0
    package var selfLinks = 0
    package var refused = 0

    package init(inserted: Int = 0, duplicates: Int = 0, selfLinks: Int = 0, refused: Int = 0) {
      self.inserted = inserted
      self.duplicates = duplicates
      self.selfLinks = selfLinks
      self.refused = refused
    }
  }

  /// Links many rows.
  package mutating func load(
    _ pairs: [(near: Value, far: Value)], _ side: Side, allOrNothing: Bool
  ) throws(Refusal) -> Load {
    var next = self
    var load = Load()
    for (near, far) in pairs {
      do throws(Refusal) {
        let isNew = next.links[side.link].insert(try ends(near, far, side)).inserted
        if isNew { load.inserted += 1 } else { load.duplicates += 1 }
      } catch {
        if allOrNothing { throw Refusal(allFaults(near, far, side)) }
        if error.faults.first?.kind == .failedCheck {
          load.selfLinks += 1
        } else {
          load.refused += 1
        }
      }
    }
    self = next
    return load
  }

  /// All that is wrong with a link: a load may tell either end first.
  private func allFaults(_ near: Value, _ far: Value, _ side: Side) -> [Fault] {
    let tables = tables(side)
    var faults: [Fault] = []
    if find(tables.near, near) == nil { faults += missing(side, isNear: true, near).faults }
    if find(tables.far, far) == nil { faults += missing(side, isNear: false, far).faults }
    if faults.isEmpty {
      do throws(Refusal) { _ = try ends(near, far, side) } catch { faults = error.faults }
    }
    return faults
  }
}
