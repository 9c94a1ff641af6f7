import Kith

/// The tables that the application keeps in a folder, as they are today.
///
/// A folder that was made earlier gets there by the migrations.
enum Database {
  static func schema() throws(GraphError) -> Schema {
    try Schema {
      User.self
      Profile.self
      Post.self
      User.follows
    }
  }
}
