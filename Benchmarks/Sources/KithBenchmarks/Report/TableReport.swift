import Foundation

/// The measurements as a table of text.
enum TableReport {
  static let columns = [
    "operation", "graph", "sources", "Kith", "CSR", "Dictionary", "SQLite", "x CSR", "x Dict",
    "x SQLite", "walked/s", "p50", "p99",
  ]

  static func cells(_ one: Measurement) -> [String] {
    let kith = one.side(.kith)
    let times = [Peer.kith, .csr, .dictionary, .sqlite].map { peer in
      one.side(peer).map { side in
        Format.time(side.median) + (side.rounds < Trial.fewestRounds ? "*" : "")
      } ?? "-"
    }
    let ratios = [Peer.csr, .dictionary, .sqlite].map { peer in
      one.ratio(to: peer).map(Format.ratio) ?? "-"
    }
    let walked = kith.map { one.joinedEdges == 0 ? "" : Format.rate(one.rate(one.joinedEdges, $0)) }
    return [one.operation, one.graph, one.sources] + times + ratios + [
      walked ?? "", kith?.p50.map(Format.time) ?? "", kith?.p99.map(Format.time) ?? "",
    ]
  }

  static func rows(_ measurements: [Measurement]) -> [[String]] {
    [columns] + measurements.map(cells)
  }

  static func countedRows(_ measurements: [Measurement]) -> [[String]] {
    [["operation", "graph", "sources", "Kith counts/s", "CSR counts/s"]]
      + measurements.map { one in
        [one.operation, one.graph, one.sources]
          + [Peer.kith, .csr].map { peer in
            one.side(peer).map { Format.rate(one.rate(one.countedEdges, $0)) } ?? "-"
          }
      }
  }

  /// Single calls alone, beside a writer, by the newest snapshot or one that is kept, and beside one who
  /// writes elsewhere.
  static func besideRows(_ measurements: [Measurement]) -> [[String]] {
    [
      [
        "operation", "graph", "sources", "p50", "beside", "kept", "elsewhere", "p99", "beside",
        "kept", "elsewhere", "slower", "kept", "elsewhere",
      ]
    ]
      + measurements.compactMap { one in
        guard let alone = one.side(.kith), let beside = one.side(.kithBusy),
          let kept = one.side(.kithKept), let elsewhere = one.side(.kithElsewhere)
        else { return nil }
        let sides = [alone, beside, kept, elsewhere]
        return [one.operation, one.graph, one.sources]
          + (sides.map(\.p50) + sides.map(\.p99)).map { Format.time($0 ?? 0) }
          + [beside, kept, elsewhere].map { Format.ratio($0.median / alone.median) }
      }
  }

  /// The same in the order of insertion and in that of walks.
  static func compactedRows(_ measurements: [Measurement]) -> [[String]] {
    [["operation", "graph", "sources", "in order", "compacted", "faster", "CSR", "x CSR"]]
      + measurements.compactMap { one in
        guard let plain = one.side(.kithInOrder), let compacted = one.side(.kith),
          let csr = one.side(.csr)
        else { return nil }
        return [one.operation, one.graph, one.sources]
          + [
            Format.time(plain.median), Format.time(compacted.median),
            Format.ratio(plain.median / compacted.median), Format.time(csr.median),
            Format.ratio(csr.median / compacted.median),
          ]
      }
  }

  /// Work that is spread over cores, on one and on all.
  static func coreRows(_ measurements: [Measurement]) -> [[String]] {
    [["operation", "graph", "sources", "one core", "all cores", "faster", "x CSR"]]
      + measurements.compactMap { one in
        guard let alone = one.side(.kith), let all = one.side(.kithCores) else { return nil }
        let csr = one.side(.csr).map { Format.ratio($0.median / all.median) } ?? "-"
        return [one.operation, one.graph, one.sources]
          + [alone, all].map { Format.time($0.median) }
          + [Format.ratio(alone.median / all.median), csr]
      }
  }

  static func findingRows(_ findings: [Finding]) -> [[String]] {
    [["what", "graph", "unit", "value"]]
      + findings.map { [$0.name, $0.graph, $0.unit, Format.figures($0.value)] }
  }

  static func text(_ rows: [[String]]) -> String {
    let columns = rows.first?.indices ?? 0..<0
    let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return column < 3 ? row[column] + padding : padding + row[column]
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}

extension Measurement {
  /// Edges a second, for edges a block.
  func rate(_ edges: Int, _ side: SideResult) -> Double {
    Double(edges) / (side.median * Double(callsPerBlock)) * 1e9
  }
}

/// Numbers for people: three figures and a unit.
enum Format {
  static func time(_ nanoseconds: Double) -> String {
    scaled(nanoseconds, [(1e9, " s"), (1e6, " ms"), (1e3, " us"), (1, " ns")])
  }

  static func rate(_ perSecond: Double) -> String {
    scaled(perSecond, [(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k"), (1, "")])
  }

  static func ratio(_ value: Double) -> String { figures(value) }

  /// A power of ten without a unit.
  static func plain(_ value: Double) -> String { String(format: "%g", value) }

  static func figures(_ value: Double) -> String {
    if value > 0, value < 0.1 { return String(format: "%.2g", value) }
    let digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
    return String(format: "%.\(digits)f", value)
  }

  private static func scaled(_ value: Double, _ units: [(Double, String)]) -> String {
    let unit = units.first { value >= $0.0 } ?? units[units.count - 1]
    return figures(value / unit.0) + unit.1
  }
}
