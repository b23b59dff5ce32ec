import Foundation
import TestSupport
import Testing

/// `nres baselines` on a hand-made idx pair.
struct BaselinesTests {
  private struct Row: Decodable {
    var optimizer: String
    var rate: Double
    var loss: Double?
  }

  @Test func everyOptimizerRunsAtEveryRate() throws {
    let folder = try TemporaryFolder()
    let experiment = try makeExperiment(in: folder)
    let rates = ["--rates", "1e-9,1e-1,1e30"]
    let outcome = try Command.run(["baselines", experiment, "--json"] + rates, in: folder)
    #expect(outcome.status == 0)
    let rows = try JSONDecoder().decode([Row].self, from: Data(outcome.output.utf8))
    #expect(rows.map(\.optimizer) == ["SGD", "SGDM", "Adam"].flatMap { [$0, $0, $0] })
    #expect(rows.map(\.rate) == [1e-9, 1e-1, 1e30, 1e-9, 1e-1, 1e30, 1e-9, 1e-1, 1e30])
    // The two classes differ in every pixel: an optimizer learns them, unless its rate is next to 0.
    for optimizer in 0..<3 {
      let still = try #require(rows[3 * optimizer].loss)
      let moving = try #require(rows[3 * optimizer + 1].loss)
      #expect(abs(still - log(10)) < 0.5)
      #expect(moving < still)
    }
    let table = try Command.run(["baselines", experiment] + rates, in: folder)
    #expect(table.lines.count { $0.hasSuffix("best") } == 3)
  }

  @Test func badRatesAndOtherFamilies() throws {
    let folder = try TemporaryFolder()
    let rates = try Command.run(
      "baselines", "fashion-mnist-nres", "--rates", "1e-3,fast", in: folder)
    #expect(rates.status == 64)
    #expect(rates.error.contains("--rates is '1e-3,fast'"))
    let family = try Command.run("baselines", "lorenz-nres", in: folder)
    #expect(family.status == 64)
    #expect(family.error.contains("experiment of lorenz"))
  }

  private func makeExperiment(in folder: TemporaryFolder) throws -> String {
    let count = 60
    let labels = (0..<count).map { UInt8($0 % 2) }
    let pixels = labels.flatMap { [UInt8](repeating: $0 == 0 ? 10 : 240, count: 16) }
    func header(_ axes: [Int]) -> [UInt8] {
      [0, 0, 8, UInt8(axes.count)] + axes.flatMap { [0, 0, 0, UInt8($0)] }
    }
    _ = try folder.file("train-images-idx3-ubyte", header([count, 4, 4]) + pixels)
    _ = try folder.file("train-labels-idx1-ubyte", header([count]) + labels)
    let text = """
      application: lopt
      horizon-length: 12
      lopt-dataset-name: fashion_mnist
      data-dir: \(folder.path)
      image-length: 4
      lopt-batch-size: 8
      lopt-inner-model: mlp
      lopt-hidden-dims: 6
      lopt-single-sequence-seed: 1
      gradient-estimator: FullES
      num-particles: 1
      sigma: 0.1
      outer-optimizer-specs: SGD||CONSTANT1
      outer-iterations: 1
      """
    return try folder.file("experiment.yaml", text.utf8)
  }
}
