import Foundation
import Kith

// Two tables and an association table, small enough that a naive model can keep up.

struct Member: Row {
  var id: Int
  var handle: String

  static let table = Table(
    "members", Self.init,
    Column("id", \.id),
    Column("handle", \.handle).unique())

  static let follows = Association(
    "follows", from: Member.self, "follower_id", to: Member.self, "followed_id",
    allowsSelfLinks: false)
  static let following = hasMany(through: follows)
  static let followers = hasMany(through: follows.inverse)
  static let notes = hasMany(\Note.author)
  static let mentions = hasMany(\Note.about)
}

struct Note: Row, Equatable {
  var id: String
  var author: Int
  var about: Int?
  var score: Int

  static let table = Table(
    "notes", Self.init,
    Column("id", \.id),
    Column("author_id", \.author, references: Member.self, onDelete: .cascade),
    Column("about_id", \.about, references: Member.self, onDelete: .setNull),
    Column("score", \.score).indexed().check("positive") { $0 >= 0 }
  )
  .index(\.author, orderedBy: \.score)
}

/// The same graph as arrays and sets, with loops for indexes.
struct SocialModel: Equatable {
  struct Follow: Hashable {
    var source: Int
    var target: Int
  }

  /// Keys in order of insertion.
  var members: [Int] = []
  var handles: [Int: String] = [:]
  var notes: [Note] = []
  var follows: Set<Follow> = []

  func following(_ member: Int) -> [Int] {
    members.filter { follows.contains(Follow(source: member, target: $0)) }
  }

  func followers(_ member: Int) -> [Int] {
    members.filter { follows.contains(Follow(source: $0, target: member)) }
  }

  /// Who to follow: the members at the end of two hops, most paths first, ties by key.
  func suggestions(_ member: Int) -> [[Int]] {
    var paths: [Int: Int] = [:]
    let followed = following(member)
    for middle in followed {
      for target in following(middle) where target != member && !followed.contains(target) {
        paths[target, default: 0] += 1
      }
    }
    return paths.map { [$0.key, $0.value] }.sorted {
      $0[1] == $1[1] ? $0[0] < $1[0] : $0[1] > $1[1]
    }
  }

  /// The notes of those a member follows, highest score first, ties by key.
  func feed(_ member: Int) -> [String] {
    let followed = following(member)
    return notes.filter { followed.contains($0.author) }.sorted {
      $0.score == $1.score ? $0.id < $1.id : $0.score > $1.score
    }.map(\.id)
  }

  mutating func delete(_ member: Int) {
    members.removeAll { $0 == member }
    handles[member] = nil
    follows = follows.filter { $0.source != member && $0.target != member }
    notes.removeAll { $0.author == member }
    for index in notes.indices where notes[index].about == member { notes[index].about = nil }
  }

  mutating func rename(_ member: Int, to new: Int) {
    guard let place = members.firstIndex(of: member) else { return }
    members[place] = new
    handles[new] = handles.removeValue(forKey: member)
    follows = Set(
      follows.map {
        Follow(
          source: $0.source == member ? new : $0.source,
          target: $0.target == member ? new : $0.target)
      })
    for index in notes.indices {
      if notes[index].author == member { notes[index].author = new }
      if notes[index].about == member { notes[index].about = new }
    }
  }
}
