import Kith

extension Database {
  /// The migrations that lead to the tables of today, from the first on. A new one comes at the end.
  static let migrations: [Migration] = [
    .m0001Create,
    .m0002Handles,
    .m0003Profiles,
  ]
}
