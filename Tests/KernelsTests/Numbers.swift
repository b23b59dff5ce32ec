import TestSupport
import Testing

extension SplitMix {
  /// Numbers in (−1, 1).
  mutating func numbers<Real: Precision>(_ count: Int, as _: Real.Type = Real.self) -> [Real] {
    (0..<count).map { _ in Real(Double.random(in: -1..<1, using: &self)) }
  }

  mutating func count(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &self) }
}

/// A sum of products in Double, and the sum of their sizes.
struct Sum {
  var value = 0.0
  var size = 0.0

  mutating func add(_ left: some BinaryFloatingPoint, _ right: some BinaryFloatingPoint) {
    value += Double(left) * Double(right)
    size += abs(Double(left) * Double(right))
  }
}

func zeros<Real: Precision>(_ count: Int) -> [Real] { [Real](repeating: 0, count: count) }

/// Whether a sum of `terms` terms, each added with one rounding in whatever order, may be this: the
/// roundings are at most half an `ulpOfOne` of the sum of sizes each, and those of a sum in Double are
/// as many.
func expectSums<Real: Precision>(
  _ values: [Real], _ sums: [Sum], terms: Int, _ location: SourceLocation = #_sourceLocation
) {
  #expect(values.count >= sums.count, sourceLocation: location)
  let bound = Double(terms) * Double(Real.ulpOfOne)
  let wrong = zip(values, sums).enumerated().first {
    !(abs(Double($1.0) - $1.1.value) <= bound * $1.1.size)
  }
  #expect(wrong == nil, "\(String(describing: wrong))", sourceLocation: location)
}

/// Σ left · right.
func dot(_ left: [Double], _ right: [Double]) -> Double {
  precondition(left.count == right.count, "vectors of different lengths")
  return zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
}

/// Whether a and b, sums of products whose sizes add up to about `size`, are one number but for
/// roundings: a few hundred of them, far from a wrong term.
func expectSame(
  _ a: Double, _ b: Double, size: Double = 1, _ location: SourceLocation = #_sourceLocation
) {
  #expect(abs(a - b) <= 1e-12 * max(size, abs(a)), "\(a) is not \(b)", sourceLocation: location)
}

/// Numbers for a kernel's scratch, at first NaN, after which nothing may be written.
func withScratch<Real: Precision>(
  _ count: Int, _ location: SourceLocation = #_sourceLocation,
  _ body: (UnsafeMutablePointer<Real>) -> Void
) {
  let margin = 64
  let numbers = UnsafeMutablePointer<Real>.allocate(capacity: count + margin)
  defer { numbers.deallocate() }
  numbers.initialize(repeating: .nan, count: count)
  (numbers + count).initialize(repeating: 7, count: margin)
  body(numbers)
  let isWhole = (count..<count + margin).allSatisfy { numbers[$0] == 7 }
  #expect(isWhole, "more scratch is written than asked for", sourceLocation: location)
}
