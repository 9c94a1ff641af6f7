import Kith
import KithTestSupport
import Testing

@Suite struct `A random program of writes` {
  /// Runs random writes of several steps on a store and on the model.
  @Test(arguments: 0..<UInt64(effort(release: 40, debug: 15)))
  func `leaves rows, indexes and changes as the model says`(seed: UInt64) throws {
    var program = try HallProgram(seed: seed)
    for turn in 0..<40 {
      try program.write("seed \(seed), write \(turn)")
      if turn % 5 == 4 { try program.ask("seed \(seed), write \(turn)") }
      if turn % 10 == 9 { try program.open("seed \(seed), write \(turn)") }
    }
  }
}

/// A store and its model.
private struct HallProgram {
  var random: SplitMix64
  let store: GraphStore
  let disk = SimulatedDisk()
  var model = HallModel()
  private static let names = ["", "a", "ab", "abc", "b", "á", "가", "가나", "abcd"]

  init(seed: UInt64) throws {
    random = SplitMix64(seed: seed)
    store = try GraphStore(
      try Schema {
        Room.self
        Seat.self
      }, on: disk, durability: .none)
  }

  /// Opens the store's folder, as it would be after the process has stopped.
  func open(_ place: String) throws {
    let copy = SimulatedDisk()
    for name in disk.names { copy[name] = disk[name] }
    let graph = try GraphStore(store.snapshot.schema, on: copy).snapshot
    try graph.validate()
    #expect(graph.encoded() == store.snapshot.encoded(), "\(place)")
    #expect(graph.version == store.version, "\(place)")
  }

  private mutating func number(_ bound: Int) -> Int { random.number(below: bound) }

  private mutating func name() -> String { HallProgram.names[number(HallProgram.names.count)] }

  private mutating func room(_ id: Int) -> Room {
    Room(
      id: id, name: name(), floor: number(3) == 0 ? nil : number(4),
      kind: number(3) == 0 ? .balcony : .hall, alias: number(3) == 0 ? nil : name())
  }

  private mutating func seat() -> Seat {
    Seat(
      room: number(8), number: number(6), label: name(), row: number(3) == 0 ? nil : number(3))
  }

  // MARK: Writing

  /// Some steps in one write, which is refused in the end if a seat is left without its room.
  mutating func write(_ place: String) throws {
    let (before, modelBefore) = (store.snapshot, model)
    var program = self
    let outcome = Result {
      try store.write { graph in
        for _ in 0...program.number(5) { try program.step(&graph, place) }
        try graph.sameRows(as: program.model, place)
      }
    }
    random = program.random
    switch outcome {
    case .success:
      #expect(program.model.isComplete, "\(place)")
      model = program.model
    case .failure(let error):
      #expect(error is GraphError && !program.model.isComplete, "\(place): \(error)")
    }
    try store.snapshot.sameRows(as: model, place)
    try store.snapshot.validate()
    try store.snapshot.comesBack().sameRows(as: model, place)
    try compareChange(from: before, modelBefore, place)
  }

  private mutating func step(_ graph: inout Graph, _ place: String) throws {
    let (a, b) = (number(8), number(8))
    switch number(11) {
    case 9 where !model.seats.isEmpty:
      let index = number(model.seats.count)
      let id = model.seats[index].id
      try attempt(&graph, place) {
        $0.seats[index].room = a
      } with: {
        try $0.update(Seat.self, id) { $0.room = a }
      }
    case 0, 1:
      let new = room(a)
      try attempt(&graph, place) {
        $0.rooms.append(new)
      } with: {
        try $0.insert(new)
      }
    case 2, 3, 4:
      let new = seat()
      try attempt(&graph, place) {
        $0.seats.append(new)
      } with: {
        try $0.insert(new)
      }
    case 5:
      let new = seat()
      try attempt(&graph, place) { model in
        if let index = model.seats.firstIndex(where: { $0.id == new.id }) {
          model.seats[index] = new
        } else {
          model.seats.append(new)
        }
      } with: { graph in
        let isNew = graph.find(Seat.self, new.id) == nil
        let inserted = try graph.upsert(new)
        #expect(inserted == isNew, "\(place)")
      }
    case 6:
      try attempt(&graph, place) {
        $0.rooms.removeAll { $0.id == a }
      } with: {
        try $0.delete(Room.self, a)
      }
    case 7 where model.room(a) != nil:
      try attempt(&graph, place) {
        $0.rename(a, to: b)
      } with: {
        try $0.update(Room.self, a) { $0.id = b }
      }
    case 8:
      // The numbers of a room's seats are turned round: each takes the key of another.
      try attempt(&graph, place) {
        $0.renumber(a) { 5 - $0 }
      } with: {
        try $0.update($0[Seat.self].filter(\.room == a)) { $0.number = 5 - $0.number }
      }
    default:
      // Two numbers become one where both are taken.
      try attempt(&graph, place) {
        $0.renumber(a) { $0 / 2 }
      } with: {
        try $0.update($0[Seat.self].filter(\.room == a)) { $0.number /= 2 }
      }
    }
  }

