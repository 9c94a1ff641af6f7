package import KithCore

/// A folder that exists in a test alone, forgets what was not synced when it crashes, and fails when
/// it is told to.
///
/// A crash is harsher than those of file systems: of the sectors of 512 bytes that were written since
/// a file was synced any may be lost, its length may be any between that of then and that of now, and
/// every name that changed since the folder was synced may be as it was or as it is, whatever became
/// of the others.
package final class SimulatedDisk: Disk {
  package let path = "/simulated"
  private let state = Locked(SimulatedFolder())
  private let syncDelay = Locked<(@Sendable () -> Void)?>(nil)

  package init() {}

  // MARK: Trouble

  /// What a call does that is chosen by its number.
  package enum Trouble: Sendable {
    /// It does nothing, and throws.
    case fail
    /// It appends a part, if it is to append, and throws.
    case short
    /// Likewise, and so do all calls after it: the machine has stopped.
    case stop
  }

  /// Makes trouble at a call from now on, and at those after it; 0 is the next.
  package func plan(_ trouble: Trouble, at call: Int, count: Int = 1) {
    state.withLock { $0.trouble = (trouble, $0.calls + call..<$0.calls + call + count) }
  }

  /// The number of calls so far.
  package var calls: Int { state.withLock { $0.calls } }

  /// Lets all files together have no more bytes than some, or again as many as they like.
  package func limit(to bytes: Int?) { state.withLock { $0.limit = bytes } }

  /// Calls a closure at each sync of a file, which ends after it.
  package func delaySyncs(_ delay: @escaping @Sendable () -> Void) {
    syncDelay.withLock { $0 = delay }
  }

  fileprivate func delaySync() { syncDelay.withLock { $0 }?() }

  /// Lets nothing be changed, or lets it be changed again.
  package func setReadOnly(_ isReadOnly: Bool) { state.withLock { $0.isReadOnly = isReadOnly } }

  /// Stops the machine, loses what may be lost, by chance, and starts it again: files that are open
  /// stay useless, and locks are gone.
  package func crash(using random: inout SplitMix64) {
    var generator = random
    generator = state.withLock { state in
      var generator = generator
      state.crash(using: &generator)
      return generator
    }
    random = generator
  }

  // MARK: Files as they are

  /// The content of a file, or nil if there is none; what is set is synced.
  package subscript(name: String) -> [UInt8]? {
    get { state.withLock { state in state.names[name].flatMap { state.files[$0]?.content } } }
    set {
      state.withLock { state in
        let number = newValue.map { state.add(SimulatedFolder.File(content: $0, synced: $0)) }
        state.names[name] = number
        state.syncedNames[name] = number
        state.exists = true
      }
    }
  }

  /// The names of the files.
  package var names: [String] { state.withLock { $0.names.keys.sorted() } }

  // MARK: Disk

  package var isReadOnly: Bool { state.withLock { $0.isReadOnly && $0.exists } }

  package func createFolder() throws(DiskFault) {
    try change { (state) throws(DiskFault) in state.exists = true }
  }

  package func list() throws(DiskFault) -> [String] {
    try call { (state) throws(DiskFault) in
      if !state.exists { throw DiskFault(path, .missing) }
      return state.names.keys.sorted()
    }
  }

  package func read(_ name: String) throws(DiskFault) -> [UInt8] {
    try call { (state) throws(DiskFault) in
      state.files[try state.number(of: name)]?.content ?? []
    }
  }

  package func create(_ name: String) throws(DiskFault) -> any DiskFile {
    try change { (state) throws(DiskFault) in
      let number = state.add(SimulatedFolder.File())
      state.names[name] = number
      return SimulatedFile(self, number, state.generation)
    }
  }

  package func open(_ name: String) throws(DiskFault) -> any DiskFile {
    try change { (state) throws(DiskFault) in
      SimulatedFile(self, try state.number(of: name), state.generation)
    }
  }

  package func rename(_ name: String, to newName: String) throws(DiskFault) {
    try change { (state) throws(DiskFault) in
      state.names[newName] = try state.number(of: name)
      state.names[name] = nil
    }
  }

  package func remove(_ name: String) throws(DiskFault) {
    try change { (state) throws(DiskFault) in
      _ = try state.number(of: name)
      state.names[name] = nil
    }
  }

  package func syncFolder() throws(DiskFault) {
    try change { (state) throws(DiskFault) in state.syncedNames = state.names }
  }

  package func lock(_ name: String, holder: String) throws(DiskFault) -> any DiskLock {
    try change { (state) throws(DiskFault) in
      if let lock = state.lock { throw DiskFault("\(path)/\(name)", .held(by: lock.holder)) }
      if state.names[name] == nil { state.names[name] = state.add(SimulatedFolder.File()) }
      state.lock = (holder, state.generation)
      return SimulatedLock(self, state.generation)
    }
  }

  fileprivate func unlock(_ generation: Int) {
    state.withLock { if $0.lock?.generation == generation { $0.lock = nil } }
  }

  // MARK: Calls

  private func call<Result: Sendable>(
    _ body: (inout SimulatedFolder) throws(DiskFault) -> Result
  ) throws(DiskFault) -> Result {
    try state.withLock { (state) throws(DiskFault) in
      if state.troubleOfNextCall() != nil { throw SimulatedFolder.fault }
      return try body(&state)
    }
  }

  private func change<Result: Sendable>(
    _ body: (inout SimulatedFolder) throws(DiskFault) -> Result
  ) throws(DiskFault) -> Result {
    try call { (state) throws(DiskFault) in
      if state.isReadOnly { throw DiskFault(path, .readOnly) }
      return try body(&state)
    }
  }

  fileprivate func size(_ number: Int) throws(DiskFault) -> Int {
    try call { (state) throws(DiskFault) in state.files[number]?.content.count ?? 0 }
  }

  fileprivate func change(
    _ number: Int, _ generation: Int, _ body: (inout SimulatedFolder.File) -> Void
  ) throws(DiskFault) {
    try change { (state) throws(DiskFault) in
      if generation != state.generation { throw SimulatedFolder.fault }
      body(&state.files[number, default: SimulatedFolder.File()])
    }
  }

  fileprivate func append(
    _ bytes: [UInt8], _ number: Int, _ generation: Int
  ) throws(DiskFault) {
    try state.withLock { (state) throws(DiskFault) in
      let trouble = state.troubleOfNextCall()
      guard generation == state.generation, !state.isReadOnly, trouble != .fail else {
        throw SimulatedFolder.fault
      }
      let room = state.limit.map { max(0, $0 - state.byteCount) } ?? .max
      let count = min(room, trouble == nil ? bytes.count : bytes.count / 2)
      if !state.hasStopped || trouble == .stop {
        state.files[number]?.content += bytes.prefix(count)
      }
      if trouble != nil { throw SimulatedFolder.fault }
      if count < bytes.count { throw DiskFault(path, .full) }
    }
  }
}

