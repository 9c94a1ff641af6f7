extension DatabaseOptions {
  /// What `db` can do.
  enum Command: String {
    case initialize = "init"
    case migrate
    case upgrade
    case downgrade
    case stamp
    case history
    case current
    case check
    case show
    case load = "import"

    /// What the argument behind the command is; nil if it takes none.
    var operandName: String? {
      switch self {
      case .upgrade, .downgrade, .stamp: "target"
      case .show: "migration"
      case .load: "file"
      case .initialize, .migrate, .history, .current, .check: nil
      }
    }

    var needsOperand: Bool { self == .stamp || self == .load }

    /// The options besides `--folder`.
    var options: [String] {
      switch self {
      case .migrate: ["-m", "--message", "--directory", "--losing-data"]
      case .upgrade, .downgrade: ["--dry-run"]
      default: []
      }
    }
  }

  static let usage = """
    Keeps the application's tables in a folder, and leads the folder through its migrations.

    usage: social-feed db COMMAND [--folder FOLDER] [options]

      init                 make the folder, without tables
      migrate -m MESSAGE   write the next migration: what leads from the folder to the application's
                           tables, as Swift to be read and changed
      upgrade [TARGET]     do the migrations that lead to a target (default: head)
      downgrade [TARGET]   undo the migrations after a target (default: -1)
      stamp TARGET         remember that the migrations up to a target were done, and do none
      history              list all migrations, and which the folder has had
      current              show the last migration that the folder has had
      check                show what the folder lacks: a line each and exit status 1, or nothing
      show [MIGRATION]     show a migration and, if it is to be done, what it would do (default: head)
      import FILE          load an edge list: users, their profiles, and who follows whom

      --folder FOLDER      the folder (default: social-feed.kith)
      --dry-run            upgrade and downgrade: do all to a copy in memory, and only say it
      --directory DIR      migrate: where to write (default: Sources/SocialFeed/Migrations)
      --losing-data        migrate: allow to drop tables and columns that hold something
      --help               print this

    A target is a migration or the beginning of its name, head, base, or some steps: +1, -2.

    """
}
