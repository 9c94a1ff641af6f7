public import Foundation

// The types of Foundation that rows are made of, so that a client that needs no more of it writes `import Kith` alone.

/// Foundation's `Date`.
public typealias Date = Foundation.Date
/// Foundation's `UUID`.
public typealias UUID = Foundation.UUID
/// Foundation's `Data`.
public typealias Data = Foundation.Data
