/// Elements of which the one that comes before all others is at hand (J. W. J. Williams, "Heapsort",
/// 1964).
struct BinaryHeap<Element: HeapElement> {
  private var elements: [Element]

  /// Makes a heap of some elements.
  ///
  /// - Complexity: O(elements).
  init(_ elements: [Element] = []) {
    self.elements = elements
    for place in (0..<(elements.count / 2)).reversed() { siftDown(from: place) }
  }

  var count: Int { elements.count }
  /// The element that comes before all others.
  var first: Element? { elements.first }

  mutating func reserveCapacity(_ count: Int) { elements.reserveCapacity(count) }

  mutating func insert(_ element: Element) {
    elements.append(element)
    var place = elements.count - 1
    while place > 0, element.comesBefore(elements[(place - 1) / 2]) {
      elements[place] = elements[(place - 1) / 2]
      place = (place - 1) / 2
    }
    elements[place] = element
  }

  /// Puts an element in place of the first one, of which there must be one.
  mutating func replaceFirst(with element: Element) {
    elements[0] = element
    siftDown(from: 0)
  }

  /// Takes away the first element, of which there must be one.
  mutating func removeFirst() {
    let last = elements.removeLast()
    if !elements.isEmpty { replaceFirst(with: last) }
  }

  /// Moves an element down to where none below it comes before it.
  private mutating func siftDown(from top: Int) {
    var places = elements.mutableSpan
    let element = places[top]
    var place = top
    while true {
      var child = 2 * place + 1
      if child >= places.count { break }
      if child + 1 < places.count, places[child + 1].comesBefore(places[child]) { child += 1 }
      if !places[child].comesBefore(element) { break }
      places[place] = places[child]
      place = child
    }
    places[place] = element
  }
}

/// What a heap keeps in order.
protocol HeapElement {
  func comesBefore(_ other: Self) -> Bool
}