  /// Makes a change in the model, and in the graph if the model allows it; or else the graph must
  /// refuse it and stay as it was.
  private mutating func attempt(
    _ graph: inout Graph, _ place: String, _ change: (inout HallModel) -> Void,
    with call: (inout Graph) throws -> Void
  ) throws {
    var changed = model
    change(&changed)
    if changed.isSound {
      try call(&graph)
      model = changed
    } else {
      let before = graph
      do {
        try call(&graph)
        Issue.record("a change was not refused: \(place)")
      } catch {
        #expect(error is GraphError, "\(place)")
      }
      #expect(Change(from: before, to: graph).isEmpty, "\(place)")
    }
  }

  private func compareChange(
    from before: Graph, _ old: HallModel, _ place: String
  ) throws {
    let change = Change(from: before, to: store.snapshot)
    let (was, isNow) = (Set(old.seats.map(\.id)), Set(model.seats.map(\.id)))
    // A renamed seat is an update under a new key; all others are told apart by their keys.
    let renamed = change.updated(Seat.self).filter { $0.before.id != $0.after.id }
    let (left, taken) = (Set(renamed.map(\.before.id)), Set(renamed.map(\.after.id)))
    let inserted = Set(change.inserted(Seat.self).map(\.id)).subtracting(left)
    let deleted = Set(change.deleted(Seat.self).map(\.id)).subtracting(taken)
    let (come, gone) = (isNow.subtracting(was), was.subtracting(isNow))
    #expect(inserted == come.subtracting(taken), "\(place)")
    #expect(deleted == gone.subtracting(left), "\(place)")
    #expect(change.isEmpty == (old.sorted == model.sorted), "\(place)")
  }

  // MARK: Asking

  /// Asks random questions, with and without indexes, and compares them with loops.
  mutating func ask(_ place: String) throws {
    let graph = store.snapshot
    for _ in 0..<12 {
      let (predicate, accepts) = question(depth: 2)
      let query = graph[Room.self].filter(predicate)
      let rows = model.rooms.filter { accepts($0, model) }
      let plan = "\(place)\n\(query.explain())"
      #expect(Array(query) == rows, "\(plan)")
      #expect(query.count == rows.count, "\(plan)")
      #expect(query.first == rows.first, "\(plan)")
      try compare(query.sorted(by: \.name), rows, plan) { ($0.name, $0.id) < ($1.name, $1.id) }
      try compare(query.sorted(by: \.floor, .descending), rows, plan) {
        let (left, right) = ($0.floor ?? -1, $1.floor ?? -1)
        return (right, $0.id) < (left, $1.id)
      }
      // No alias comes before the empty one.
      try compare(query.sorted(by: \.alias), rows, plan) { left, right in
        if left.alias == right.alias { return left.id < right.id }
        guard let other = right.alias else { return false }
        return left.alias.map { $0 < other } ?? true
      }
      try compare(query.sorted(by: \.name, .descending), rows, plan) {
        $0.name == $1.name ? $0.id < $1.id : $0.name > $1.name
      }
    }
  }

  /// Compares a sorted query with sorted rows: whole, the first few, and page by page both ways.
  private func compare(
    _ query: Query<Room>, _ rows: [Room], _ plan: String, by precedes: (Room, Room) -> Bool
  ) throws {
    let sorted = rows.sorted(by: precedes)
    #expect(Array(query) == sorted, "\(plan)")
    let few: Query<Room> = query.prefix(2)
    #expect(few.ids == sorted.prefix(2).map(\.id), "\(plan)")
    var paged: [Room] = []
    var back: [Room] = []
    var page = query.page(size: 3)
    paged += try page.rows
    while let next = page.next, paged.count <= rows.count {
      page = query.page(size: 3, after: next)
      paged += try page.rows
    }
    #expect(paged == sorted, "\(plan)")
    back = try page.rows
    while let previous = page.previous, back.count <= rows.count {
      page = query.page(size: 3, before: previous)
      back = try page.rows + back
    }
    #expect(back == sorted, "\(plan)")
  }

