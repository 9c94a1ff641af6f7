import Synchronization

/// A region of memory that counts its owners: the unit of copy-on-write.
///
/// Every page and every node of Kith's trees is a block. Those who hold one call `retain` and
/// `release` by hand, because a tree that is copied shares its blocks by the hundred, and the
/// kernels that walk it must not pay for counting.
///
/// ```
///  0        4           8            16
///  ├ owners ┼ byteCount ┼ tag ───────┼ payload …
/// ```
///
/// The tag is eight bytes that the format of the page gives a meaning: which rows live, which runs
/// are hubs.
///
/// SAFETY: owners are counted atomically, and a block that has several is never written.
@safe
@usableFromInline
package struct Block: Equatable, @unchecked Sendable {
  /// SAFETY: made by `allocate`, and valid until the last owner releases it. Only this folder makes
  /// blocks.
  @usableFromInline let address: UnsafeMutableRawPointer

  /// The bytes in front of the payload.
  @inlinable
  package static var headerSize: Int { 16 }

  @inlinable
  init(address: UnsafeMutableRawPointer) {
    unsafe self.address = address
  }

  /// Allocates a block of `payload` bytes with one owner, its payload not yet initialized, and its
  /// tag zero.
  @usableFromInline
  static func allocate(payload: Int) -> Block {
    let byteCount = headerSize + payload
    // SAFETY: fresh memory, aligned to 16 bytes, which is enough for anything a page stores.
    let address = unsafe SystemMemory.allocate(byteCount)
    unsafe address.bindMemory(to: Atomic<UInt32>.self, capacity: 1).initialize(to: Atomic(1))
    let block = unsafe Block(address: address)
    block.store(UInt32(byteCount), at: 4)
    block.tag = 0
    return block
  }

  /// Allocates a block whose payload is all zero bytes.
  static func allocateZeroed(payload: Int) -> Block {
    let block = allocate(payload: payload)
    unsafe (block.address + headerSize).initializeMemory(
      as: UInt8.self, repeating: 0, count: payload)
    return block
  }

  /// The size of the block in bytes, its header included.
  package var byteCount: Int { Int(load(UInt32.self, at: 4)) }

  /// The bytes behind the header.
  var payload: Int { byteCount - Block.headerSize }

  /// Eight bytes whose meaning is the format's.
  @inlinable
  package var tag: UInt64 {
    get { load(UInt64.self, at: 8) }
    nonmutating set { store(newValue, at: 8) }
  }

  /// Reads a value at a distance in bytes from the start of the block.
  @inlinable
  @inline(__always)
  package func load<Value: BitwiseCopyable>(_: Value.Type, at offset: Int) -> Value {
    // SAFETY: formats read only inside the bytes that they allocated.
    unsafe address.loadUnaligned(fromByteOffset: offset, as: Value.self)
  }

  /// Writes a value at a distance in bytes from the start of the block.
  @inlinable
  @inline(__always)
  package func store<Value: BitwiseCopyable>(_ value: Value, at offset: Int) {
    // SAFETY: formats write only inside the bytes that they allocated, and only while they are the
    // sole owner.
    unsafe address.storeBytes(of: value, toByteOffset: offset, as: Value.self)
  }

  /// The block whose address stands at a distance in bytes from the start of this one; nil if none does.
  @inlinable
  @inline(__always)
  func block(at offset: Int) -> Block? {
    let bits = load(UInt.self, at: offset)
    // SAFETY: only `setBlock` writes there, the address of a block that this one owns.
    guard let address = unsafe UnsafeMutableRawPointer(bitPattern: bits) else { return nil }
    return unsafe Block(address: address)
  }

  /// Writes the address of a block, or of none.
  func setBlock(at offset: Int, to block: Block?) {
    store(block.map { unsafe UInt(bitPattern: $0.address) } ?? 0, at: offset)
  }

  /// Copies bytes inside the block or from another; the ranges may overlap.
  @inline(__always)
  func copyBytes(from source: Block, at sourceOffset: Int, to offset: Int, count: Int) {
    // SAFETY: as for `load` and `store`.
    unsafe (address + offset).copyMemory(from: source.address + sourceOffset, byteCount: count)
  }

  /// Whether another block has the same bytes at the same place.
  func hasSameBytes(as other: Block, at offset: Int, count: Int) -> Bool {
    let end = offset + count
    var place = offset
    while end - place >= 8 {
      if load(UInt64.self, at: place) != other.load(UInt64.self, at: place) { return false }
      place += 8
    }
    while place < end {
      if load(UInt8.self, at: place) != other.load(UInt8.self, at: place) { return false }
      place += 1
    }
    return true
  }

  /// Copies words from elsewhere.
  @inline(__always)
  func copyWords(of words: Span<UInt32>, to offset: Int) {
    // SAFETY: as for `store`; the words lie outside the block.
    unsafe words.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      unsafe (address + offset).copyMemory(from: start, byteCount: bytes.count)
    }
  }

  /// Adds a number, perhaps a negative one modulo 2^16, to half words that lie side by side.
  @inline(__always)
  func addToHalfWords(at offset: Int, count: Int, _ difference: UInt16) {
    // SAFETY: as for `store`; half words are stored at multiples of two.
    let start = unsafe (address + offset).assumingMemoryBound(to: UInt16.self)
    for index in 0..<count { unsafe start[index] &+= difference }
  }

  /// `count` words that start at a distance in bytes from the start of the block.
  @inline(__always)
  func words(at offset: Int, count: Int) -> UnsafeBufferPointer<UInt32> {
    // SAFETY: words are stored at multiples of four, and memory is bound to them by their only use.
    let start = unsafe UnsafePointer<UInt32>(
      (address + offset).assumingMemoryBound(to: UInt32.self))
    return unsafe UnsafeBufferPointer(start: start, count: count)
  }

  @inline(__always)
  func withOwners<Result>(_ body: (borrowing Atomic<UInt32>) -> Result) -> Result {
    // SAFETY: the first four bytes of every block are its counter, for as long as it lives.
    body(unsafe address.assumingMemoryBound(to: Atomic<UInt32>.self).pointee)
  }

  /// Whether the caller is the only owner, and so may write.
  var isUnique: Bool {
    withOwners { $0.load(ordering: .acquiring) == 1 }
  }

  /// Adds an owner.
  func retain() {
    withOwners { _ = $0.wrappingAdd(1, ordering: .relaxed) }
  }

  /// Takes an owner away and tells whether it was the last; then the caller destroys what the block
  /// holds.
  func dropOwner() -> Bool {
    withOwners { $0.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
  }

  /// Gives the memory back. What the payload owned was released before.
  func free() {
    // SAFETY: only called by the last owner, of memory that `allocate` took.
    unsafe SystemMemory.giveBack(address)
  }

  /// A copy of all bytes, with one owner.
  func cloned() -> Block { cloned(payload: payload, used: payload) }

  /// A copy of all bytes, with one owner and `payload` bytes of payload, at least as many as were
  /// used.
  func cloned(payload: Int, used: Int) -> Block {
    let copy = Block.allocate(payload: payload)
    copy.tag = tag
    copy.copyBytes(from: self, at: Block.headerSize, to: Block.headerSize, count: used)
    return copy
  }

  @inlinable
  package static func == (left: Block, right: Block) -> Bool {
    unsafe left.address == right.address
  }
}

/// What a tree of pages must know about the pages it holds.
@usableFromInline
package protocol PageFormat: Sendable {
  /// A copy with one owner; whatever the page refers to gains an owner.
  func copy(_ page: Block) -> Block
  /// Releases whatever the page refers to and frees it. Called by the last owner.
  func destroy(_ page: Block)
  /// The bytes of the page and of all that hangs below it.
  func byteCount(_ page: Block) -> Int
}
