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
    let series = measurements.filter {
      $0.operation == "who to follow" && $0.sources == SourceClass.byFollow.rawValue
        && $0.graph.hasPrefix("R-MAT")
    }
    let points = series.compactMap { one in
      loads.first { $0.graph == one.graph }.map { (links: Double($0.links), one) }
    }
    if points.count < 2 { return nil }
    let peers = [Peer.kith, .csr, .dictionary, .sqlite]
    let rates = points.flatMap { point in
      peers.compactMap { point.1.side($0).map { point.1.rate(point.1.joinedEdges, $0) } }
    }
    let title = "Who to follow, by follow: joined edges a second"
    var drawing = SVG(width: 720, height: 400)
    drawing.text(title, 16, 24, style: "title")
    let across = LogAxis(points.map(\.links), from: 80, to: 580)
    let up = LogAxis(rates, from: 340, to: 50)
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
    for (number, peer) in peers.enumerated() {
      let line = points.compactMap { point in
        point.1.side(peer).map { side in
          (x: across.place(point.links), y: up.place(point.1.rate(point.1.joinedEdges, side)))
        }
      }
      guard let last = line.last else { continue }
      drawing.path(line, style: "side\(number)")
      drawing.text(peer.rawValue, 590, last.y + 4)
    }
    return Chart(name: "throughput", title: title, svg: drawing.document)
  }

  /// How many times as fast as the static CSR Kith is, an operation a bar.
  private var ratios: Chart? {
    let graphs = Set(measurements.map(\.graph))
    let bars = measurements.compactMap { one in
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
