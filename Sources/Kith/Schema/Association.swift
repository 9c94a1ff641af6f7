public import KithCore

/// An association table: pairs of rows that are linked, and nothing else.
///
/// Both foreign keys are indexed, and the pair is the primary key, so no link can be there twice. A
/// link goes when either of its rows is deleted.
public struct Association<Source: Row, Target: Row>: Sendable {
  @usableFromInline let identity: LinkIdentity
  @usableFromInline let direction: Direction

  /// Declares an association table.
  ///
  /// - Parameters:
  ///   - name: The name of the table, such as `follows`.
  ///   - source: The type of the rows where the links start.
  ///   - sourceColumn: The name of the foreign key to the first table, such as `follower_id`.
  ///   - target: The type of the rows where the links end.
  ///   - targetColumn: The name of the foreign key to the second.
  ///   - allowsSelfLinks: Whether a row may be linked to itself.
  public init(
    _ name: String, from source: Source.Type, _ sourceColumn: String, to target: Target.Type,
    _ targetColumn: String, allowsSelfLinks: Bool = true
  ) {
    identity = LinkIdentity(
      name: name,
      association: AssociationDeclaration(
        source: Reference(to: source, onDelete: .cascade), sourceColumn: sourceColumn,
        target: Reference(to: target, onDelete: .cascade), targetColumn: targetColumn,
        allowsSelfLinks: allowsSelfLinks))
    direction = .forward
  }

  private init(identity: LinkIdentity, direction: Direction) {
    self.identity = identity
    self.direction = direction
  }

  /// The association table that a hop leads over.
  init(_ hop: Hop) {
    self.init(identity: hop.link, direction: hop.direction)
  }

  /// Says what the table was called before, so that a migration carries its links over. That
  /// is followed where the former name is there and the present one is not.
  public func was(_ formerName: String) -> Association {
    guard var declared = identity.association else { return self }
    declared.formerName = formerName
    return Association(
      identity: LinkIdentity(name: identity.name, association: declared), direction: direction)
  }

  /// The same table, walked the other way.
  public var inverse: Association<Target, Source> {
    Association<Target, Source>(identity: identity, direction: direction.reversed)
  }
}

/// What makes a link itself, whichever way it is walked: one object for each association table and
/// foreign key.
@usableFromInline
final class LinkIdentity: Sendable {
  /// The name in messages.
  let name: String
  /// What an association table declares; nil for a foreign key.
  let association: AssociationDeclaration?
  /// The type of the rows that have the foreign key; nil for an association table.
  let owner: (type: ObjectIdentifier, name: String)?

  init(name: String, association: AssociationDeclaration? = nil) {
    self.name = name
    self.association = association
    owner = nil
  }

  /// The identity of a foreign key.
  @usableFromInline
  init<Owner: Row>(column: String, of type: Owner.Type) {
    name = column
    association = nil
    owner = (ObjectIdentifier(type), "\(type)")
  }
}

/// The two ends of an association table.
struct AssociationDeclaration: Sendable {
  let source: Reference
  let sourceColumn: String
  let target: Reference
  let targetColumn: String
  let allowsSelfLinks: Bool
  var formerName: String?
}
