import Foundation
import Records
import TestSupport
import Testing

/// `nres baselines` on hand-made images.
struct BaselinesTests {
  private struct Row: Decodable {
    var optimizer: String
    var rate: Double
    /// A number, or the name of one that is not finite.
    var loss: Double

    static func rows(_ text: String) throws -> [Row] {
      let decoder = JSONDecoder()
      decoder.nonConformingFloatDecodingStrategy = .byName
      return try decoder.decode([Row].self, from: Data(text.utf8))
    }
  }

  private static let experiment = """
    application: lopt
    horizon-length: 12
    lopt-dataset-name: fashion_mnist
    data-dir: images
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
    threads: 1
    """

  private func makeFolder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    _ = try folder.images()
    _ = try folder.file("experiment.yaml", Self.experiment.utf8)
    return folder
  }

  @Test func everyOptimizerRunsAtEveryRate() throws {
    let folder = try makeFolder()
    let rates = ["--rates", "1e-9,1e-1,1e30"]
    let outcome = try Command.run(["baselines", "experiment.yaml", "--json"] + rates, in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty && outcome.lines.count == 1)
    let rows = try Row.rows(outcome.output)
    #expect(rows.map(\.optimizer) == ["SGD", "SGDM", "Adam"].flatMap { [$0, $0, $0] })
    #expect(rows.map(\.rate) == [1e-9, 1e-1, 1e30, 1e-9, 1e-1, 1e30, 1e-9, 1e-1, 1e30])
    // A bright stripe tells the class: an optimizer learns it, unless its rate is next to 0.
    for optimizer in 0..<3 {
      let (still, moving) = (rows[3 * optimizer].loss, rows[3 * optimizer + 1].loss)
      #expect(abs(still - log(10)) < 0.5)
      #expect(moving < still)
    }
    let table = try Command.run(["baselines", "experiment.yaml"] + rates, in: folder)
    #expect(table.status == 0 && table.error.isEmpty)
    let lines = table.lines.map { String($0) }
    #expect(lines.count == 14 && lines[1] == "optimizer       rate        loss")
    for (line, row) in zip(lines.dropFirst(2), rows) {
      let words = line.split(separator: " ")
      #expect(words.count == 3 && words[0] == row.optimizer && Double(words[1]) == row.rate)
      if row.loss.isFinite { #expect(words[2] == String(format: "%.4f", row.loss)) }
    }
    for (line, first) in zip(lines.suffix(3), [0, 3, 6]) {
      let best = try #require(
        rows[first..<first + 3].filter(\.loss.isFinite).min { $0.loss < $1.loss })
      #expect(
        line
          == "\(best.optimizer): best rate \(String(format: "%g, loss %.4f", best.rate, best.loss))"
      )
    }
  }

  @Test("a best rate that may not be the best is said to be at the edge")
  func edge() throws {
    let folder = try makeFolder()
    for (rates, words) in [("1e-9,1e-1", "larger"), ("1e-1,1e30", "smaller")] {
      let outcome = try Command.run(
        "baselines", "experiment.yaml", "--rates", rates, in: folder)
      #expect(outcome.lines.suffix(3).allSatisfy { $0.contains("at the edge: try \(words) rates") })
    }
    let outcome = try Command.run("baselines", "experiment.yaml", "--rates", "1e-1", in: folder)
    #expect(!outcome.output.contains("edge"))
  }

  @Test("an optimizer's own rate gives what training evaluates at iteration 0, to the last bit")
  func agreesWithTraining() throws {
    let folder = try makeFolder()
    let run = try Command.run(
      "train", "experiment.yaml", "--run-dir", "run", "--lopt-architecture", "LearnableSGD",
      "--run-test-during-training", in: folder)
    #expect(run.status == 0)
    let evaluated = try Command.run(
      "evaluate", "run", "--iteration", "0", "--json", in: folder)
    let scalars = try JSONDecoder().decode(
      [String: Double].self, from: Data(evaluated.output.utf8))
    // The run's folder is an experiment too.
    let outcome = try Command.run("baselines", "run", "--rates", "0.01", "--json", in: folder)
    let row = try #require(Row.rows(outcome.output).first)
    #expect(row.optimizer == "SGD" && row.loss == scalars["test/unperturbed_meta_test_loss"])
  }

  @Test("rows are printed as they are measured, and Ctrl-C ends the work after one")
  func interrupt() throws {
    let folder = try makeFolder()
    let rates = Array(repeating: "1e-3", count: 20000).joined(separator: ",")
    let running = try Command.Running(
      ["baselines", "experiment.yaml", "--rates", rates], in: folder)
    let deadline = ContinuousClock.now + .seconds(60)
    while running.process.isRunning, ContinuousClock.now < deadline,
      try running.printedSoFar().split(separator: "\n").count < 4
    { usleep(5000) }
    kill(running.process.processIdentifier, SIGINT)
    let outcome = try running.finish()
    #expect(outcome.status == 130)
    #expect(outcome.error == "nres: interrupted; nothing was written\n")
    #expect(outcome.lines.count >= 4 && outcome.lines.last?.hasPrefix("SGD ") == true)
  }

  static let refusals = [
    Refusal(
      "baselines fashion-mnist-nres --rates 1e-3,fast",
      "--rates is '1e-3,fast': give positive numbers between commas, 1e-3,1e-2"),
    Refusal(
      "baselines lorenz-nres", "lorenz-nres is an experiment of lorenz: give one of lopt"),
    Refusal(
      "baselines images", status: 66,
      "images: has no config.json: give a run's folder, a preset or a YAML file"),
  ]

  @Test("what cannot be is refused in one line", arguments: refusals)
  func refused(refusal: Refusal) throws {
    let folder = try makeFolder()
    let outcome = try refusal.run(in: folder)
    #expect(outcome.status == refusal.status && outcome.output.isEmpty)
    #expect(outcome.error == "nres: \(refusal.error)\n")
    #expect(try folder.names == ["experiment.yaml", "images"])
  }
}
