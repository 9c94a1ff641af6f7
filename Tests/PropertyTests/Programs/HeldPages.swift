import Kith
import KithTestSupport

/// Pages that were asked for, from which a program goes on when it has changed more.
struct HeldPages {
  private struct Page {
    let cursor: Cursor
    let bookmark: Bookmark
    let size: Int
    var isRenumbered = false
    var isReordered = false
  }

  private var pages: [Page] = []
  private static let most = 4

  /// Holds the first page of a query, if there is another after it.
  mutating func hold(
    _ search: Search, size: Int, _ graph: Graph, _ model: NaiveStore, _ world: World
  ) {
    guard let (cursor, key) = world.query(search, graph).endOfPage(size: size),
      let bookmark = model.bookmark(search, behind: key)
    else { return }
    pages.append(Page(cursor: cursor, bookmark: bookmark, size: size))
    if pages.count > HeldPages.most { pages.removeFirst() }
  }

  /// Notes that rows have been numbered anew, and whether they were put in another order.
  mutating func noteCompaction(reordering isReordered: Bool) {
    for index in pages.indices {
      pages[index].isRenumbered = true
      if isReordered { pages[index].isReordered = true }
    }
  }

  /// Goes on from every page, and compares with what the naive store says.
  func compare(
    _ graph: Graph, _ model: NaiveStore, _ world: World, _ place: String, _ trial: inout Trial
  ) throws {
    for page in pages {
      let search = page.bookmark.search
      let isLost = page.isReordered && page.bookmark.isByInsertion
      let expected =
        isLost ? nil : model.keys(after: page.bookmark, isRenumbered: page.isRenumbered)
      func text(_ said: String) -> String { "\(place): \(world.shape.text(search))\(said)" }
      do {
        let found = try world.query(search, graph).keys(size: page.size, after: page.cursor)
        trial.note(found?.isEmpty == true ? "cursor: at the end" : "cursor: goes on")
        try trial.expect(
          found, is: expected.map { Array($0.prefix(page.size)) }, text(", after a cursor held"))
      } catch GraphError.invalidCursor {
        trial.note("cursor: refused")
        try trial.expect(expected == nil, text(": refused its cursor"))
      }
    }
  }
}
