extension NaiveStore {
  /// Makes all rows anew, so that none is known by more than its key. Those of one table come in the
  /// order in which a walk meets them: breadth-first from the row to which most links lead, and of
  /// those that one row leads to first the one to which most links lead.
  ///
  /// - Parameter side: The links that are walked, between rows of one table; nil to keep all orders.
  package mutating func compact(along side: Side?) {
    if let side {
      let table = tables(side).near
      rows[table] = walked(rows[table], along: side)
    }
    var serials: [Int: Int] = [:]
    for table in rows.indices {
      for place in rows[table].indices {
        serials[rows[table][place].serial] = nextSerial
        rows[table][place] = Row(serial: nextSerial, values: rows[table][place].values)
        nextSerial += 1
      }
    }
    links = links.map { links in
      Set(
        links.map { ends in
          LinkEnds(source: serials[ends.source] ?? -1, target: serials[ends.target] ?? -1)
        })
    }
  }

  private func walked(_ all: [Row], along side: Side) -> [Row] {
    func isLinked(_ near: Row, _ far: Row) -> Bool {
      links[side.link].contains(
        side.isForward
          ? LinkEnds(source: near.serial, target: far.serial)
          : LinkEnds(source: far.serial, target: near.serial))
    }
    func degree(_ far: Row) -> Int { all.filter { near in isLinked(near, far) }.count }
    var order: [Row] = []
    // The first of those that are left whose degree is largest, again and again.
    func add(_ rows: [Row]) {
      var rest = rows.filter { !order.contains($0) }
      while let most = rest.map(degree).max(),
        let place = rest.firstIndex(where: { degree($0) == most })
      {
        order.append(rest.remove(at: place))
      }
    }
    var next = 0
    while order.count < all.count {
      let rest = all.filter { !order.contains($0) }
      let most = rest.map(degree).max() ?? 0
      order.append(rest.first { degree($0) == most } ?? rest[0])
      while next < order.count {
        add(all.filter { isLinked(order[next], $0) })
        next += 1
      }
    }
    return order
  }
}
