import Foundation
import Kith
import KithTestSupport

extension Shape.Column {
  /// The column as Kith declares it, where it refers to nothing.
  func column<Record: Row, Content: ModelValue>(
    _ keyPath: any KeyPath<Record, Content> & Sendable
  ) -> Column<Record, Content> {
    ruled(Column(name, keyPath))
  }

  /// The column as Kith declares it, where it may refer to nodes.
  func column<Record: Row>(_ keyPath: any KeyPath<Record, Int> & Sendable) -> Column<Record, Int> {
    guard let reference else { return ruled(Column(name, keyPath)) }
    func referring<Parent: NodeRow>(to parent: Parent.Type) -> Column<Record, Int> {
      Column(
        name, keyPath, references: parent, onDelete: reference.rule.deleteRule,
        deferred: reference.isDeferred)
    }
    return ruled(referring(to: World.node(reference.table)))
  }

  /// The column as Kith declares it, where it may refer to nodes or to nothing.
  func column<Record: Row>(
    _ keyPath: any KeyPath<Record, Int?> & Sendable
  ) -> Column<Record, Int?> {
    guard let reference else { return ruled(Column(name, keyPath)) }
    func referring<Parent: NodeRow>(to parent: Parent.Type) -> Column<Record, Int?> {
      Column(
        name, keyPath, references: parent, onDelete: reference.rule.deleteRule,
        deferred: reference.isDeferred)
    }
    return ruled(referring(to: World.node(reference.table)))
  }

  func column<Record: Row>(
    _ keyPath: any KeyPath<Record, Pair<Int, Int>?> & Sendable
  ) -> Column<Record, Pair<Int, Int>?> {
    column(keyPath, referringTo: Match.self)
  }

  func column<Record: Row>(
    _ keyPath: any KeyPath<Record, String?> & Sendable
  ) -> Column<Record, String?> {
    column(keyPath, referringTo: Word.self)
  }

  func column<Record: Row>(
    _ keyPath: any KeyPath<Record, UUID?> & Sendable
  ) -> Column<Record, UUID?> {
    column(keyPath, referringTo: Ticket.self)
  }

  /// The column as Kith declares it, where it may refer to rows of one type or to nothing.
  private func column<Record: Row, Parent: ModelRow>(
    _ keyPath: any KeyPath<Record, Parent.ID?> & Sendable, referringTo parent: Parent.Type
  ) -> Column<Record, Parent.ID?> {
    ruled(
      reference.map {
        Column(
          name, keyPath, references: parent, onDelete: $0.rule.deleteRule,
          deferred: $0.isDeferred)
      } ?? Column(name, keyPath))
  }

  private func ruled<Record: Row, Content: ModelValue>(
    _ column: Column<Record, Content>
  ) -> Column<Record, Content> {
    var column = column
    if isUnique { column = column.unique() }
    if isIndexed { column = column.indexed() }
    if let maxLength { column = column.maxLength(maxLength) }
    if let refused { column = column.check("\(name)_refused") { $0.model != refused } }
    if let plan = FaultPlan.running {
      column = column.check("\(name)_planned") { _ in plan.passes() }
    }
    return column
  }
}

extension Shape.Rule {
  fileprivate var deleteRule: DeleteRule {
    switch self {
    case .restrict: .restrict
    case .cascade: .cascade
    case .setNull: .setNull
    }
  }
}
