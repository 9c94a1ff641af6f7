import Foundation
import Kith
import KithCore
import KithTestSupport
import Testing

/// Stops the machine, or fails or cuts short a call, at every call that a program makes.
@Suite struct `A store whose machine stops` {
  @Test(arguments: 0..<UInt64(effort(release: 4, debug: 1)))
  func `has all commits that were synced, and none in part`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let program = try CrashProgram(seed: seed)
    for durability in [GraphStore.Durability.full, .none] {
      var call = 0
      while true {
        let disk = SimulatedDisk()
        disk.plan(.stop, at: call)
        let acknowledged = program.run(on: disk, durability)
        let isOver = disk.calls <= call
        disk.crash(using: &random)
        let place = "seed \(seed), \(durability), call \(call)"
        let store = try GraphStore(program.schema, on: disk, durability: durability)
        let least = durability == .full ? acknowledged : 0
        #expect((least..<program.expected.count).contains(store.version), "\(place)")
        #expect(program.isWhole(store), "\(place)")
        // What was found can be built upon.
        try program.finish(store)
        #expect(store.snapshot.encoded() == program.expected.last, "\(place)")
        if isOver { break }
        call += 1
      }
    }
  }

  @Test(arguments: 0..<UInt64(effort(release: 2, debug: 1)))
  func `undoes a commit that fails, and goes on`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let program = try CrashProgram(seed: seed)
    for trouble in [SimulatedDisk.Trouble.fail, .short] {
      var call = 0
      while true {
        let disk = SimulatedDisk()
        disk.plan(trouble, at: call)
        let place = "seed \(seed), \(trouble), call \(call)"
        var store = try? GraphStore(program.schema, on: disk)
        if store == nil { store = try GraphStore(program.schema, on: disk) }
        for _ in program.expected.dropFirst() {
          guard let open = store, open.version < program.expected.count - 1 else { break }
          let version = open.version
          do {
            try program.step(open)
          } catch {
            #expect(open.version == version, "\(place): \(error)")
            #expect(program.isWhole(open), "\(place)")
          }
        }
        if let store { try program.finish(store) }
        let isOver = disk.calls <= call
        store = nil
        disk.crash(using: &random)
        let again = try GraphStore(program.schema, on: disk)
        #expect(again.snapshot.encoded() == program.expected.last, "\(place)")
        if isOver { break }
        call += 1
      }
    }
  }

  @Test func `finds every byte that is flipped, or reports the end as torn`() throws {
    let program = try CrashProgram(seed: 9)
    let disk = SimulatedDisk()
    _ = program.run(on: disk, .full)
    let files = disk.names.filter { $0 != "lock" }
    #expect(files.count == 2)
    for name in files {
      let bytes = disk[name] ?? []
      for place in bytes.indices {
        let other = SimulatedDisk()
        for file in files { other[file] = disk[file] }
        other[name]?[place] ^= 1 << UInt8(place % 8)
        expectFoundOrTorn(other, program, "\(name), byte \(place)")
        other[name] = Array(bytes.prefix(place))
        expectFoundOrTorn(other, program, "\(name), cut at \(place)")
      }
    }
  }

  private func expectFoundOrTorn(_ disk: SimulatedDisk, _ program: CrashProgram, _ place: String) {
    do {
      let store = try GraphStore(program.schema, on: disk)
      #expect(store.snapshot.encoded() == program.expected[store.version], "\(place)")
    } catch GraphError.damagedFile(let file, let offset, _) {
      #expect(file.hasPrefix("/simulated/") && offset >= 0, "\(place)")
    } catch {
      Issue.record("\(place): \(error)")
    }
  }

  @Test func `saves the commits before the damage`() throws {
    let program = try CrashProgram(seed: 5)
    let (disk, other) = (SimulatedDisk(), SimulatedDisk())
    _ = program.run(on: disk, .full)
    let log = try #require(disk.names.first { $0.hasPrefix("log-") })
    let middle = (disk[log]?.count ?? 0) / 2
    disk[log]?[middle] ^= 1
    #expect(throws: GraphError.self) { try GraphStore(program.schema, on: disk) }
    let recovery = try GraphStore.recover(program.schema, from: disk, to: other)
    #expect(recovery.damage.count == 1 && recovery.losses.isEmpty)
    let store = try GraphStore(program.schema, on: other)
    #expect(store.version == recovery.version)
    #expect(store.snapshot.encoded() == program.expected[recovery.version])
  }
}
