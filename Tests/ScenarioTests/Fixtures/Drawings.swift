import Kith

/// Drawings that go through points, which are keys of two numbers with a type of their own.
enum Drawings {
  struct Point: RawRepresentable, ColumnValue {
    var rawValue: Pair<Int, Int>

    init(rawValue: Pair<Int, Int>) { self.rawValue = rawValue }
    init(_ x: Int, _ y: Int) { rawValue = Pair(x, y) }
  }

  struct Drawing: Row {
    var id: Int

    static let table = Table("drawings", Self.init, Column("id", \.id))
    static let spots = hasMany(Spot.self, through: \Stroke.drawing, \.spot)
  }

  struct Spot: Row {
    var id: Point

    static let table = Table("spots", Self.init, Column("point", \.id))
  }

  struct Stroke: Row {
    var drawing: Drawing.ID
    var spot: Spot.ID
    var id: Pair<Drawing.ID, Spot.ID> { Pair(drawing, spot) }

    static let table = Table(
      "strokes", Self.init,
      Column("drawing_id", \.drawing, references: Drawing.self, onDelete: .cascade),
      Column("spot", \.spot, references: Spot.self, onDelete: .cascade)
    )
    .primaryKey(\.drawing, \.spot)
  }

  static func schema() throws -> Schema {
    try Schema {
      Drawing.self
      Spot.self
      Stroke.self
    }
  }
}
