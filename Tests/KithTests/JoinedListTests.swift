import Kith
import Testing

@Suite struct `A joined list` {
  /// The most nodes above an element of a balanced tree.
  private func limit(_ count: Int) -> Int {
    let digits = Int.bitWidth - count.leadingZeroBitCount
    return (digits * 144 + 99) / 100 + 1
  }

  @Test func `has its elements in order when they come one by one, from either side`() {
    for count in 1...600 {
      var (front, back) = (JoinedList.one(0), JoinedList.one(0))
      for number in 1..<max(count, 1) {
        front = JoinedList.one(-number).joined(with: front)
        back = back.joined(with: .one(number))
      }
      #expect(front.elements == Array((1 - count)...0))
      #expect(back.elements == Array(0..<count))
      #expect(front.count == count && back.count == count)
      #expect(front.height <= limit(count) && back.height <= limit(count))
    }
  }

  /// Adding one makes as many nodes as the tree is high, whatever the list holds.
  @Test func `grows in height with the digits of its length`() {
    var list = JoinedList.one(0)
    for number in 1..<100_000 { list = list.joined(with: .one(number)) }
    #expect(list.height <= limit(100_000))
    #expect(list.elements == Array(0..<100_000))
  }

  @Test func `joins lists of all lengths, which stay as they are`() {
    for left in [1, 2, 3, 7, 40, 333] {
      for right in [1, 2, 5, 8, 60, 1_000] {
        let (first, second) = (
          JoinedList(Array(0..<left)[...]), JoinedList(Array(left..<left + right)[...])
        )
        let joined = first.joined(with: second)
        #expect(joined.elements == Array(0..<left + right))
        #expect(joined.height <= limit(left + right))
        #expect(joined.joined(with: joined).count == 2 * (left + right))
        #expect(first.elements == Array(0..<left) && second.elements.count == right)
      }
    }
  }
}
