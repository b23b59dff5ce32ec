import Testing

@testable import Physics

/// What need not be computed is not recorded.
struct FoldingTests {
  private let recorder: Recorder
  private let x, y: RecordedNumber
  private let zero = RecordedNumber(0)
  private let one = RecordedNumber(1)
  private let two = RecordedNumber(2)

  init() {
    recorder = Recorder()
    x = recorder.input()
    y = recorder.input()
  }

  private func expect(
    _ left: RecordedNumber, _ right: RecordedNumber,
    _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(left.term == right.term, sourceLocation: location)
  }

  /// How many operations a number takes that is an output.
  private func count(_ numbers: RecordedNumber...) -> Int {
    TapeProgram(recorder, sections: [numbers]).operationCounts[0]
  }

  @Test func neutralNumbers() {
    expect(x + zero, x)
    expect(zero - x, -x)
    expect(x - zero, x)
    expect(x * zero, zero)
    expect(x * one, x)
    expect(-one * x, -x)
    expect(x / one, x)
    expect(zero / x, zero)
    expect(x - x, zero)
    expect(x + -x, zero)
    expect(x.power(1), x)
    expect(x.power(0), one)
  }

  @Test func signs() {
    expect(-(-x), x)
    expect(x + -y, x - y)
    expect(x - -y, x + y)
    expect(y - x, -(x - y))
    expect(-x * y, -(x * y))
    expect(-x * -y, x * y)
    expect(-x / y, x / -y)
    expect((-x).magnitude, x.magnitude)
    expect((-x).sineAndCosine().cosine, x.sineAndCosine().cosine)
    expect((-x).sineAndCosine().sine, -x.sineAndCosine().sine)
    expect((-x).power(2), x.power(2))
    expect(.select(-x, lessThan: -y, x, y), .select(y, lessThan: x, x, y))
  }

  @Test func equalExpressionsAreOne() {
    expect(x + y, y + x)
    expect(x * y, y * x)
    expect((x + two) * y, y * (two + x))
    #expect((x + two).term != (x + y).term)
    #expect((x / y).term != (y / x).term)
  }

  @Test func constants() {
    let number = RecordedNumber(0.7)
    #expect((number * number + one / RecordedNumber(3)).constant == 0.7 * 0.7 + 1.0 / 3)
    #expect(number.sineAndCosine().sine.constant == 0.7.sineAndCosine().sine)
    #expect(number.power(2).constant == 0.7.power(2))
    #expect(RecordedNumber(-2).magnitude.squareRoot().constant == 2.0.squareRoot())
    expect(.select(one, lessThan: two, x, y), x)
    expect(.select(two, lessThan: one, x, y), y)
    expect(.select(x, lessThan: y, two, two), two)
  }

  /// A quotient is a product with the reciprocal where that is exact, and nowhere else.
  @Test func divisors() {
    expect(x / RecordedNumber(-8), x * RecordedNumber(-0.125))
    #expect((x / RecordedNumber(3)).term != (x * RecordedNumber(1.0 / 3)).term)
    #expect((x / RecordedNumber(0x1p-1074)).term != (x * RecordedNumber(.infinity)).term)
  }

  /// Signs that have to be met are met by turning differences and constants.
  @Test func signsCostNothing() {
    #expect(count(-(x - y)) == 1)
    #expect(count(-(two * x)) == 1)
    #expect(count(-(x + two)) == 1)
    #expect(count((-(x - y)).squareRoot()) == 2)
    #expect(count(-x * y + two) == 2)
    #expect(count(-x) == 1)
  }

  /// An output may be an input, a constant, or another output; a constant's slot is filled.
  @Test func plainOutputs() {
    let program = TapeProgram(recorder, sections: [[x, two, x + y, two, y + x]])
    let outputs = (0..<5).map { program.output($0, ofSection: 0) }
    #expect(outputs[0].slot == program.slot(ofInput: 0))
    #expect(outputs[1].constant == 2)
    #expect(outputs[1].slot == outputs[3].slot)
    #expect(outputs[2].slot == outputs[4].slot)
    let slots = Slots(program, lanes: 8)
    program.play(section: 0, on: slots.base, lanes: 8)
    for lane in 0..<8 { #expect(slots[outputs[1].slot, lane] == 2) }
  }
}
