import Figures
import Foundation
import TestSupport
import Testing

/// Places and round values of axes.
struct ScaleTests {
  private func scale(_ lower: Double, _ upper: Double, logarithmic: Bool = false) -> Scale {
    Scale(lower, upper, isLogarithmic: logarithmic)
  }

  @Test("ticks are round values within the range")
  func linearTicks() {
    for (lower, upper, labels) in [
      (1.9, 3.5, "2 2.5 3 3.5"), (2.9, 3.9, "3 3.2 3.4 3.6 3.8"), (0, 372.3, "0 100 200 300"),
      (-0.3, 0.3, "−0.2 0 0.2"), (0, 2e7, "0 5·10⁶ 10⁷ 1.5·10⁷ 2·10⁷"),
      (1e-7, 6e-7, "10⁻⁷ 2·10⁻⁷ 3·10⁻⁷ 4·10⁻⁷ 5·10⁻⁷ 6·10⁻⁷"),
    ] {
      #expect(scale(lower, upper).ticks.map(\.label).joined(separator: " ") == labels)
    }
    #expect(scale(0, 1).ticks.map(\.value) == [0, 0.2, 0.4, 0.6, 0.8, 1])
    for length in [1e-6, 2e-3, 0.07, 1, 1.3, 2.1, 4.9, 9.9, 77, 1234, 5e7] {
      let scale = scale(-1, -1 + length)
      #expect((2...8).contains(scale.ticks.count), "\(length)")
      #expect(scale.ticks.allSatisfy { -1e-9...1 + 1e-9 ~= scale.position(of: $0.value) })
    }
  }

  @Test("a logarithmic scale has powers of ten, and what lies between where they are few")
  func logarithmicTicks() {
    for (lower, upper, labels) in [
      (2.7, 731, "5 10 20 50 100 200 500"),
      (0.001, 1e5, "0.001 0.01 0.1 1 10 100 1000 10000 100000"),
      (0.3, 20, "0.5 1 2 5 10 20"), (1e-6, 1, "10⁻⁶ 10⁻⁵ 10⁻⁴ 10⁻³ 10⁻² 10⁻¹ 10⁰"),
      (3e6, 3e7, "5·10⁶ 10⁷ 2·10⁷"),
      // Without round powers, the numbers of a linear one.
      (102.304, 102.324, "102.305 102.31 102.315 102.32"), (5.5, 9, "6 7 8 9"),
    ] {
      let ticks = scale(lower, upper, logarithmic: true).ticks
      #expect(ticks.map(\.label).joined(separator: " ") == labels)
    }
    let scale = scale(2.7, 731, logarithmic: true)
    #expect(scale.position(of: 2.7) == 0 && scale.position(of: 731) == 1)
    #expect(abs(Scale(1, 100, isLogarithmic: true).position(of: 10) - 0.5) < 1e-15)
    let wide = Scale(1e-3, 1e30, isLogarithmic: true)
    #expect(wide.ticks.count < 9 && wide.ticks.first?.value == 1)
  }

