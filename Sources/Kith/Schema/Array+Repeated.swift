extension [String] {
  /// Those that are there more than once, each once.
  var repeated: [String] {
    var (seen, repeated): (Set<String>, [String]) = ([], [])
    for name in self where !seen.insert(name).inserted && !repeated.contains(name) {
      repeated.append(name)
    }
    return repeated
  }
}
