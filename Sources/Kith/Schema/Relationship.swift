import KithCore

/// A way from the rows of one table to the rows of another: what a query can hop along.
public protocol Traversal<Source, Target>: Sendable {
  associatedtype Source: Row
  associatedtype Target: Row
  /// The way as a value, whether or not its links can be edited.
  var relationship: Relationship<Source, Target> { get }
}

extension Traversal {
  /// This relationship, and another from where it ends: the composition of relationships by value.
  public func hop<Next: Traversal>(
    _ next: Next
  ) -> Relationship<Source, Next.Target> where Next.Source == Target {
    Relationship(path: relationship.path + next.relationship.path)
  }
}

/// A way from the rows of one table to the rows of another, over one or more hops.
///
/// Relationships compose by name: `User.following.posts` leads from a user to the posts of those
/// they follow.
@dynamicMemberLookup
public struct Relationship<Source: Row, Target: Row>: Traversal {
  @usableFromInline let path: [Hop]

  @usableFromInline
  init(path: [Hop]) {
    self.path = path
  }

  @inlinable
  public var relationship: Relationship<Source, Target> { self }

  /// The same way, walked back.
  public var inverse: Relationship<Target, Source> {
    Relationship<Target, Source>(path: path.reversed().map(\.reversed))
  }

  /// This relationship, and another from where it ends.
  @inlinable
  public subscript<Next: Traversal>(
    dynamicMember next: KeyPath<Target.Type, Next>
  ) -> Relationship<Source, Next.Target> where Next.Source == Target {
    Relationship<Source, Next.Target>(path: path + Target.self[keyPath: next].relationship.path)
  }
}

/// A relationship over one association table, whose links can be appended and removed.
@dynamicMemberLookup
public struct Link<Source: Row, Target: Row>: Traversal {
  public let relationship: Relationship<Source, Target>

  @usableFromInline
  init(association: Association<Source, Target>) {
    relationship = Relationship(
      path: [Hop(link: association.identity, direction: association.direction)])
  }

  /// The association table, walked this way.
  ///
  /// The one hop tells it, so that a copy of this value counts one owner: most questions make one.
  @usableFromInline
  var association: Association<Source, Target> { Association(relationship.path[0]) }

  /// The same links, walked back.
  public var inverse: Link<Target, Source> {
    Link<Target, Source>(association: association.inverse)
  }

  /// This relationship, and another from where it ends.
  @inlinable
  public subscript<Next: Traversal>(
    dynamicMember next: KeyPath<Target.Type, Next>
  ) -> Relationship<Source, Next.Target> where Next.Source == Target {
    relationship[dynamicMember: next]
  }
}

extension Row {
  /// Many-to-many: the rows that an association table links to this one.
  public static func hasMany<Target: Row>(
    through association: Association<Self, Target>
  ) -> Link<Self, Target> {
    Link(association: association)
  }

  /// One-to-many: the rows whose foreign key refers to this one.
  public static func hasMany<Child: Row>(
    _ foreignKey: any KeyPath<Child, ID> & Sendable
  ) -> Relationship<Self, Child> {
    Relationship(path: [Child.hop(over: foreignKey, to: Self.self, .backward)])
  }

  /// One-to-many over a foreign key that may be empty.
  public static func hasMany<Child: Row>(
    _ foreignKey: any KeyPath<Child, ID?> & Sendable
  ) -> Relationship<Self, Child> {
    Relationship(path: [Child.hop(over: foreignKey, to: Self.self, .backward)])
  }

  /// Many-to-many across an association object: the rows at the far end of its second foreign key.
  public static func hasMany<Object: Row, Target: Row>(
    _: Target.Type, through near: any KeyPath<Object, ID> & Sendable,
    _ far: any KeyPath<Object, Target.ID> & Sendable
  ) -> Relationship<Self, Target> {
    Relationship(path: [
      Object.hop(over: near, to: Self.self, .backward),
      Object.hop(over: far, to: Target.self, .forward),
    ])
  }

  /// Many-to-one: the row that a foreign key refers to.
  public static func belongsTo<Parent: Row>(
    _: Parent.Type, _ foreignKey: any KeyPath<Self, Parent.ID> & Sendable
  ) -> Relationship<Self, Parent> {
    Relationship(path: [hop(over: foreignKey, to: Parent.self, .forward)])
  }

  /// Many-to-one over a foreign key that may be empty.
  public static func belongsTo<Parent: Row>(
    _: Parent.Type, _ foreignKey: any KeyPath<Self, Parent.ID?> & Sendable
  ) -> Relationship<Self, Parent> {
    Relationship(path: [hop(over: foreignKey, to: Parent.self, .forward)])
  }
}

/// One hop of a relationship: which links, and which way.
@usableFromInline
struct Hop: Sendable {
  let link: LinkIdentity
  /// The same, by which the link is looked up without counting an owner.
  let identifier: ObjectIdentifier
  let direction: Direction

  init(link: LinkIdentity, direction: Direction) {
    self.link = link
    identifier = ObjectIdentifier(link)
    self.direction = direction
  }

  var reversed: Hop { Hop(link: link, direction: direction.reversed) }
}

extension Row {
  /// The hop over a foreign key of this table that refers to another. A property that is none, or that
  /// refers elsewhere, is found when the relationship is used.
  fileprivate static func hop<Parent: Row>(
    over keyPath: PartialKeyPath<Self>, to parent: Parent.Type, _ direction: Direction
  ) -> Hop {
    let reference = table.columnIndex(of: keyPath).flatMap { table.columns[$0].reference }
    guard let reference, reference.rowType == ObjectIdentifier(parent) else {
      let name = "\(keyPath), which is no column with references: \(parent).self,"
      return Hop(link: LinkIdentity(name: name), direction: direction)
    }
    return Hop(link: reference.identity, direction: direction)
  }
}
