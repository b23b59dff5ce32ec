import Foundation
import TestSupport
import Testing

extension KernelTests {
  /// Softmax cross entropy and its derivatives.
  @Suite struct CrossEntropy {
    struct Case: Sendable {
      var classes: Int
      var count: Int
      var limit: Double
      var spread: Double
    }

    static let cases = [
      Case(classes: 2, count: 1, limit: .infinity, spread: 3),
      Case(classes: 10, count: 16, limit: 2, spread: 3),
      Case(classes: 10, count: 29, limit: .infinity, spread: 40),
      Case(classes: 100, count: 40, limit: 5, spread: 1),
      Case(classes: 1, count: 5, limit: .infinity, spread: 1),
    ]

    /// Logits of lanes that count; NaN in the others.
    struct Inputs<Real: Precision> {
      let lanes: Int
      var logits: [Real]
      let tangents: [Real]
      let labels: [Int32]

      init(_ test: Case) {
        let lanes = (test.count + 15) / 16 * 16
        self.lanes = lanes
        var generator = SplitMix(state: UInt64(test.classes))
        func rows(_ spread: Double) -> [Real] {
          var rows: [Real] = generator.numbers(test.classes * lanes)
          for index in rows.indices {
            rows[index] *= Real(spread)
            if index % lanes >= test.count { rows[index] = .nan }
          }
          return rows
        }
        logits = rows(test.spread)
        tangents = rows(1)
        labels = (0..<test.count).map { _ in Int32(generator.count(0...test.classes - 1)) }
      }
    }

    struct Results<Real: Precision> {
      var losses, probabilities, slopes, lossTangents, slopeTangents: [Real]

      init(_ test: Case, _ inputs: Inputs<Real>, scale: Real) {
        let lanes = inputs.lanes
        losses = [Real](repeating: .nan, count: lanes)
        probabilities = [Real](repeating: .nan, count: test.classes * lanes)
        (slopes, slopeTangents, lossTangents) = (probabilities, probabilities, losses)
        Real.kernels.crossEntropy(
          test.classes, lanes, test.count, inputs.logits, inputs.labels, Real(test.limit), scale,
          &losses, &probabilities, &slopes)
        Real.kernels.crossEntropyTangent(
          test.classes, lanes, test.count, inputs.tangents, inputs.labels, Real(test.limit), scale,
          losses, probabilities, &lossTangents, &slopeTangents)
        // The same without what may be left out.
        var (again, others, tangentsAgain) = (losses, probabilities, losses)
        Real.kernels.crossEntropy(
          test.classes, lanes, test.count, inputs.logits, inputs.labels, Real(test.limit), scale,
          &again, &others, nil)
        Real.kernels.crossEntropyTangent(
          test.classes, lanes, test.count, inputs.tangents, inputs.labels, Real(test.limit), scale,
          losses, probabilities, &tangentsAgain, nil)
        #expect(again == losses)
        #expect(tangentsAgain == lossTangents)
      }
    }

    @Test(arguments: cases) func plainFormulas(test: Case) {
      // Exponents of this spread turn the roundings of logits into relative errors as many times
      // larger; a sum over classes and a few functions add theirs.
      check(Float.self, bound: (4 * test.spread + Double(test.classes) + 16) * 6e-8)
      check(Double.self, bound: (4 * test.spread + Double(test.classes) + 16) * 1.1e-16)

      func check<Real: Precision>(_: Real.Type, bound: Double) {
        let scale = 1 / Real(test.count)
        let inputs = Inputs<Real>(test)
        let lanes = inputs.lanes
        let all = everywhere {
          let results = Results(test, inputs, scale: scale)
          return [
            results.losses, results.probabilities, results.slopes, results.lossTangents,
            results.slopeTangents,
          ]
        }
        var worst = 0.0
        func compare(_ value: Real, _ expected: Double, size: Double) {
          let error = abs(Double(value) - expected) / size
          if !(error <= worst) { worst = error }
        }
        for lane in 0..<test.count {
          let logits = (0..<test.classes).map { Double(inputs.logits[$0 * lanes + lane]) }
          let tangents = (0..<test.classes).map { Double(inputs.tangents[$0 * lanes + lane]) }
          let label = Int(inputs.labels[lane])
          let most = logits.max() ?? 0
          let total = logits.reduce(0) { $0 + exp($1 - most) }
          let loss = log(total) + most - logits[label]
          let counts = loss < test.limit
          compare(all[0][lane], counts ? loss : test.limit, size: 1 + abs(loss))
          let shares = logits.map { exp($0 - most) / total }
          let mean = dot(shares, tangents)
          compare(all[3][lane], counts ? mean - tangents[label] : 0, size: 2)
          for c in 0..<test.classes {
            let slope = shares[c] - (c == label ? 1 : 0)
            let bend = shares[c] * (tangents[c] - mean)
            let place = c * lanes + lane
            compare(all[1][place], shares[c], size: shares[c] + 1e-30)
            compare(all[2][place], counts ? slope * Double(scale) : 0, size: Double(scale))
            compare(all[4][place], counts ? bend * Double(scale) : 0, size: 2 * Double(scale))
          }
        }
        #expect(worst <= bound)
        // Lanes that do not count: no loss, no slopes, whatever their logits.
        for row in [all[0], all[2], all[3], all[4]] {
          for index in row.indices where index % lanes >= test.count {
            #expect(row[index] == 0)
          }
        }
      }
    }

