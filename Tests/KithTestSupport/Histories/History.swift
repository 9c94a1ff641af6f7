/// What transactions on lists did and saw, as each of them tells it.
///
/// A transaction appends values to lists, and reads whole lists. No value is appended to a list
/// twice, so whoever reads a list knows who wrote each of its values, and in which order (Kingsbury
/// and Alvaro, *Elle: Inferring Isolation Anomalies from Experimental Observations*, PVLDB 2020).
package struct History: Sendable {
  /// A call inside a transaction.
  package enum Step: Sendable, Hashable {
    case append(Int, to: Int)
    case read([Int], of: Int)
  }

  package struct Transaction: Sendable {
    package let steps: [Step]
    package let isCommitted: Bool
    /// When it began and when it had ended: moments of one clock, no two of which are equal. Empty
    /// if nobody noted them.
    package let time: Range<Int>

    package init(_ steps: [Step], isCommitted: Bool = true, time: Range<Int> = 0..<0) {
      self.steps = steps
      self.isCommitted = isCommitted
      self.time = time
    }
  }

  package let transactions: [Transaction]

  package init(_ transactions: [Transaction]) {
    self.transactions = transactions
  }
}

/// What no serializable store shows, by the names of Adya, *Weak Consistency*, 1999.
package enum Anomaly: String, Sendable, CaseIterable {
  /// A transaction does not see what it did itself, or sees a list change under it.
  case inside = "internal inconsistency"
  /// Two reads of a list saw orders that do not fit, or a value that nobody appended, or one twice.
  case order = "incompatible order"
  case abortedRead = "G1a, aborted read"
  case intermediateRead = "G1b, intermediate read"
  /// Two transactions read one version of a list, and both appended to it.
  case lostUpdate = "lost update"
  case writeCycle = "G0, cycle of writes"
  case informationCycle = "G1c, circular information flow"
  /// A cycle with one anti-dependency, such as half of another transaction's writes.
  case singleSkew = "G-single, read skew"
  /// A cycle with several anti-dependencies.
  case writeSkew = "G2, write skew"
  /// A cycle that only time closes: a transaction did not see what had been over before it began.
  case staleRead = "real time, stale read"
}

/// An anomaly, and the transactions that have it, by their numbers in the history.
package struct FoundAnomaly: Sendable, Hashable, CustomStringConvertible {
  package let kind: Anomaly
  package let transactions: [Int]
  package let reason: String

  package var description: String {
    "\(kind.rawValue): \(reason) (transactions \(transactions))"
  }
}
