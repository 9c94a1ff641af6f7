import Foundation

/// Lines, bars and text as SVG, with colours that can be read on white and on black.
struct SVG {
  private let width: Int
  private let height: Int
  private var elements: [String] = []

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  enum Anchor: String {
    case start, middle, end
  }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, style: String = "label"
  ) {
    let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    elements.append(
      """
      <text class="\(style)" x="\(SVG.number(x))" y="\(SVG.number(y))" \
      text-anchor="\(anchor.rawValue)">\(escaped)</text>
      """)
  }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String = "grid"
  ) {
    elements.append(
      """
      <line class="\(style)" x1="\(SVG.number(x1))" y1="\(SVG.number(y1))" \
      x2="\(SVG.number(x2))" y2="\(SVG.number(y2))"/>
      """)
  }

  mutating func bar(_ x1: Double, _ x2: Double, y: Double, height: Double, style: String) {
    elements.append(
      """
      <rect class="\(style)" x="\(SVG.number(min(x1, x2)))" y="\(SVG.number(y))" \
      width="\(SVG.number(max(abs(x2 - x1), 1)))" height="\(SVG.number(height))"/>
      """)
  }

  mutating func path(_ points: [(x: Double, y: Double)], style: String) {
    let list = points.map { "\(SVG.number($0.x)),\(SVG.number($0.y))" }.joined(separator: " ")
    elements.append("<polyline class=\"\(style)\" points=\"\(list)\"/>")
    for point in points {
      elements.append(
        """
        <circle class="\(style) dot" cx="\(SVG.number(point.x))" cy="\(SVG.number(point.y))" r="3"/>
        """)
    }
  }

  var document: String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
    viewBox="0 0 \(width) \(height)">
    <style>
    text { font: 12px system-ui, sans-serif; fill: #24292f }
    .title { font-weight: 600; font-size: 14px }
    .grid { stroke: #d0d7de } .axis { stroke: #57606a; stroke-width: 1.5 }
    .gains { fill: #1a7f37 } .loses { fill: #bc4c00 }
    polyline { fill: none; stroke-width: 2 }
    .side0 { stroke: #0969da } .side1 { stroke: #1a7f37 } .side2 { stroke: #8250df }
    .side3 { stroke: #bc4c00 } .side4 { stroke: #cf222e }
    @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .grid { stroke: #30363d } .axis { stroke: #8b949e }
    .gains { fill: #3fb950 } .loses { fill: #f0883e }
    .side0 { stroke: #58a6ff } .side1 { stroke: #3fb950 } .side2 { stroke: #bc8cff }
    .side3 { stroke: #f0883e } .side4 { stroke: #ff7b72 }
    }
    .dot { fill: none; stroke-width: 2 }
    </style>
    \(elements.joined(separator: "\n"))
    </svg>

    """
  }

  private static func number(_ value: Double) -> String { String(format: "%.1f", value) }
}

/// A logarithmic axis between two powers of ten.
struct LogAxis {
  let low: Double
  let high: Double
  let start: Double
  let end: Double

  /// An axis with room for all values, which are positive.
  init(_ values: [Double], from start: Double, to end: Double) {
    low = log10(values.min() ?? 1).rounded(.down)
    let top = log10(values.max() ?? 1).rounded(.up)
    high = top > low ? top : low + 1
    self.start = start
    self.end = end
  }

  func place(_ value: Double) -> Double {
    start + (log10(value) - low) / (high - low) * (end - start)
  }

  /// The powers of ten on the axis.
  var ticks: [Double] { (Int(low)...Int(high)).map { pow(10, Double($0)) } }
}
