/// The names of some tables, or of the columns of one, and what they were before.
///
/// A hint stays in a declaration when the rename was done long ago, so it means something only as long
/// as the former name is there and the present one is not. That tells a chain from what was done: with
/// `b` that was `a` and `d` that was `b`, a table with the columns `a` and `b` still has both ahead. It
/// can't tell an exchange: `a` and `b` are there before and after.
struct RenameHints {
  private let hints: [(name: String, former: String)]

  /// - Parameter names: The present names, and what each says that it was.
  init(_ names: some Sequence<(name: String, former: String?)>) {
    hints = names.compactMap { name, former in
      former.flatMap { $0 == name ? nil : (name, $0) }
    }
  }

  /// The renames that lead from some names to those of the hints, each when the name that it takes is
  /// free.
  func steps(from names: some Sequence<String>) -> [(old: String, new: String)] {
    var (present, taken) = (Set(names), Set<String>())
    var steps: [(old: String, new: String)] = []
    while let (new, old) = hints.first(where: { name, former in
      present.contains(former) && !present.contains(name) && !taken.contains(former)
    }) {
      present.remove(old)
      present.insert(new)
      taken.insert(new)
      steps.append((old, new))
    }
    return steps
  }

  /// Names each of which was the next one, and the last one the first; nil if there are none.
  var exchange: [String]? {
    let formers = Dictionary(hints.map { ($0.name, $0.former) }) { first, _ in first }
    for (start, _) in hints {
      var way = [start]
      while let former = formers[way[way.count - 1]], !way.contains(former) { way.append(former) }
      if formers[way[way.count - 1]] == start { return way }
    }
    return nil
  }

  /// What is wrong with the hints of a schema, of its tables or of the columns of one: a sentence.
  ///
  /// - Parameter prefix: What stands before each name.
  func fault(_ prefix: String = "") -> String? {
    guard let exchange else { return nil }
    let words = zip(exchange, exchange.dropFirst() + exchange.prefix(1)).map {
      "\(prefix)\($0) was \($1)"
    }
    return words.joined(separator: ", ")
      + ": names that were exchanged look as before, so rename them in a migration, by a third name, "
      + "and leave was(_:) out"
  }
}
