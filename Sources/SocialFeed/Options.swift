/// What the command line asks for.
struct Options: Equatable {
  /// An edge list; nil for the bundled one.
  var follows: String?
  /// Whether each line of the edge list is a follow in both directions.
  var undirected = false
  /// Whose suggestions and feed to show; nil for the one who follows most.
  var user: Int?
  /// How many suggestions and posts to show.
  var limit = 10
  var postsPerUser = 3
  var json = false
  /// Whether to compute the figures that take a walk over the whole graph.
  var wholeGraph = false
  var help = false

  /// Reads the arguments after the name of the command.
  init(_ arguments: [String]) throws(UsageError) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      var option = argument
      var attached: String?
      if argument.hasPrefix("--"), let sign = argument.firstIndex(of: "=") {
        option = String(argument[..<sign])
        attached = String(argument[argument.index(after: sign)...])
      }
      switch option {
      case "--follows", "--user", "--limit", "--posts-per-user":
        guard let value = attached ?? rest.popFirst() else {
          throw UsageError("\(option) needs a value")
        }
        try set(option, to: value)
      case "--undirected", "--json", "--whole-graph", "--help", "-h":
        if attached != nil { throw UsageError("\(option) takes no value") }
        switch option {
        case "--undirected": undirected = true
        case "--json": json = true
        case "--whole-graph": wholeGraph = true
        default: help = true
        }
      default:
        throw UsageError("there is no option \(argument.escaped); --help lists them")
      }
    }
  }

  private mutating func set(_ option: String, to value: String) throws(UsageError) {
    switch option {
    case "--follows": follows = value
    case "--user": user = try number(option, value, least: .min)
    case "--limit": limit = try number(option, value, least: 1)
    default: postsPerUser = try number(option, value, least: 0)
    }
  }

  private func number(_ option: String, _ value: String, least: Int) throws(UsageError) -> Int {
    guard let number = Int(value) else {
      throw UsageError("\(option) takes a whole number, not \(value.escaped)")
    }
    guard number >= least else { throw UsageError("\(option) takes \(least) or more") }
    guard number <= 1_000_000_000 || least == .min else {
      throw UsageError("\(option) takes at most 1000000000")
    }
    return number
  }

  static let usage = """
    Loads who follows whom, and shows a user's followers, who to follow, and a page of the feed.

    usage: social-feed [options]
           social-feed db COMMAND   keep tables in a folder, and migrate it; db --help lists the commands

      --follows FILE       an edge list as the SNAP collection has them: two ids a line, # comments
                           (default: Zachary's karate club, bundled)
      --undirected         each line is a follow in both directions
      --user ID            whose view to show (default: who follows most; the smallest id of several)
      --limit N            how many suggestions and posts to show (default: 10)
      --posts-per-user N   how many posts to generate for each user (default: 3)
      --whole-graph        also count distinct two-hop pairs and mutual pairs over the whole graph
      --json               print one JSON object, whole-graph figures included
      --help               print this

    """
}

/// A command line that can't be understood.
struct UsageError: Error {
  let message: String

  init(_ message: String) {
    self.message = message
  }
}

extension String {
  /// The text in quotes, with everything that could confuse a terminal written out, and cut if it is long.
  var escaped: String { String(prefix(80)).debugDescription }

  /// The text with control characters written out, so that it stays on its line of a terminal.
  var onOneLine: String {
    unicodeScalars.map {
      $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0)
    }.joined()
  }
}
