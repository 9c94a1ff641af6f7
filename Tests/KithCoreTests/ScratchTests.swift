import KithCore
import KithTestSupport
import Testing

@Suite struct `Scratch memory` {
  @Test func `is zero when it is lent`() {
    Scratch.borrow { scratch in
      let counters = scratch.counters(rows: 100)
      #expect(counters.count >= 100)
      #expect(counters.prefix(100).allSatisfy { $0 == 0 })
      #expect(scratch.bits(rows: 65).count >= 2)
    }
    #expect(Scratch.dirtyWords(rows: 500) == 0)
  }

  @Test func `keeps its words when it grows`() {
    Scratch.borrow { scratch in
      var words = scratch.weights(rows: 10)
      words[7] = 70
      words = scratch.weights(rows: words.count * 5)
      #expect(words[7] == 70)
      #expect(words.prefix(words.count).count { $0 != 0 } == 1)
      words[7] = 0
    }
    #expect(Scratch.dirtyWords(rows: 100) == 0)
  }

  @Test func `is another one for each nested borrower`() {
    Scratch.borrow { outer in
      let mine = outer.counters(rows: 4)
      mine[0] = 1
      Scratch.borrow { inner in
        #expect(inner !== outer)
        #expect(inner.counters(rows: 4)[0] == 0)
      }
      mine[0] = 0
    }
  }

  @Test func `is lent several at once, each another one`() {
    Scratch.borrow(3) { three in
      #expect(Set(three.map(ObjectIdentifier.init)).count == 3)
      for scratch in three { scratch.marks(rows: 70)[1] = 1 }
      Scratch.borrow(2) { two in
        #expect(two.allSatisfy { scratch in scratch.marks(rows: 70)[1] == 0 })
      }
      for scratch in three { scratch.marks(rows: 70)[1] = 0 }
    }
    Scratch.borrow(0) { none in #expect(none.isEmpty) }
    #expect(Scratch.dirtyWords(rows: 70, depth: 6) == 0)
  }

  @Test func `keeps its lists when they grow`() {
    Scratch.borrow { scratch in
      scratch.touched(capacity: 2)[1] = 11
      scratch.origins(capacity: 2)[1] = 12
      #expect(scratch.touched(capacity: 900)[1] == 11)
      #expect(scratch.origins(capacity: 900)[1] == 12)
    }
  }

  @Test func `goes back when its borrower throws`() {
    struct Failure: Error {}
    var lent: [ObjectIdentifier] = []
    #expect(throws: Failure.self) {
      try Scratch.borrow { scratch throws(Failure) in
        lent.append(ObjectIdentifier(scratch))
        throw Failure()
      }
    }
    #expect(lent.count == 1)
    #expect(Scratch.dirtyWords(rows: 10) == 0)
  }
}
