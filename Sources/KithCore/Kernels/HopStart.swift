/// The rows from which a hop starts.
package enum HopStart {
  /// Rows that are listed.
  case rows([UInt32])
  /// The rows that one row is linked to, which are read where they stand: then the hop is the second of two.
  case targets(of: UInt32, RunsView)
}

extension Scratch {
  /// Finds the runs of the rows from which a hop starts.
  func segments(of start: HopStart, _ runs: RunsView) -> RunSegments {
    switch start {
    case .rows(let sources): segments(of: sources.span, runs)
    case .targets(let source, let near): segments(of: source, near, runs)
    }
  }
}