  @Test("between ticks are marks, a fifth or a quarter of the way, or at every number of a power")
  func minorTicks() {
    func near(_ found: [Double], _ wanted: [Double]) -> Bool {
      found.count == wanted.count && zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-9 }
    }
    #expect(near(scale(0, 5).minorTicks, (0..<25).filter { $0 % 5 != 0 }.map { Double($0) / 5 }))
    #expect(near(scale(0, 9).minorTicks, (0..<19).filter { $0 % 4 != 0 }.map { Double($0) / 2 }))
    #expect(near(scale(0, 21).minorTicks, (0..<22).filter { $0 % 5 != 0 }.map { Double($0) }))
    let few = scale(1, 100, logarithmic: true)
    #expect(few.ticks.map(\.value) == [1, 2, 5, 10, 20, 50, 100])
    #expect(near(few.minorTicks, [3, 4, 6, 7, 8, 9, 30, 40, 60, 70, 80, 90]))
    // Where powers are many, those without a label.
    let many = scale(1, 1e20, logarithmic: true)
    #expect(many.ticks.map(\.value) == [1, 1e3, 1e6, 1e9, 1e12, 1e15, 1e18])
    #expect(many.minorTicks.count == 14)
  }

  @Test("any range has at least two numbers that differ, within it")
  func anyRange() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix(state: seed)
    func number() -> Double {
      let number = Double.random(in: 1...10, using: &random)
      return (Bool.random(using: &random) ? number : -number)
        * pow(10, Double(Int.random(in: -330...299, using: &random)))
    }
    for _ in 0..<2000 {
      let first = number()
      let other =
        Bool.random(using: &random)
        ? number() : first * (1 + pow(10, .random(in: -17...0, using: &random)))
      let (lower, upper) = (min(first, other), max(first, other))
      guard lower < upper else { continue }
      var scales = [Scale(lower, upper)]
      if lower >= .leastNormalMagnitude { scales.append(scale(lower, upper, logarithmic: true)) }
      for scale in scales {
        let ticks = scale.ticks
        #expect((2...16).contains(ticks.count), "\(scale), seed \(seed)")
        #expect(Set(ticks.map(\.label)).count == ticks.count, "\(scale), seed \(seed)")
        let slack = max(abs(lower), abs(upper)) * 1e-15
        #expect(
          ticks.allSatisfy { lower - slack...upper + slack ~= $0.value }, "\(scale), seed \(seed)")
        #expect(scale.minorTicks.count < 150, "\(scale), seed \(seed)")
      }
    }
    #expect(Scale(0, .leastNonzeroMagnitude).ticks.count == 2)
    #expect(Scale(2, 2.0000000000000004).ticks.count == 2)
    #expect(Scale(3, 3.00001).ticks.first.map(\.label) == "3")
  }

  @Test("a scale covers what can be drawn, with a margin, and has a length whatever that is")
  func covering() {
    let linear = Scale(covering: [3, .nan, -1, .infinity, 1e301], margin: 0.25)
    #expect((linear.lower, linear.upper) == (-2, 4))
    let logarithmic = Scale(covering: [-5, 0, 1, 100], isLogarithmic: true, margin: 0.5)
    #expect(abs(logarithmic.lower - 0.1) < 1e-12 && abs(logarithmic.upper - 1000) < 1e-9)
    for value in [0, 5, -5, 1e300, -1e300, .leastNonzeroMagnitude, 102.3] {
      for isLogarithmic in [false, true] {
        let scale = Scale(covering: [value, value], isLogarithmic: isLogarithmic, margin: 0.04)
        #expect(scale.lower < scale.upper && scale.ticks.count >= 2, "\(value)")
        if Scale.canDraw(value, isLogarithmic: isLogarithmic) {
          #expect(0...1 ~= scale.position(of: value), "\(value)")
        }
      }
    }
    for ends in [(100.0, 2001.0), (3, 700), (1e-5, 0.3)] {
      let exact = Scale(covering: [ends.0, ends.1], isLogarithmic: true)
      #expect((exact.lower, exact.upper) == ends)
    }
    #expect(Scale(covering: [], isLogarithmic: false) == Scale(0, 1))
    #expect(Scale(covering: [-1], isLogarithmic: true) == Scale(1, 10, isLogarithmic: true))
    #expect(Scale(covering: [-1e300, 1e300], margin: 0.04).ticks.count >= 2)
    #expect(Scale(covering: [1e-307, 1e300], isLogarithmic: true, margin: 0.04).ticks.count >= 2)
  }

  @Test("numbers are written as people write them")
  func numbers() {
    for (number, digits, text) in [
      (0.25, 6, "0.25"), (-3, 6, "−3"), (2e-7, 6, "2·10⁻⁷"), (1e12, 6, "10¹²"),
      (-1e-10, 6, "−10⁻¹⁰"), (1_234_567, 3, "1.23·10⁶"), (-1.5e30, 6, "−1.5·10³⁰"), (0, 6, "0"),
    ] {
      #expect(numberText(number, digits: digits) == text)
    }
  }
}
