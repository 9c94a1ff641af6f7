// The types of Foundation that rows are made of, so that a client that needs no more of it writes
// `import Kith` alone.
@_exported public import struct Foundation.Data
@_exported public import struct Foundation.Date
@_exported public import struct Foundation.UUID
