import Foundation
import Kith

extension Migration {
  /// Everything that a draft can say, under a message so long that neither the comment nor the name
  /// has room for all of it
  static let m0002EverythingThatADraftCanSayUnderAMessageSoLong = Migration(
    "0002_everything_that_a_draft_can_say_under_a_message_so_long"
  ) { tables in
    try tables.rename("people", to: "readers")
    try tables.create(
      "books",
      columns: [
        .column("id", .uuid),
        .column("title", .text),
        .column("heir_id", .integer, isNullable: true),
        .column("sequel_id", .uuid, isNullable: true),
      ],
      constraints: [
        .primaryKey("pk_books", "id"),
        .foreignKey(
          "fk_books_heir_id_readers", "heir_id", references: "readers", onDelete: .setNull),
        .foreignKey("fk_books_sequel_id_books", "sequel_id", references: "books", deferred: true),
        .check("ck_books_not_empty"),
      ])
    try tables.create(
      "loans",
      columns: [
        .column("reader_id", .integer),
        .column("book_id", .uuid),
        .column("due", .date),
      ],
      constraints: [
        .primaryKey("pk_loans", "reader_id", "book_id"),
        .unique("uq_loans_book_id_due", "book_id", "due"),
        .foreignKey(
          "fk_loans_reader_id_readers", "reader_id", references: "readers", onDelete: .cascade),
        .foreignKey("fk_loans_book_id_books", "book_id", references: "books"),
      ],
      indexes: [
        .index("ix_loans_reader_id_due", "reader_id", "due")
      ])
    try tables.createAssociation(
      "favourites",
      columns: [
        .column("reader_id", .integer),
        .column("book_id", .uuid),
      ],
      constraints: [
        .primaryKey("pk_favourites", "reader_id", "book_id"),
        .foreignKey(
          "fk_favourites_reader_id_readers", "reader_id", references: "readers",
          onDelete: .cascade),
        .foreignKey(
          "fk_favourites_book_id_books", "book_id", references: "books", onDelete: .cascade),
      ])
    try tables.drop("shelves", losingData: true)
    try tables.renameColumn("name", of: "readers", to: "handle")
    try tables.addColumn(
      .column("is_active", .boolean, default: true), to: "readers", before: "age")
    try tables.addColumn(.column("balance", .integer, default: -3), to: "readers", before: "age")
    try tables.addColumn(
      .column("points", .unsigned, default: .unsigned(18446744073709551615)), to: "readers",
      before: "age")
    try tables.addColumn(.column("rating", .real, default: 0.5), to: "readers", before: "age")
    try tables.addColumn(
      .column("patience", .real, default: .real(.infinity)), to: "readers", before: "age")
    try tables.addColumn(
      .column("motto", .text, default: "Say \"hi\",\n\'가수\' \\ 0", maxLength: 100), to: "readers",
      before: "age")
    try tables.addColumn(
      .column("joined", .date, default: .date(Date(timeIntervalSinceReferenceDate: 815184000.25))),
      to: "readers")
    try tables.addColumn(
      .column(
        "card", .uuid,
        default: .uuid(
          UUID(
            uuid: (
              0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab,
              0xcd, 0xef
            )))), to: "readers")
    try tables.addColumn(
      .column(
        "badge", .bytes,
        default: .bytes([
          0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
          25, 26, 27, 28, 29, 30, 31,
        ])), to: "readers")
    try tables.addColumn(.column("level", .text, default: "beginner"), to: "readers")
    try tables.addColumn(
      .column("place", .composite, isNullable: true, default: .composite(["hall", 7])),
      to: "readers")
    try tables.addColumn(.column("note", .text, isNullable: true, default: .null), to: "readers")
    try tables.changeColumn("handle", of: "readers", to: .column("handle", .text, maxLength: 30))
    try tables.changeColumn("age", of: "readers", to: .column("age", .text))
    try tables.renameConstraint("pk_people", of: "readers", to: "pk_readers")
    try tables.add(.unique("uq_readers_handle", "handle"), to: "readers")
    try tables.add(.check("ck_readers_handle_max_length", "handle"), to: "readers")
    try tables.add(.check("ck_readers_motto_max_length", "motto"), to: "readers")
    try tables.add(.index("ix_readers_rating", "rating"), to: "readers")
    try tables.dropColumn("shoe", from: "readers", losingData: true)
  } down: { tables in
    try tables.addColumn(.column("shoe", .real, isNullable: true), to: "readers", before: "joined")
    try tables.dropConstraint("ix_readers_rating", from: "readers")
    try tables.dropConstraint("ck_readers_motto_max_length", from: "readers")
    try tables.dropConstraint("ck_readers_handle_max_length", from: "readers")
    try tables.dropConstraint("uq_readers_handle", from: "readers")
    try tables.renameConstraint("pk_readers", of: "readers", to: "pk_people")
    try tables.changeColumn("age", of: "readers", to: .column("age", .integer))
    try tables.changeColumn("handle", of: "readers", to: .column("handle", .text))
    try tables.dropColumn("note", from: "readers", losingData: true)
    try tables.dropColumn("place", from: "readers", losingData: true)
    try tables.dropColumn("level", from: "readers", losingData: true)
    try tables.dropColumn("badge", from: "readers", losingData: true)
    try tables.dropColumn("card", from: "readers", losingData: true)
    try tables.dropColumn("joined", from: "readers", losingData: true)
    try tables.dropColumn("motto", from: "readers", losingData: true)
    try tables.dropColumn("patience", from: "readers", losingData: true)
    try tables.dropColumn("rating", from: "readers", losingData: true)
    try tables.dropColumn("points", from: "readers", losingData: true)
    try tables.dropColumn("balance", from: "readers", losingData: true)
    try tables.dropColumn("is_active", from: "readers", losingData: true)
    try tables.renameColumn("handle", of: "readers", to: "name")
    try tables.create(
      "shelves",
      columns: [
        .column("id", .integer)
      ],
      constraints: [
        .primaryKey("pk_shelves", "id")
      ],
      before: "books")
    try tables.drop("favourites", losingData: true)
    try tables.drop("loans", losingData: true)
    try tables.drop("books", losingData: true)
    try tables.rename("readers", to: "people")
  }
}
