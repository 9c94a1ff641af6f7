/// Finds the strongly connected components of a graph in one walk, by Tarjan's algorithm.
///
/// The walk keeps its own stack, so that a long history does not use up that of the thread.
struct ComponentSearch {
  private let next: [[Int]]
  private var numbers: [Int?]
  private var lowest: [Int]
  /// The nodes whose component is not complete yet.
  private var open: [Int] = []
  private var isOpen: [Bool]
  private var count = 0
  private var found: [Set<Int>] = []

  /// Starts with the nodes that each node leads to.
  init(_ next: [[Int]]) {
    self.next = next
    numbers = Array(repeating: nil, count: next.count)
    lowest = Array(repeating: 0, count: next.count)
    isOpen = Array(repeating: false, count: next.count)
  }

  /// The components of more than one node.
  mutating func run() -> [Set<Int>] {
    for node in next.indices where numbers[node] == nil { walk(from: node) }
    return found
  }

  private mutating func walk(from start: Int) {
    var path: [(node: Int, place: Int)] = []
    func enter(_ node: Int, _ search: inout ComponentSearch) {
      search.enter(node)
      path.append((node, 0))
    }
    enter(start, &self)
    while let (node, place) = path.last {
      guard place < next[node].count else {
        path.removeLast()
        if let parent = path.last?.node { lowest[parent] = min(lowest[parent], lowest[node]) }
        if lowest[node] == numbers[node] { close(node) }
        continue
      }
      path[path.count - 1].place += 1
      let target = next[node][place]
      if let number = numbers[target] {
        if isOpen[target] { lowest[node] = min(lowest[node], number) }
      } else {
        enter(target, &self)
      }
    }
  }

  private mutating func enter(_ node: Int) {
    numbers[node] = count
    lowest[node] = count
    count += 1
    open.append(node)
    isOpen[node] = true
  }

  /// Completes the component whose first node is given.
  private mutating func close(_ first: Int) {
    var component: Set<Int> = []
    while let node = open.popLast() {
      isOpen[node] = false
      component.insert(node)
      if node == first { break }
    }
    if component.count > 1 { found.append(component) }
  }
}
