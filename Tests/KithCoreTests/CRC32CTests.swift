import KithCore
import KithTestSupport
import Testing

@Suite struct `CRC-32C` {
  @Test func `has the checksums of RFC 3720`() {
    // Appendix B.4, and the check value of the catalogue of parametrised CRC algorithms.
    #expect(checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(checksum([UInt8](repeating: 255, count: 32)) == 0x62A8_AB43)
    #expect(checksum((0..<32).map { UInt8($0) }) == 0x46DD_794E)
    #expect(checksum((0..<32).map { UInt8(31 - $0) }) == 0x113F_DB5C)
    #expect(checksum(Array("123456789".utf8)) == 0xE306_9283)
  }

  @Test func `is that of a bit at a time, for every length and wherever it is cut`() {
    var random = SplitMix64(seed: 1)
    let bytes = (0..<40).map { _ in UInt8(random.number(below: 256)) }
    for length in 0...bytes.count {
      var expected = UInt32.max
      for byte in bytes.prefix(length) {
        expected ^= UInt32(byte)
        for _ in 0..<8 {
          let carry: UInt32 = expected & 1 == 1 ? 0x82F6_3B78 : 0
          expected = expected >> 1 ^ carry
        }
      }
      for cut in 0...length {
        let parts = [bytes[0..<cut], bytes[cut..<length]].map { Array($0) }
        #expect(checksum(parts[0], parts[1]) == ~expected)
      }
    }
  }

  @Test func `is the same in lanes, and when workers share the bytes`() {
    var random = SplitMix64(seed: 2)
    let bytes = (0..<300).map { _ in UInt8(random.number(below: 256)) }
    let workers = Workers(count: 3, leastWork: 4) { parts, work in
      for part in (0..<parts).reversed() { work(part) }
    }
    for length in 0...bytes.count {
      let span = bytes.span.extracting(0..<length)
      var lanes = CRC32C()
      lanes.append(span, leastLane: 1)
      let expected = CRC32C.checksum(span)
      #expect(lanes.value == expected)
      #expect(CRC32C.checksum(span, workers: workers) == expected)
    }
  }

  @Test func `is found of every piece of some bytes`() {
    var random = SplitMix64(seed: 3)
    let bytes = (0..<200).map { _ in UInt8(random.number(below: 256)) }
    let pieces = PieceChecksums(bytes)
    for start in bytes.indices {
      for end in start...bytes.count {
        var found = CRC32C()
        pieces.append(0..<start / 2, to: &found)
        pieces.append(start..<end, to: &found)
        #expect(found.value == checksum(Array(bytes[..<(start / 2)]), Array(bytes[start..<end])))
      }
    }
  }

  private func checksum(_ parts: [UInt8]...) -> UInt32 {
    var checksum = CRC32C()
    for part in parts { checksum.append(part.span) }
    return checksum.value
  }
}
