/// Bytes in the making: numbers in little-endian order, one behind the other.
@usableFromInline
package struct ByteWriter: Sendable {
  /// What was written so far.
  @usableFromInline package var bytes: [UInt8] = []

  /// Starts without bytes.
  ///
  /// - Parameter capacity: How many bytes have room from the start.
  package init(capacity: Int = 0) {
    bytes.reserveCapacity(capacity)
  }

  /// The number of bytes so far.
  package var count: Int { bytes.count }

  /// Adds a byte.
  @inlinable
  package mutating func append(_ byte: UInt8) { bytes.append(byte) }

  /// Adds a number as many bytes long as its type.
  package mutating func append<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number) {
    // SAFETY: the bytes of the number are copied before the call returns.
    unsafe withUnsafeBytes(of: number.littleEndian) { unsafe bytes.append(contentsOf: $0) }
  }

  /// Adds a number in the fewest bytes: seven bits in each, the lowest first, the top bit of all but
  /// the last set (LEB128).
  package mutating func appendVarint(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Adds numbers, one behind the other.
  package mutating func append<Number: FixedWidthInteger & BitwiseCopyable>(
    contentsOf numbers: [Number]
  ) {
    if Number(littleEndian: 1) == 1 {
      // SAFETY: the array outlives the call, which copies its bytes; the machine is little-endian.
      unsafe numbers.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    } else {
      for number in numbers { append(number) }
    }
  }

  /// Puts a number in the place of bytes that were written before.
  package mutating func replace(at offset: Int, with number: UInt32) {
    for place in 0..<4 {
      bytes[offset + place] = UInt8(truncatingIfNeeded: number >> UInt32(place * 8))
    }
  }
}

extension [UInt8] {
  /// The little-endian number that starts at an offset.
  ///
  /// - Precondition: All its bytes are there.
  @inlinable
  @inline(__always)
  package func number<Number: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, as type: Number.Type = Number.self
  ) -> Number {
    precondition(offset >= 0 && offset <= count - MemoryLayout<Number>.size)
    // SAFETY: the bytes lie in the array, as was checked, and every bit pattern is a number.
    return unsafe Number(
      littleEndian: withUnsafeBytes {
        unsafe $0.loadUnaligned(fromByteOffset: offset, as: Number.self)
      })
  }

  /// Little-endian numbers, one behind the other.
  ///
  /// - Precondition: All their bytes are there.
  package func numbers<Number: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, count length: Int, as type: Number.Type = Number.self
  ) -> [Number] {
    let (byteCount, overflow) = length.multipliedReportingOverflow(by: MemoryLayout<Number>.size)
    precondition(!overflow && length >= 0 && offset >= 0 && offset <= count - byteCount)
    // All empty arrays are one object, to which making one in place would write.
    if length == 0 { return [] }
    // SAFETY: the bytes lie in the array, as was checked; all of the new array is written.
    let numbers = unsafe [Number](unsafeUninitializedCapacity: length) { room, initialized in
      unsafe SystemMemory.willFill(room.baseAddress, byteCount: byteCount)
      unsafe withUnsafeBytes { bytes in
        let source = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + byteCount])
        unsafe UnsafeMutableRawBufferPointer(room).copyMemory(from: source)
      }
      initialized = length
    }
    return Number(littleEndian: 1) == 1 ? numbers : numbers.map { Number(littleEndian: $0) }
  }

  /// The text that some bytes are, if they are valid UTF-8.
  ///
  /// - Precondition: The bytes are there.
  package func text(in range: Range<Int>) -> String? {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    // SAFETY: the bytes lie in the array, as was checked, and do not outlive the call.
    return unsafe withUnsafeBufferPointer { bytes in
      let bytes = unsafe UnsafeBufferPointer(rebasing: bytes[range])
      // Several times as fast as `String(validating:as:)`, for bytes that are valid. If they are not,
      // others take their place.
      let text = unsafe String(decoding: bytes, as: UTF8.self)
      let isValid = unsafe text.utf8.withContiguousStorageIfAvailable {
        unsafe SystemMemory.areSame($0, bytes)
      }
      return isValid == true ? text : nil
    }
  }
}