  private typealias Question = (Predicate<Room>, (Room, HallModel) -> Bool)

  private mutating func question(depth: Int) -> Question {
    if depth > 0, number(3) > 0 {
      let (left, acceptsLeft) = question(depth: depth - 1)
      let (right, acceptsRight) = question(depth: depth - 1)
      switch number(3) {
      case 0: return (left && right, { acceptsLeft($0, $1) && acceptsRight($0, $1) })
      case 1: return (left || right, { acceptsLeft($0, $1) || acceptsRight($0, $1) })
      default: return (!left, { !acceptsLeft($0, $1) })
      }
    }
    return number(2) == 0 ? columnQuestion() : relationQuestion()
  }

  private mutating func columnQuestion() -> Question {
    let (text, floor, id) = (name(), number(4), number(8))
    switch number(13) {
    case 0: return (\.name == text, { room, _ in room.name == text })
    case 1: return (\.name >= text, { room, _ in room.name >= text })
    case 2: return (.hasPrefix(\.name, text), { room, _ in room.name.hasPrefix(text) })
    case 3: return (.isNil(\.floor), { room, _ in room.floor == nil })
    case 4: return (\.floor > floor, { room, _ in (room.floor ?? -1) > floor })
    case 5: return (\.floor != floor, { room, _ in room.floor != floor })
    case 6: return (.isIn(\.id, [id, 3]), { room, _ in room.id == id || room.id == 3 })
    case 7: return (\.kind == .hall, { room, _ in room.kind == .hall })
    case 8: return (\.alias == text, { room, _ in room.alias == text })
    case 9: return (\.alias < text, { room, _ in room.alias.map { $0 < text } ?? false })
    case 10: return (\.alias != nil, { room, _ in room.alias != nil })
    case 11:
      return (.hasPrefix(\.alias, text), { room, _ in room.alias?.hasPrefix(text) ?? false })
    default: return (.contains(\.name, "b"), { room, _ in room.name.contains("b") })
    }
  }

  private mutating func relationQuestion() -> Question {
    let (count, label) = (number(3), name())
    let key = Pair(number(8), number(6))
    switch number(4) {
    case 0: return (Room.seats.count > count, { $1.seats(of: $0).count > count })
    case 1: return (Room.seats.count == count, { $1.seats(of: $0).count == count })
    case 2:
      return (
        Room.seats.contains(key), { room, model in model.seats(of: room).contains { $0.id == key } }
      )
    default:
      return (
        Room.seats.contains(where: \.label == label && \.row != nil),
        { room, model in model.seats(of: room).contains { $0.label == label && $0.row != nil } }
      )
    }
  }
}

extension HallModel {
  fileprivate mutating func rename(_ room: Int, to new: Int) {
    for index in seats.indices where seats[index].room == room { seats[index].room = new }
    for index in rooms.indices where rooms[index].id == room { rooms[index].id = new }
  }

  fileprivate mutating func renumber(_ room: Int, _ number: (Int) -> Int) {
    for index in seats.indices where seats[index].room == room {
      seats[index].number = number(seats[index].number)
    }
  }

  /// The rows without their order of insertion.
  fileprivate var sorted: HallModel {
    HallModel(
      rooms: rooms.sorted { $0.id < $1.id }, seats: seats.sorted { $0.id < $1.id })
  }
}

extension Graph {
  fileprivate func sameRows(as model: HallModel, _ place: String) throws {
    #expect(Array(self[Room.self]) == model.rooms, "\(place)")
    #expect(Array(self[Seat.self]) == model.seats, "\(place)")
    for room in model.rooms {
      #expect(Array(self[room].seats) == model.seats(of: room), "\(place)")
    }
    for seat in model.seats {
      #expect(find(Seat.self, seat.id) == seat, "\(place)")
      #expect(self[seat].hall.first == model.room(seat.room), "\(place)")
    }
  }
}
