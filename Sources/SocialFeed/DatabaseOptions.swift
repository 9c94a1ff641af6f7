/// What the command line behind `db` asks for.
struct DatabaseOptions: Equatable {
  /// What there is to do; nil if only help was asked for.
  private(set) var command: Command?
  /// The target, the migration or the file that the command is about.
  private(set) var operand: String?
  private(set) var folder = DatabaseOptions.usualFolder
  private(set) var message: String?
  /// Where migrations are written.
  private(set) var directory = "Sources/SocialFeed/Migrations"
  private(set) var losingData = false
  private(set) var isDryRun = false
  private(set) var help = false

  static let usualFolder = "social-feed.kith"

  /// Reads the arguments after `db`.
  init(_ arguments: some Sequence<String>) throws(UsageError) {
    var rest = Array(arguments)[...]
    var given: [String] = []
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("-"), !argument.isRelativeTarget else {
        try take(argument)
        continue
      }
      let (option, attached) = argument.splitOption
      switch option {
      case "--folder", "-m", "--message", "--directory":
        guard let value = attached ?? rest.popFirst() else {
          throw UsageError("\(option) needs a value")
        }
        try set(option, to: value)
      case "--dry-run", "--losing-data", "--help", "-h":
        if attached != nil { throw UsageError("\(option) takes no value") }
        set(option)
      default:
        throw UsageError(
          "there is no option \(argument.escaped); social-feed db --help lists them")
      }
      given.append(option)
    }
    if !help { try requireComplete(given) }
  }

  /// Takes what is no option: the command, then what it is about.
  private mutating func take(_ argument: String) throws(UsageError) {
    guard let command else {
      guard let command = Command(rawValue: argument) else {
        throw UsageError(
          "there is no command db \(argument.escaped); social-feed db --help lists them")
      }
      self.command = command
      return
    }
    guard operand == nil, command.operandName != nil, !argument.isEmpty else {
      throw UsageError("db \(command.rawValue) can do nothing with \(argument.escaped)")
    }
    operand = argument
  }

  private mutating func set(_ option: String, to value: String) throws(UsageError) {
    if value.isEmpty { throw UsageError("\(option) needs a value") }
    switch option {
    case "--folder": folder = value
    case "--directory": directory = value
    default:
      guard value.contains(where: { $0.isLetter || $0.isNumber }) else {
        throw UsageError("\(option) takes words, of which a name is made, not \(value.escaped)")
      }
      message = value
    }
  }

  private mutating func set(_ option: String) {
    switch option {
    case "--dry-run": isDryRun = true
    case "--losing-data": losingData = true
    default: help = true
    }
  }

  /// Requires a command, all that it needs, and nothing that it does not take.
  private func requireComplete(_ given: [String]) throws(UsageError) {
    guard let command else {
      throw UsageError("db needs a command; social-feed db --help lists them")
    }
    if let option = given.first(where: { $0 != "--folder" && !command.options.contains($0) }) {
      throw UsageError("db \(command.rawValue) takes no \(option)")
    }
    if command.needsOperand, operand == nil, let name = command.operandName {
      throw UsageError("db \(command.rawValue) needs a \(name)")
    }
    if command == .migrate, message == nil {
      throw UsageError("db migrate needs -m MESSAGE, of which the migration is named")
    }
  }
}

extension String {
  /// Whether the text names a migration by steps, as `-1` does, and so is no option.
  fileprivate var isRelativeTarget: Bool {
    (hasPrefix("-") || hasPrefix("+")) && Int(self) != nil
  }

  /// An option, and the value that an equals sign attaches to it.
  fileprivate var splitOption: (option: String, attached: String?) {
    guard hasPrefix("--"), let sign = firstIndex(of: "=") else { return (self, nil) }
    return (String(self[..<sign]), String(self[index(after: sign)...]))
  }
}
