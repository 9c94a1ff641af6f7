/// Why a store refuses a change.
package struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: String, Sendable {
    case duplicateKey, missingReference, restrictedDelete, failedCheck, valueTooLong, notFound
  }

  package let kind: Kind
  package let constraint: String
  package let table: String
  package let key: String

  package init(_ kind: Kind, _ constraint: String, _ table: String, _ key: String) {
    self.kind = kind
    self.constraint = constraint
    self.table = table
    self.key = key
  }

  package var description: String { "\(kind.rawValue)(\(constraint), \(table), \(key))" }
}

/// A refusal: the faults of which any may be told, because several things are wrong at once.
package struct Refusal: Error {
  package let faults: [Fault]

  package init(_ faults: [Fault]) {
    self.faults = faults
  }
}
