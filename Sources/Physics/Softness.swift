import Foundation

/// How a constraint gives way: MuJoCo's `solref` and `solimp`, with what follows from them alone.
///
/// The impedance rises from `least` to `most` with the penetration; the reference acceleration is
/// that of a damped spring (MuJoCo's documentation, *Computation*, "Constraint model").
struct Softness: Sendable {
  let least, most, width, midpoint, exponent: Double
  /// The spring's stiffness and damping.
  let stiffness, damping: Double

  /// - Parameters:
  ///   - reference: solref: time constant and damping ratio, or −stiffness and −damping.
  ///   - impedance: solimp: five numbers.
  init(reference: [Double], impedance: [Double], timestep: Double) {
    var reference = reference
    if (reference[0] > 0) != (reference[1] > 0) { reference = [0.02, 1] }
    if reference[0] > 0 { reference[0] = max(reference[0], 2 * timestep) }
    func clamped(_ value: Double) -> Double { min(0.9999, max(0.0001, value)) }
    least = clamped(impedance[0])
    most = clamped(impedance[1])
    width = max(0, impedance[2])
    midpoint = clamped(impedance[3])
    exponent = max(1, impedance[4])
    if reference[0] > 0 {
      stiffness =
        1
        / max(
          smallest,
          most * most * reference[0] * reference[0] * reference[1] * reference[1])
    } else {
      stiffness = -reference[0] / max(smallest, most * most)
    }
    damping =
      reference[1] > 0
      ? 2 / max(smallest, most * reference[0]) : -reference[1] / max(smallest, most)
  }

  /// The impedance at a distance beyond the margin, between 0 and 1.
  func impedance<Number: DynamicsNumber>(at distance: Number) -> Number {
    if least == most || width <= smallest { return Number(0.5 * (least + most)) }
    let one = Number(1)
    let x = (distance / Number(width)).magnitude
    var y = x
    if exponent != 1 {
      let rise = 1 / pow(midpoint, exponent - 1)
      let fall = 1 / pow(1 - midpoint, exponent - 1)
      // One power, of the distance from the nearer end; 0 beyond the farther one, where it is not asked.
      func side(_ upper: Number, _ lower: Number) -> Number {
        .select(Number(midpoint), lessThan: x, upper, lower)
      }
      let base = side(.select(x, lessThan: one, one - x, Number(0)), x)
      let bend = side(Number(fall), Number(rise)) * base.power(exponent)
      y = side(one - bend, bend)
    }
    let inside = Number(least) + y * Number(most - least)
    return .select(
      x, lessThan: one, .select(Number(0), lessThan: x, inside, Number(least)), Number(most))
  }
}

/// MuJoCo's least denominator.
let smallest = 1e-15
