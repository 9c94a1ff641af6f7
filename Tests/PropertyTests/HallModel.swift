import Kith

// Rooms with seats: text and nullable indexes, a deferred foreign key, composite and unique keys.

struct Room: Row, Equatable {
  enum Kind: String, ColumnValue { case hall, balcony }

  var id: Int
  var name: String
  var floor: Int?
  var kind: Kind
  var alias: String?

  static let table = Table(
    "rooms", Self.init,
    Column("id", \.id),
    Column("name", \.name).maxLength(3),
    Column("floor", \.floor).indexed(),
    Column("kind", \.kind),
    Column("alias", \.alias).indexed()
  )
  .index(\.name)
  .index(\.kind, orderedBy: \.floor)
  .check("no_balcony_in_the_cellar") { $0.kind == Kind.hall || $0.floor != 0 }

  static let seats = hasMany(\Seat.room)
}

struct Seat: Row, Equatable {
  var room: Int
  var number: Int
  var label: String
  var row: Int?
  var id: Pair<Int, Int> { Pair(room, number) }

  static let table = Table(
    "seats", Self.init,
    Column("room_id", \.room, references: Room.self, deferred: true),
    Column("number", \.number),
    Column("label", \.label),
    Column("row", \.row)
  )
  .primaryKey(\.room, \.number)
  .unique(\.label, \.row)
  .index(\.room, orderedBy: \.label)
  .index(\.room, orderedBy: \.row)

  static let hall = belongsTo(Room.self, \.room)
}

/// The same rows as arrays in order of insertion, with loops for indexes and rules.
struct HallModel: Equatable {
  var rooms: [Room] = []
  var seats: [Seat] = []

  func room(_ id: Int) -> Room? { rooms.first { $0.id == id } }

  func seats(of room: Room) -> [Seat] { seats.filter { $0.room == room.id } }

  /// Whether all rules hold that are checked at the call.
  var isSound: Bool {
    let labels = seats.filter { $0.row != nil }.map { "\($0.label) \($0.row ?? 0)" }
    return Set(rooms.map(\.id)).count == rooms.count && Set(seats.map(\.id)).count == seats.count
      && Set(labels).count == labels.count
      && rooms.allSatisfy { $0.name.count <= 3 && ($0.kind == .hall || $0.floor != 0) }
  }

  /// Whether the rules hold that are checked at the end of a write, too.
  var isComplete: Bool { seats.allSatisfy { room($0.room) != nil } }
}