/// The files of a simulated folder.
private struct SimulatedFolder: Sendable {
  struct File: Sendable {
    var content: [UInt8] = []
    /// The content when it was last synced.
    var synced: [UInt8] = []
  }

  var exists = false
  var isReadOnly = false
  var files: [Int: File] = [:]
  var names: [String: Int] = [:]
  var syncedNames: [String: Int] = [:]
  var lock: (holder: String, generation: Int)?
  /// How often the lock was given, and the machine was started.
  var generation = 0
  var limit: Int?
  var calls = 0
  var trouble: (kind: SimulatedDisk.Trouble, calls: Range<Int>)?
  var hasStopped = false

  static let fault = DiskFault("/simulated", .other(5, "input/output error"))

  /// The bytes of all files that have names.
  var byteCount: Int {
    Set(names.values).reduce(0) { $0 + (files[$1]?.content.count ?? 0) }
  }

  mutating func add(_ file: File) -> Int {
    let number = files.count
    files[number] = file
    return number
  }

  func number(of name: String) throws(DiskFault) -> Int {
    guard let number = names[name] else { throw DiskFault("/simulated/\(name)", .missing) }
    return number
  }

  /// Counts a call, and says what trouble it has.
  mutating func troubleOfNextCall() -> SimulatedDisk.Trouble? {
    defer { calls += 1 }
    if hasStopped { return .fail }
    guard let trouble, trouble.calls.contains(calls) else { return nil }
    hasStopped = trouble.kind == .stop
    return trouble.kind
  }

  mutating func crash(using random: inout SplitMix64) {
    for number in files.keys.sorted() {
      guard let file = files[number], file.content != file.synced else { continue }
      let torn = SimulatedFolder.torn(file, using: &random)
      files[number] = File(content: torn, synced: torn)
    }
    for name in Set(names.keys).union(syncedNames.keys).sorted() where random.chance(50) {
      names[name] = syncedNames[name]
    }
    syncedNames = names
    (lock, trouble, hasStopped) = (nil, nil, false)
    generation += 1
  }

  /// What is left of a file that was not synced.
  private static func torn(_ file: File, using random: inout SplitMix64) -> [UInt8] {
    let (short, long) = (
      min(file.content.count, file.synced.count), max(file.content.count, file.synced.count)
    )
    let counts = [
      file.content.count, file.synced.count, short + random.number(below: long - short + 1),
    ]
    var bytes = [UInt8](repeating: 0, count: counts[random.number(below: 3)])
    for start in stride(from: 0, to: bytes.count, by: 512) {
      let source = random.chance(50) ? file.content : file.synced
      for place in start..<min(start + 512, bytes.count) where place < source.count {
        bytes[place] = source[place]
      }
    }
    return bytes
  }
}

private final class SimulatedFile: DiskFile {
  private let disk: SimulatedDisk
  private let number: Int
  private let generation: Int

  init(_ disk: SimulatedDisk, _ number: Int, _ generation: Int) {
    self.disk = disk
    self.number = number
    self.generation = generation
  }

  var size: Int { get throws(DiskFault) { try disk.size(number) } }

  func append(_ bytes: [UInt8]) throws(DiskFault) {
    try disk.append(bytes, number, generation)
  }

  func truncate(to size: Int) throws(DiskFault) {
    try disk.change(number, generation) { $0.content.removeLast($0.content.count - size) }
  }

  func sync() throws(DiskFault) {
    disk.delaySync()
    try disk.change(number, generation) { $0.synced = $0.content }
  }
}

private final class SimulatedLock: DiskLock {
  private let disk: SimulatedDisk
  private let generation: Int

  init(_ disk: SimulatedDisk, _ generation: Int) {
    self.disk = disk
    self.generation = generation
  }

  deinit {
    disk.unlock(generation)
  }
}
