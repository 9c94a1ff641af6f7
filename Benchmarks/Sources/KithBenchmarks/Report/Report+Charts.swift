/// A drawing for the report.
struct Chart {
  let name: String
  let title: String
  let svg: String
}

extension Report {
  var charts: [Chart] { [throughput, ratios].compactMap { $0 } }

  /// Joined edges a second of who to follow, by follow, against the links of R-MAT graphs; nil with
  /// fewer than two graphs.
  private var throughput: Chart? {
    func series(_ operation: String) -> [(links: Double, one: Measurement)] {
      measurements.filter {
        $0.operation == operation && $0.sources == SourceClass.byFollow.rawValue
          && $0.graph.hasPrefix("R-MAT")
      }.compactMap { one in
        loads.first { $0.graph == one.graph }.map { (Double($0.links), one) }
      }.sorted { $0.links < $1.links }
    }
    let (plain, compacted) = (series("who to follow"), series("compacted: who to follow"))
    if plain.count < 2 { return nil }
    func line(_ name: String, _ series: [(links: Double, one: Measurement)], _ peer: Peer) -> Line {
      Line(
        name: name,
        points: series.compactMap { point in
          point.one.side(peer).map {
            (links: point.links, rate: point.one.rate(point.one.joinedEdges, $0))
          }
        })
    }
    let lines =
      [Peer.kith, .csr, .dictionary, .sqlite].map { line($0.rawValue, plain, $0) }
      + [line("Kith compacted", compacted, .kith)]
    let title = "Who to follow, by follow: joined edges a second"
    var drawing = SVG(width: 720, height: 400)
    drawing.text(title, 16, 24, style: "title")
    let across = LogAxis(plain.map(\.links), from: 80, to: 580)
    let up = LogAxis(lines.flatMap { $0.points.map(\.rate) }, from: 340, to: 50)
    for tick in across.ticks {
      drawing.line(across.place(tick), 50, across.place(tick), 340)
      drawing.text(Format.rate(tick), across.place(tick), 358, .middle)
    }
    for tick in up.ticks {
      drawing.line(80, up.place(tick), 580, up.place(tick))
      drawing.text(Format.rate(tick), 74, up.place(tick) + 4, .end)
    }
    drawing.text("links of the graph (R-MAT), logarithmic", 330, 384, .middle)
    drawing.text("joined edges a second, logarithmic", 80, 42)
    var labels: [(y: Double, text: String)] = []
    for (number, line) in lines.enumerated() {
      let points = line.points.map { (x: across.place($0.links), y: up.place($0.rate)) }
      guard let last = points.last else { continue }
      drawing.path(points, style: "side\(number)")
      labels.append((last.y, line.name))
    }
    // Lines that end close to each other leave their names room.
    var lowest = -Double.infinity
    for label in labels.sorted(by: { $0.y < $1.y }) {
      lowest = max(label.y + 4, lowest + 15)
      drawing.text(label.text, 590, lowest)
    }
    return Chart(name: "throughput", title: title, svg: drawing.document)
  }

  /// What one side reaches on each graph.
  private struct Line {
    let name: String
    let points: [(links: Double, rate: Double)]
  }

  /// How many times as fast as the static CSR Kith is, an operation a bar.
  private var ratios: Chart? {
    let graphs = Set(measurements.map(\.graph))
    let bars = measurements.filter { $0.side(.kithInOrder) == nil }.compactMap { one in
      one.ratio(to: .csr).map { ratio in
        (graphs.count > 1 ? one.name : one.question, ratio: ratio)
      }
    }
    if bars.isEmpty { return nil }
    let place = graphs.count > 1 ? "" : graphs.first.map { ", \($0)" } ?? ""
    let title = "Kith's speed as a multiple of the static CSR's" + place
    let (top, step) = (64.0, 18.0)
    let bottom = top + Double(bars.count) * step
    var drawing = SVG(width: 900, height: Int(bottom) + 48)
    drawing.text(title, 16, 24, style: "title")
    drawing.text("right of the line Kith is faster, left of it the CSR", 16, 42)
    let axis = LogAxis(bars.map(\.ratio) + [1], from: 470, to: 830)
    for tick in axis.ticks {
      drawing.line(axis.place(tick), top, axis.place(tick), bottom)
      drawing.text(Format.plain(tick), axis.place(tick), bottom + 18, .middle)
    }
    drawing.text("times as fast, logarithmic", 650, bottom + 38, .middle)
    for (number, bar) in bars.enumerated() {
      let y = top + Double(number) * step
      let isGain = bar.ratio >= 1
      drawing.text(bar.0, 460, y + 13, .end)
      drawing.bar(
        axis.place(1), axis.place(bar.ratio), y: y + 3, height: step - 6,
        style: isGain ? "gains" : "loses")
      drawing.text(Format.ratio(bar.ratio), 840, y + 13)
    }
    drawing.line(axis.place(1), top, axis.place(1), bottom, style: "axis")
    return Chart(name: "ratios", title: title, svg: drawing.document)
  }
}
