/// The learning rate of every update: one rate, or a rate scaled at given updates.
///
/// Rates and ratios are kept in double precision and rounded to float32 when used, as optax's
/// `constant_schedule` and `piecewise_constant_schedule` do.
package struct Schedule: Sendable, Hashable {
  /// From update number `boundary` on, the rate is multiplied by `ratio`.
  package struct Step: Sendable, Hashable {
    package var boundary: Int
    package var ratio: Double

    package init(at boundary: Int, scalingBy ratio: Double) {
      self.boundary = boundary
      self.ratio = ratio
    }
  }

  /// The rate before any step.
  package let initialRate: Double
  /// Where the rate changes, in rising order of boundaries; empty for a constant rate.
  package let steps: [Step]

  /// The same `rate` for ever, a positive number.
  package static func constant(_ rate: Double) -> Schedule {
    piecewiseConstant(rate, steps: [])
  }

  /// A `rate` that is scaled at every step.
  ///
  /// Rates must be positive normal float32 numbers before, between and after the steps;
  /// boundaries must not be negative and must rise.
  package static func piecewiseConstant(_ rate: Double, steps: [Step]) -> Schedule {
    do throws(Flaw) {
      return try Schedule(rate: rate, steps: steps)
    } catch {
      preconditionFailure(error.reason)
    }
  }

  init(rate: Double, steps: [Step]) throws(Flaw) {
    initialRate = rate
    self.steps = steps
    guard Float(rate).isUsableRate else {
      throw Flaw("the rate \(rate.shortest) is not a positive number that float32 can hold")
    }
    var last: Int?
    for step in steps {
      guard step.boundary >= 0 else { throw Flaw("the boundary \(step.boundary) is negative") }
      if let last, step.boundary <= last {
        throw Flaw("the boundary \(step.boundary) does not come after \(last)")
      }
      guard Float(step.ratio).isUsableRate else {
        throw Flaw(
          "the ratio \(step.ratio.shortest) is not a positive number that float32 can hold")
      }
      guard self.rate(at: step.boundary).isUsableRate else {
        throw Flaw("the rate from update \(step.boundary) on is not one that float32 can hold")
      }
      last = step.boundary
    }
  }

  /// The rate of the update that comes after `update` others: 0 for the first one.
  ///
  /// A step counts from the update at which `update` reaches its boundary: with (150, 0.3) the
  /// updates 0…149 have the initial rate and update 150, the 151st, is the first with the new one.
  package func rate(at update: Int) -> Float {
    var rate = Float(initialRate)
    for step in steps where update >= step.boundary { rate *= Float(step.ratio) }
    return rate
  }
}

/// What is wrong with a schedule or a specification, as half a sentence.
struct Flaw: Error {
  var reason: String
  init(_ reason: String) { self.reason = reason }
}

extension Float {
  /// Subnormal rates are refused too: XLA flushes them to zero and nothing would be learned.
  fileprivate var isUsableRate: Bool { isNormal && self > 0 }
}