    /// Logits that only a softmax with its maximum subtracted bears.
    @Test func hugeLogits() {
      let lanes: [[Float]] = [[-2e30, 3e38, 1e4, 0], [0, -3e38, 1e30, -1e4]]
      let rows = (0..<4).flatMap { row in lanes.map { $0[row] } + zeros(14) }
      let results = everywhere {
        var losses: [Float] = zeros(16)
        var (probabilities, slopes): ([Float], [Float]) = (zeros(64), zeros(64))
        Float.kernels.crossEntropy(
          4, 16, 2, rows, [1, 0], .infinity, 1, &losses, &probabilities, &slopes)
        return [losses, probabilities, slopes]
      }
      func lane(_ lane: Int, of rows: [Float]) -> [Float] { (0..<4).map { rows[$0 * 16 + lane] } }
      #expect(results[0][0..<2] == [0, 1e30])
      #expect(lane(0, of: results[1]) == [0, 1, 0, 0])
      #expect(lane(1, of: results[1]) == [0, 0, 1, 0])
      #expect(lane(0, of: results[2]) == [0, 0, 0, 0])
      #expect(lane(1, of: results[2]) == [-1, 0, 1, 0])
    }

    /// A loss that no number holds counts as any other, unless it is cut.
    @Test(arguments: [Double.infinity, 5]) func infiniteLosses(limit: Double) {
      check(Float.self)
      check(Double.self)

      func check<Real: Precision>(_: Real.Type) {
        let huge = Real.greatestFiniteMagnitude
        let labels: [Int32] = [1, 2]
        func rows(_ rows: [[Real]]) -> [Real] { rows.flatMap { $0 + zeros(14) } }
        let logits = rows([[huge, huge], [-huge, huge], [-huge, -huge]])
        let tangents = rows([[2, 1], [-3, -1], [0, 3]])
        let results = everywhere {
          var (losses, lossTangents): ([Real], [Real]) = (zeros(16), zeros(16))
          var (probabilities, slopes, slopeTangents) = (logits, logits, logits)
          Real.kernels.crossEntropy(
            3, 16, 2, logits, labels, Real(limit), 0.5, &losses, &probabilities, &slopes)
          Real.kernels.crossEntropyTangent(
            3, 16, 2, tangents, labels, Real(limit), 0.5, losses, probabilities, &lossTangents,
            &slopeTangents)
          return [losses, probabilities, slopes, lossTangents, slopeTangents]
        }
        let isCut = limit.isFinite
        let none: [Real] = zeros(48)
        #expect(results[0][0..<2] == [Real(limit), Real(limit)])
        let shares = [0, 16, 32].map { Array(results[1][$0..<$0 + 2]) }
        #expect(shares == [[1, 0.5], [0, 0.5], [0, 0]])
        #expect(results[2] == (isCut ? none : rows([[0.5, 0.25], [-0.5, 0.25], [0, -0.5]])))
        #expect(results[3][0..<2] == (isCut ? [0, 0] : [5, -3]))
        #expect(results[4] == (isCut ? none : rows([[0, 0.25], [0, -0.25], [0, 0]])))
      }
    }

    /// A number that is none stays visible in what its lane gives, and only there.
    @Test func noNumbers() {
      var rows: [Float] = zeros(32)
      rows[1] = .nan
      var losses: [Float] = zeros(16)
      var (probabilities, slopes): ([Float], [Float]) = (zeros(32), zeros(32))
      var (lossTangents, slopeTangents) = (losses, slopes)
      let labels = [Int32](repeating: 1, count: 16)
      Float.kernels.crossEntropy(
        2, 16, 16, rows, labels, 3, 1, &losses, &probabilities, &slopes)
      Float.kernels.crossEntropyTangent(
        2, 16, 16, zeros(32), labels, 3, 1, losses, probabilities, &lossTangents, &slopeTangents)
      for row in [losses, slopes, lossTangents, slopeTangents] {
        for index in row.indices { #expect(row[index].isNaN == (index % 16 == 1)) }
      }
    }

    /// Tangents are the derivatives of losses and slopes.
    @Test(arguments: cases) func finiteDifferences(test: Case) {
      let inputs = Inputs<Double>(test)
      let step = 1e-6
      func results(_ shift: Double) -> Results<Double> {
        var shifted = inputs
        for index in inputs.logits.indices {
          shifted.logits[index] += shift * inputs.tangents[index]
        }
        return Results(test, shifted, scale: 1)
      }
      let (here, ahead, behind) = (results(0), results(step), results(-step))
      var worst = 0.0
      for (tangents, forward, backward) in [
        (here.lossTangents, ahead.losses, behind.losses),
        (here.slopeTangents, ahead.slopes, behind.slopes),
      ] {
        for index in tangents.indices where index % inputs.lanes < test.count {
          let difference = (forward[index] - backward[index]) / (2 * step)
          worst = max(worst, abs(difference - tangents[index]))
        }
      }
      // Losses are not larger than this, and a rounding of theirs is divided by the step.
      let size = 1 + 2 * test.spread + log(Double(test.classes))
      #expect(worst < size * .ulpOfOne / step)
      // The slopes are the transpose of the losses' tangents.
      for lane in 0..<test.count {
        let product = (0..<test.classes).reduce(0.0) {
          let place = $1 * inputs.lanes + lane
          return $0 + here.slopes[place] * inputs.tangents[place]
        }
        expectSame(product, here.lossTangents[lane])
      }
    }
  }
}
