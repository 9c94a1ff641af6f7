import Kith
import KithCore
import KithTestSupport

/// The log of a store. With an odd first byte its records get the checksums of what they hold.
///
/// What is opened is sound, can be built upon, and is there again.
func fuzz(_ input: [UInt8]) {
  guard let first = input.first else { return }
  var bytes = Array(input.dropFirst())
  if first % 2 == 1 { seal(&bytes) }
  let disk = SimulatedDisk()
  disk["log-0"] = bytes
  guard let found = open(schema, disk) else { return }
  requireSound(found)
  let written = requireReturn("a write after what was found") {
    let store = try GraphStore(schema, on: disk)
    require(store.snapshot.encoded() == found.encoded(), "opened again, it is another")
    try store.write { graph in
      try graph.delete(graph[Member.self].prefix(1))
      // The largest key may be taken.
      _ = try? graph.insert { id in Member(id: id, handle: "new \(id)") }
    }
    return store.snapshot.encoded()
  }
  require(open(schema, disk)?.encoded() == written, "what was written is not there again")
}

private func open(_ schema: Schema, _ disk: SimulatedDisk) -> Graph? {
  try? GraphStore(schema, on: disk).snapshot
}

/// Makes the checksums of a log right, as far as there are whole records.
private func seal(_ bytes: inout [UInt8]) {
  guard bytes.count >= 28 else { return }
  set(CRC32C.checksum(bytes.span.extracting(0..<24)), at: 24, &bytes)
  var start = 28
  while start + 8 < bytes.count {
    let length = (0..<4).reduce(0) { $0 | Int(bytes[start + $1]) << ($1 * 8) }
    guard length > 0, length <= bytes.count - start - 8 else { return }
    var checksum = CRC32C()
    checksum.append(bytes.span.extracting(start..<start + 4))
    checksum.append(bytes.span.extracting(start + 8..<start + 8 + length))
    set(checksum.value, at: start + 4, &bytes)
    start += 8 + length
  }
}

private func set(_ number: UInt32, at place: Int, _ bytes: inout [UInt8]) {
  for byte in 0..<4 { bytes[place + byte] = UInt8(truncatingIfNeeded: number >> (byte * 8)) }
}
