import Optimizers
import Testing

@Suite struct ScheduleTests {
  @Test func aConstantRateNeverChanges() {
    let schedule = Schedule.constant(1e-5)
    #expect([0, 1, 1_000_000].map(schedule.rate) == [1e-5, 1e-5, 1e-5])
  }

  @Test func theBoundaryIsTheFirstUpdateWithTheNewRate() {
    let schedule = Schedule.piecewiseConstant(
      8, steps: [.init(at: 150, scalingBy: 0.5), .init(at: 200, scalingBy: 0.25)])
    #expect([0, 149, 150, 199, 200, 5000].map(schedule.rate) == [8, 8, 4, 4, 1, 1])
  }

  @Test func aBoundaryAtZeroHoldsFromTheFirstUpdate() {
    let schedule = Schedule.piecewiseConstant(8, steps: [.init(at: 0, scalingBy: 0.5)])
    #expect(schedule.rate(at: 0) == 4)
  }

  /// optax rounds rate and ratio to float32 and then their product.
  @Test func ratesAreProductsInSinglePrecision() {
    let schedule = Schedule.piecewiseConstant(1e-5, steps: [.init(at: 1, scalingBy: 0.3)])
    #expect(schedule.rate(at: 1) == Float(1e-5) * Float(0.3))
    // This decimal lies just above the middle of two float32 numbers and is that middle in
    // double precision, which rounds to the lower one.
    let text = "1.00000005960464477540"
    let halfway = Double(text)
    #expect(halfway.map { Schedule.constant($0).rate(at: 0) } == 1)
    #expect(Float(text) != 1)
  }
}
