import Records
import Settings
import Testing
import Trainer

struct IterationSelectionTests {
  /// Of a run of 0 … 25 whose best iteration is 7.
  private func iterations(_ selection: IterationSelection, best: Int? = 7) throws -> [Int] {
    try selection.iterations(in: .all(26), best: { best })
  }

  @Test("one iteration is a number, last or best")
  func one() throws {
    for (text, iteration) in [
      ("0", 0), ("25", 25), ("last", 25), ("best", 7), ("Best", 7), ("LAST", 25), (" 3 ", 3),
    ] {
      #expect(try iterations(.one(text)) == [iteration])
      #expect(try iterations(.several(text)) == [iteration])
    }
  }

  @Test("several are given in any order, each once")
  func several() throws {
    #expect(try iterations(.several("9,0,last,9,best,25")) == [9, 0, 25, 7])
    #expect(try iterations(.several("0, 10, 20")) == [0, 10, 20])
    #expect(try iterations(.several("every:10")) == [0, 10, 20, 25])
    #expect(try iterations(.several("EVERY:5")) == [0, 5, 10, 15, 20, 25])
    #expect(try iterations(.several("all")) == Array(0...25))
    #expect(try iterations(.several("best,every:12,1")) == [7, 0, 12, 24, 25, 1])
  }

  @Test("every n-th iteration: the multiples of n, and the last")
  func every() throws {
    for count in 1...40 {
      for period in [1, 2, 3, 7, 39, 40, 41, Int.max] {
        let found = try IterationSelection.several("every:\(period)")
          .iterations(in: .all(count), best: { nil })
        #expect(found == found.sorted() && Set(found).count == found.count)
        #expect(found.first == 0 && found.last == count - 1)
        #expect(found.dropLast().allSatisfy { $0 % period == 0 })
        #expect(found.dropLast().count == (count == 1 ? 0 : (count - 2) / period + 1))
      }
    }
  }

  @Test("one, all or every n-th: what is at one distance")
  func regular() throws {
    for (text, expected, period) in [
      ("3", [3], nil), ("all", Array(0...25), nil), ("every:10", [0, 10, 20, 25], 10),
      (" Every:30 ", [0, 25], 30),
    ] {
      #expect(try iterations(.oneOrRegular(text)) == expected)
      #expect(IterationSelection.oneOrRegular(text).period == period)
    }
    for text in ["1,2", "every:0", "every:", "every:5,1"] {
      let error = #expect(throws: SettingsError.self) { try iterations(.oneOrRegular(text)) }
      #expect(
        error?.description
          == "--iteration is '\(text)': give 0 to 25, last, best, every:10 or all")
    }
  }

  @Test("a list of numbers is read as it was written")
  func lists() throws {
    for _ in 0..<200 {
      let numbers = (0..<Int.random(in: 1...60)).map { _ in Int.random(in: 0..<26) }
      let found = try iterations(.several(numbers.map(String.init).joined(separator: ",")))
      var left = numbers
      for number in found {
        #expect(left.first == number)
        left.removeAll { $0 == number }
      }
      #expect(left.isEmpty)
    }
  }

  @Test("without a flag it is the best iteration, or the last without evaluations")
  func bestOrLast() throws {
    #expect(try iterations(.bestOrLast) == [7])
    #expect(try iterations(.bestOrLast, best: nil) == [25])
  }

  @Test("the table of evaluations is left alone unless it is needed")
  func unneeded() throws {
    struct Read: Error {}
    let selection = IterationSelection.several("0,last,every:9,all")
    #expect(try selection.iterations(in: .all(3), best: { throw Read() }) == [0, 2, 1])
    #expect(throws: Read.self) {
      try IterationSelection.one("best").iterations(in: .all(3), best: { throw Read() })
    }
  }

  static let one = "give 0 to 25, last or best"
  static let several = "give 0 to 25, last, best, every:10 or all, or several between commas"
  static let refusals: [(IterationSelection, String)] =
    ["", "x", "1,2", "all", "every:2", "1.0", "0x1", "99999999999999999999", "best,"].map {
      (.one($0), "--iteration is '\($0)': \(one)")
    }
    + [
      "", ",", "1,", ",1", "1;2", "every", "every:", "every:0", "every:-1", "every:x", "1-3",
      "first", "last,worst", "every:99999999999999999999", "é",
    ].map { (.several($0), "--iterations is '\($0)': \(several)") }
    + [26, -1, Int.max, Int.min].flatMap { number -> [(IterationSelection, String)] in
      let error = "\(number) is not in this run: choose 0 to 25"
      return [
        (.one("\(number)"), "--iteration \(error)"),
        (.several("0,\(number)"), "--iterations \(error)"),
        (.several("\(number)", flag: "--iteration"), "--iteration \(error)"),
      ]
    }

  @Test("anything else is refused with the flag and the range", arguments: refusals)
  func refused(selection: IterationSelection, message: String) throws {
    let error = #expect(throws: SettingsError.self) { try iterations(selection) }
    #expect(error?.description == message)
  }

  @Test("best needs evaluations")
  func noBest() throws {
    let error = #expect(throws: SettingsError.self) {
      try iterations(.several("0,best"), best: nil)
    }
    #expect(
      error?.description
        == "--iterations best needs a finite evaluation and none is logged: \(Self.several)")
  }

  @Test("of a run that keeps every tenth iteration, only those can be chosen")
  func thinned() throws {
    let kept = KeptIterations(every: 10, final: 95)
    func iterations(_ selection: IterationSelection) throws -> [Int] {
      try selection.iterations(in: kept, best: { 40 })
    }
    #expect(try iterations(.several("10,last,best,0")) == [10, 95, 40, 0])
    #expect(try iterations(.several("every:30")) == [0, 30, 60, 90, 95])
    #expect(try iterations(.several("all")) == Array(kept))
    for (selection, message) in [
      (
        IterationSelection.one("15"),
        "--iteration 15 was not kept (--theta-every 10): choose 10 or 20"
      ),
      (.several("0,94"), "--iterations 94 was not kept (--theta-every 10): choose 90 or 95"),
      (.several("every:15"), "--iterations 15 was not kept (--theta-every 10): choose 10 or 20"),
      (.one("96"), "--iteration 96 is not in this run: choose 0, 10, 20, …, 95"),
      (
        .several("x"),
        "--iterations is 'x': give 0, 10, 20, …, 95, last, best, every:100 or all, or several "
          + "between commas"
      ),
    ] {
      let error = #expect(throws: SettingsError.self) { try iterations(selection) }
      #expect(error?.description == message)
    }
  }

  @Test("a run of θ₀ alone has only iteration 0")
  func single() throws {
    for text in ["0", "last", "all", "every:5", "0,last"] {
      #expect(try IterationSelection.several(text).iterations(in: .all(1), best: { nil }) == [0])
    }
    let error = #expect(throws: SettingsError.self) {
      try IterationSelection.one("1").iterations(in: .all(1), best: { nil })
    }
    #expect(error?.description == "--iteration 1 is not in this run: choose 0")
  }
}
