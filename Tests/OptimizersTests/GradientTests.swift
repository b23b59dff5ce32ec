import Optimizers
import Testing

@Suite struct GradientTests {
  @Test func clipLimitsEveryCoordinateOnItsOwn() {
    var gradient: [Float] = [-5, -2, -1.5, 0, 1.5, 2, 5, .infinity, -.infinity]
    clip(&gradient, to: 2)
    #expect(gradient == [-2, -2, -1.5, 0, 1.5, 2, 2, 2, -2])
  }

  @Test func clipKeepsNotANumber() {
    var gradient: [Float] = [.nan, 3]
    clip(&gradient, to: 1)
    #expect(gradient[0].isNaN && gradient[1] == 1)
  }

  @Test func clipToZeroLeavesNothing() {
    var gradient: [Float] = [-1, 0, 1]
    clip(&gradient, to: 0)
    #expect(gradient == [0, 0, 0])
  }

  @Test func sanitizeRemovesWhatIsNotFiniteAndCounts() {
    var gradient: [Float] = [1, .nan, .infinity, -.infinity, -.greatestFiniteMagnitude, 0]
    #expect(sanitize(&gradient) == 3)
    #expect(gradient == [1, 0, 0, 0, -.greatestFiniteMagnitude, 0])
    #expect(sanitize(&gradient) == 0)
  }
}
