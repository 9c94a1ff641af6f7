import Foundation
import Kith
import KithTestSupport

/// A column's value that the naive store knows too.
protocol ModelValue: ColumnValue {
  init(model: Value)
  var model: Value { get }
}

extension Int: ModelValue {
  init(model: Value) {
    guard case .integer(let value) = model else { preconditionFailure("\(model) is no integer") }
    self = value
  }

  var model: Value { .integer(self) }
}

extension Double: ModelValue {
  init(model: Value) {
    guard case .real(let value) = model else { preconditionFailure("\(model) is no number") }
    self = value
  }

  var model: Value { .real(self) }
}

extension Bool: ModelValue {
  init(model: Value) {
    guard case .boolean(let value) = model else { preconditionFailure("\(model) is no truth") }
    self = value
  }

  var model: Value { .boolean(self) }
}

extension String: ModelValue {
  init(model: Value) {
    guard case .text(let value) = model else { preconditionFailure("\(model) is no text") }
    self = value
  }

  var model: Value { .text(self) }
}

extension Date: ModelValue {
  init(model: Value) {
    guard case .date(let seconds) = model else { preconditionFailure("\(model) is no date") }
    self.init(timeIntervalSinceReferenceDate: seconds)
  }

  var model: Value { .date(timeIntervalSinceReferenceDate) }
}

extension UUID: ModelValue {
  init(model: Value) {
    guard case .uuid(let number) = model else { preconditionFailure("\(model) is no UUID") }
    // All but two bytes are zero, so that identifiers sort as their numbers do.
    self.init(uuid: (number / 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, number % 4))
  }

  var model: Value { .uuid(uuid.0 * 4 + uuid.15) }
}

extension Data: ModelValue {
  init(model: Value) {
    guard case .bytes(let bytes) = model else { preconditionFailure("\(model) is no data") }
    self.init(bytes)
  }

  var model: Value { .bytes(Array(self)) }
}

extension Pair: ModelValue where First == Int, Second == Int {
  init(model: Value) {
    guard case .pair(let first, let second) = model else {
      preconditionFailure("\(model) is no pair")
    }
    self.init(first, second)
  }

  var model: Value { .pair(first, second) }
}

extension Optional: ModelValue where Wrapped: ModelValue {
  init(model: Value) {
    self = model == .null ? nil : Wrapped(model: model)
  }

  var model: Value { self?.model ?? .null }
}
