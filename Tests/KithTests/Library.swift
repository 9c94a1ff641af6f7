import Foundation
import Kith

/// Somebody who borrows books: a table that had another name, with a column for each sort of default.
struct Reader: Row, Equatable {
  var id: Int
  var handle: String
  var isActive = true
  var balance = -3
  var points = UInt64.max
  var rating = 0.5
  var patience = Double.infinity
  var motto = Reader.usualMotto
  var age: String
  var joined = Date(timeIntervalSinceReferenceDate: 815_184_000.25)
  var card = Reader.usualCard
  var badge = Reader.usualBadge
  var level = Level.beginner
  var place: Pair<String, Int>? = Pair("hall", 7)
  var note: String?

  enum Level: String, ColumnValue { case beginner, expert }

  static let usualMotto = "Say \"hi\",\n'가수' \\ \(0)"
  static let usualCard = UUID(uuidString: "01234567-89AB-CDEF-0123-456789ABCDEF") ?? UUID()
  static let usualBadge: [UInt8] = Array(0..<32)

  static let table = Table(
    "readers", Self.init,
    Column("id", \.id),
    Column("handle", \.handle).unique().maxLength(30).was("name"),
    Column("is_active", \.isActive).default(true),
    Column("balance", \.balance).default(-3),
    Column("points", \.points).default(.max),
    Column("rating", \.rating).default(0.5).indexed(),
    Column("patience", \.patience).default(.infinity),
    Column("motto", \.motto).default(usualMotto).maxLength(100),
    Column("age", \.age),
    Column("joined", \.joined).default(Date(timeIntervalSinceReferenceDate: 815_184_000.25)),
    Column("card", \.card).default(usualCard),
    Column("badge", \.badge).default(usualBadge),
    Column("level", \.level).default(.beginner),
    Column("place", \.place).default(Pair("hall", 7)),
    Column("note", \.note).default(nil)
  )
  .was("people")

  static let favourites = Association(
    "favourites", from: Reader.self, "reader_id", to: Book.self, "book_id")

  /// The readers of the folder before, with the defaults of what was added.
  static let ada = Reader(id: 1, handle: "ada", age: "36")
  static let grace = Reader(id: 2, handle: "grace", age: "85")
}

/// A book, which may refer to another one and to who inherits it.
struct Book: Row {
  var id: UUID
  var title: String
  var heir: Reader.ID?
  var sequel: UUID?

  static let table = Table(
    "books", Self.init,
    Column("id", \.id),
    Column("title", \.title).check("not_empty") { !$0.isEmpty },
    Column("heir_id", \.heir, references: Reader.self, onDelete: .setNull),
    Column("sequel_id", \.sequel, references: Book.self, deferred: true))
}

/// Who has which book: a row with a key of two columns.
struct Loan: Row {
  var reader: Reader.ID
  var book: Book.ID
  var due: Date
  var id: Pair<Reader.ID, Book.ID> { Pair(reader, book) }

  static let table = Table(
    "loans", Self.init,
    Column("reader_id", \.reader, references: Reader.self, onDelete: .cascade),
    Column("book_id", \.book, references: Book.self),
    Column("due", \.due)
  )
  .primaryKey(\.reader, \.book)
  .unique(\.book, \.due)
  .index(\.reader, orderedBy: \.due)
}
