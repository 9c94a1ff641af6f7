/// The rows of a table by columns.
struct RawRows: Sendable {
  /// The values of each column, row by row.
  var columns: [[StoredValue]]
  /// One more than the largest number of a row.
  private(set) var end = 0
  private var gone: Set<Int> = []

  init(columns: [[StoredValue]]) {
    self.columns = columns
    end = columns.first?.count ?? 0
  }

  var liveCount: Int { end - gone.count }

  /// Whether each column has a value for each row, and none for a row that went.
  var isCompact: Bool { gone.isEmpty && columns.allSatisfy { $0.count == end } }

  func isLive(_ row: Int) -> Bool { row < end && !gone.contains(row) }

  /// The numbers of the rows, in order of insertion.
  var numbers: some Sequence<Int> { (0..<end).lazy.filter { !gone.contains($0) } }

  /// The values of some columns of a row.
  func values(_ row: Int, _ places: [Int]) -> [StoredValue] { places.map { columns[$0][row] } }

  /// The values of all columns of a row.
  func values(_ row: Int) -> [StoredValue] { columns.map { $0[row] } }

  mutating func append(_ values: [StoredValue]) {
    for (column, value) in values.enumerated() { columns[column].append(value) }
    end += 1
  }

  mutating func replace(_ row: Int, with values: [StoredValue]) {
    for (column, value) in values.enumerated() { columns[column][row] = value }
  }

  mutating func remove(_ row: Int) { gone.insert(row) }

  /// The new number of each row, `.max` for those that went; nil if all stay as they are.
  var compactNumbers: [UInt32]? {
    if gone.isEmpty { return nil }
    var next: UInt32 = 0
    return (0..<end).map { row in
      if gone.contains(row) { return .max }
      defer { next += 1 }
      return next
    }
  }

  mutating func compact() {
    for column in columns.indices {
      let values = columns[column]
      columns[column] = numbers.map { values[$0] }
    }
    end = liveCount
    gone = []
  }
}
