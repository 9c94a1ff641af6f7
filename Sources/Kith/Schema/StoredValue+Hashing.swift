import KithCore

extension HashSeed {
  /// Hashes a value at the door. Only text goes through `Hasher`; bytes and composites combine the
  /// hashes of their parts.
  func hash(_ value: StoredValue) -> UInt64 {
    switch value {
    case .text(let text): hash(text)
    case .uuid(let uuid): hash(uuid.halves.high, uuid.halves.low)
    case .bytes(let bytes): bytes.reduce(hash(UInt64(bytes.count))) { combine($0, UInt64($1)) }
    case .composite(let parts):
      parts.reduce(hash(UInt64(parts.count))) { combine($0, hash($1)) }
    case .null, .boolean, .integer, .unsigned, .real, .date: hash(value.rank)
    }
  }
}
