/// erf⁻¹(x) for −1 < x < 1, rounded as XLA's compiled CPU code rounds it.
///
/// The polynomials are Giles' ("Approximating the erfinv function", GPU Computing Gems, 2011).
/// XLA contracts each step of Horner's scheme to a fused multiply-add, and so does this.
func inverseErrorFunction(_ x: Float) -> Float {
  let w = -logOnePlus(-x * x)
  let p: Float
  if w < 5 {
    let t = w - 2.5
    p =
      (2.81022636e-08 as Float)
      .times(t, plus: 3.43273939e-07).times(t, plus: -3.5233877e-06)
      .times(t, plus: -4.39150654e-06).times(t, plus: 0.00021858087)
      .times(t, plus: -0.00125372503).times(t, plus: -0.00417768164)
      .times(t, plus: 0.246640727).times(t, plus: 1.50140941)
  } else {
    let t = w.squareRoot() - 3
    p =
      (-0.000200214257 as Float)
      .times(t, plus: 0.000100950558).times(t, plus: 0.00134934322)
      .times(t, plus: -0.00367342844).times(t, plus: 0.00573950773)
      .times(t, plus: -0.0076224613).times(t, plus: 0.00943887047)
      .times(t, plus: 1.00167406).times(t, plus: 2.83297682)
  }
  return p * x
}

/// log(1 + y) for −1 < y ≤ 0 as XLA evaluates it: a rational function of y near 0, else the
/// logarithm of the sum. Both are from Cephes.
@inline(__always)
private func logOnePlus(_ y: Float) -> Float {
  guard y.magnitude < 0.41421356237309504880 else { return logarithm(1 + y) }
  let numerator = (4.5270000862445199635215e-5 as Float)
    .times(y, plus: 4.9854102823193375972212e-1).times(y, plus: 6.5787325942061044846969)
    .times(y, plus: 29.911919328553073277375).times(y, plus: 60.949667980987787057556)
    .times(y, plus: 57.112963590585538103336).times(y, plus: 20.039553499201281259648)
  let denominator = (1 as Float)
    .times(y, plus: 15.062909083469192043167).times(y, plus: 83.047565967967209469434)
    .times(y, plus: 221.76239823732856465394).times(y, plus: 309.09872225312059774938)
    .times(y, plus: 216.42788614495947685003).times(y, plus: 60.118660497603843919306)
  let square = y * y
  return y + (y * square).times(numerator / denominator, plus: square * -0.5)
}

/// log(value) for a normal value > 0: `logf` of Cephes.
@inline(__always)
private func logarithm(_ value: Float) -> Float {
  // value = significand · 2^exponent with the significand in [√½, √2).
  var exponent = Float(Int32(truncatingIfNeeded: value.bitPattern &>> 23) &- 126)
  let half = Float(bitPattern: value.bitPattern & 0x007F_FFFF | 0x3F00_0000)
  var x = half - 1
  if half < 0.707106781186547524 {
    exponent -= 1
    x += half
  }
  let square = x * x
  let cube = x * square
  let a = (7.0376836292e-2 as Float)
    .times(x, plus: -1.1514610310e-1).times(x, plus: 1.1676998740e-1)
  let b = (-1.2420140846e-1 as Float)
    .times(x, plus: 1.4249322787e-1).times(x, plus: -1.6668057665e-1)
  let c = (2.0000714765e-1 as Float)
    .times(x, plus: -2.4999993993e-1).times(x, plus: 3.3333331174e-1)
  let tail = a.times(cube, plus: b).times(cube, plus: c)
    .times(cube, plus: -2.12194440e-4 * exponent)
  let significandLogarithm = (-0.5 as Float).times(square, plus: x) + tail
  return (0.693359375 as Float).times(exponent, plus: significandLogarithm)
}

extension Float {
  /// `self * factor + term`, rounded once.
  @inline(__always)
  fileprivate func times(_ factor: Float, plus term: Float) -> Float {
    term.addingProduct(self, factor)
  }
}
