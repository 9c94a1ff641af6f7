import Foundation
import Kith
import KithCore

/// An encoded graph. With an odd first byte its blocks get the checksums of what they hold, or no
/// change would come further than these.
func fuzz(_ input: [UInt8]) {
  guard let first = input.first else { return }
  var bytes = Array(input.dropFirst())
  if first % 2 == 1 { seal(&bytes) }
  guard let graph = try? Graph(schema, decoding: Data(bytes)) else { return }
  requireSound(graph)
}

/// Makes the sizes and checksums of a file of blocks right, as far as there are whole blocks.
private func seal(_ bytes: inout [UInt8]) {
  guard bytes.count >= 28 else { return }
  set(UInt64(bytes.count), at: 16, &bytes)
  set(checksum(bytes, 0..<24), at: 24, &bytes)
  var start = 28
  while start + 24 <= bytes.count {
    let size = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + 8 + $1]) << ($1 * 8) }
    guard size <= bytes.count - start - 24 else { return }
    let end = start + 24 + Int(size)
    set(checksum(bytes, start + 24..<end), at: start + 16, &bytes)
    set(checksum(bytes, start..<start + 20), at: start + 20, &bytes)
    start = end
  }
}

private func checksum(_ bytes: [UInt8], _ range: Range<Int>) -> UInt32 {
  CRC32C.checksum(bytes.span.extracting(range))
}

private func set<Number: FixedWidthInteger>(_ number: Number, at place: Int, _ bytes: inout [UInt8])
{
  for byte in 0..<Number.bitWidth / 8 {
    bytes[place + byte] = UInt8(truncatingIfNeeded: number >> (byte * 8))
  }
}
