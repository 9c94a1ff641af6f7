import Kith

extension Migration {
  /// Handles
  ///
  /// Users get one made of their name. Going down, those that were made so can be made again; one that
  /// was chosen otherwise has no place in the table and is lost.
  static let m0002Handles = Migration("0002_handles") { tables in
    var handles = HandleMaker()
    try tables.addColumn(
      .column("handle", .text, maxLength: 30), to: "users", before: "name"
    ) { user in
      guard case .text(let name) = user["name"] else { return .null }
      return .text(handles.next(for: name))
    }
    try tables.add(.unique("uq_users_handle", "handle"), to: "users")
    try tables.add(.check("ck_users_handle_max_length", "handle"), to: "users")
  } down: { tables in
    try tables.dropConstraint("ck_users_handle_max_length", from: "users")
    try tables.dropConstraint("uq_users_handle", from: "users")
    try tables.dropColumn("handle", from: "users", losingData: true)
  }
}

/// Makes handles of names: `Ada Lovelace` becomes `ada-lovelace`, and the next one `ada-lovelace2`.
private struct HandleMaker {
  private static let longest = 30
  private var taken: Set<String> = []
  /// The number to try next for names that come to the same.
  private var numbers: [String: Int] = [:]

  /// A handle that none before has.
  mutating func next(for name: String) -> String {
    let words = name.lowercased().split { !$0.isLetter && !$0.isWholeNumber }
    let plain = words.isEmpty ? "user" : words.joined(separator: "-")
    let base = String(plain.prefix(HandleMaker.longest))
    var handle = base
    while !taken.insert(handle).inserted {
      let number = numbers[base, default: 2]
      numbers[base] = number + 1
      handle = base.prefix(HandleMaker.longest - "\(number)".count) + "\(number)"
    }
    return handle
  }
}
