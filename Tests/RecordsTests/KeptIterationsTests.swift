import Records
import Testing

struct KeptIterationsTests {
  /// 0, n, 2n, … and the last, written down.
  private func written(every: Int, final: Int) -> [Int] {
    (0...final).filter { $0.isMultiple(of: every) || $0 == final }
  }

  @Test("multiples and the last iteration, each in its row, as far as they are there")
  func rows() {
    for final in 0...25 {
      for every in [1, 2, 3, 5, 7, 24, 25, 26, Int.max] {
        let whole = KeptIterations(every: every, final: final)
        let expected = written(every: every, final: final)
        #expect(Array(whole) == expected)
        for count in 0...whole.count {
          let kept = whole.first(count)
          #expect(Array(kept) == Array(expected.prefix(count)))
          for iteration in -1...final + 1 {
            let row = expected.prefix(count).firstIndex(of: iteration)
            #expect(kept.row(of: iteration) == row && kept.contains(iteration) == (row != nil))
            guard row == nil else { continue }
            let before = kept.last { $0 < iteration }
            let after = kept.first { $0 > iteration }
            #expect(kept.neighbors(of: iteration) == [before, after].compactMap { $0 })
          }
        }
      }
    }
  }

  @Test("the largest numbers do not overflow")
  func large() {
    for every in [1, 2, 1 << 40, .max] {
      let kept = KeptIterations(every: every, final: .max - 1)
      #expect(kept[kept.count - 1] == .max - 1 && kept.contains(.max - 1))
      #expect(!kept.contains(.max) && !kept.contains(.min))
      #expect(kept.neighbors(of: .max) == [.max - 1] && kept.neighbors(of: .min) == [0])
    }
  }

  @Test("as many from 0 on")
  func all() {
    for count in 0...5 { #expect(KeptIterations.all(count).elementsEqual(0..<count)) }
  }

  @Test("a message says which can be chosen")
  func choices() {
    let thinned = KeptIterations(every: 10, final: 95)
    #expect(thinned.summary == "0, 10, 20, …, 95")
    #expect(thinned.choices(insteadOf: 15) == "10 or 20")
    #expect(thinned.choices(insteadOf: 91) == "90 or 95")
    #expect(thinned.choices(insteadOf: 96) == "0, 10, 20, …, 95")
    #expect(thinned.choices(insteadOf: -1) == "0, 10, 20, …, 95")
    #expect(thinned.first(2).choices(insteadOf: 20) == "0, 10")
    #expect(KeptIterations(final: 25).choices(insteadOf: 26) == "0 to 25")
    #expect(KeptIterations.all(1).summary == "0")
    #expect(KeptIterations(every: 4, final: 6).summary == "0, 4, 6")
  }
}
