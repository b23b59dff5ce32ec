import Datasets
import Foundation
import Records
import Tasks
import TestSupport
import Testing
import Trainer

/// Runs of `nres train lopt`.
struct LearnedOptimizerTests {
  static let tiny = [
    "--num-particles", "4", "--horizon-length", "20", "--trunc-length", "5", "--image-length", "4",
    "--lopt-batch-size", "5", "--lopt-hidden-dims", "6", "--outer-iterations", "12",
    "--data-dir", "images", "--threads", "1",
  ]

  /// A folder with images to train on.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    _ = try folder.images()
    return folder
  }

  static func train(
    _ flags: String..., in folder: TemporaryFolder, run: String = "run"
  ) throws -> Command.Outcome {
    try Command.run(["train", "fashion-mnist-nres", "--run-dir", run] + tiny + flags, in: folder)
  }

  @Test("a run prints its test loss, and its saved evaluations are those of nres evaluate")
  func run() throws {
    let folder = try folder()
    let outcome = try Self.train("--eval-freq", "4", "--theta-every", "4", in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let lines = [
      /fashion-mnist-nres \(seed 53\) -> run/,
      /iteration 0\/12/,
      /evaluating iteration 12\/12   test loss \d+\.\d{4}/,
      /finished iteration 12, test loss \d+\.\d{4}, \d+ env steps in 0:\d\d/,
      /run: run/,
    ]
    let last = try #require(outcome.lines.count >= 5 ? outcome.lines.suffix(3) : nil)
    #expect(outcome.lines[0].wholeMatch(of: lines[0]) != nil, "\(outcome.output)")
    for (line, pattern) in zip(last, lines.suffix(3)) {
      #expect(line.wholeMatch(of: pattern) != nil, "\(line)")
    }
    let rows = try readScalars(folder("run/scalars.csv"))
    let losses = rows.filter { $0.tag == "test/unperturbed_meta_test_loss" }
    #expect(losses.map(\.iteration) == [0, 4, 8, 12])
    let best = try #require(losses.min { $0.value < $1.value }).iteration
    for (which, iteration) in [("best", best), ("0", 0), ("8", 8)] {
      let printed = try Command.run("evaluate", "run", "--iteration", which, "--json", in: folder)
      let object = try JSONDecoder().decode(
        [String: Double].self, from: Data(printed.output.utf8))
      var expected = ["iteration": Double(iteration)]
      for row in rows where row.iteration == iteration && row.tag.hasPrefix("test/") {
        expected[row.tag] = row.value
      }
      #expect(object == expected && expected.count == 3)
    }
    let text = try Command.run("evaluate", "run", in: folder).output
    #expect(
      text.wholeMatch(of: /iteration 12   test\/unp\S+ \d\.\d{5} ± 0\.00000\n/) != nil, "\(text)")
    try FileManager.default.moveItem(atPath: folder("images"), toPath: folder("elsewhere"))
    #expect(
      try Command.run("evaluate", "run", "--data-dir", "elsewhere", in: folder).output == text)
  }

  @Test("θ is exported, imported and recognised")
  func export() throws {
    let folder = try folder()
    #expect(try Self.train("--eval-freq", "4", "--theta-every", "4", in: folder).status == 0)
    let export = try Command.run("export", "run", "--format", "flax", in: folder)
    #expect(export.output == "theta_trajectory0: 4 iterations (0, 4, 8, 12)\n")
    let result = try Command.run("import", "theta_trajectory0", in: folder)
    #expect(result.status == 0 && result.error.isEmpty)
    #expect(
      result.output == """
        theta_trajectory0: flax, 4 iterations
          mlp/~/linear_0/b[32]
          mlp/~/linear_0/w[19, 32]
          mlp/~/linear_1/b[32]
          mlp/~/linear_1/w[32, 32]
          mlp/~/linear_2/b[2]
          mlp/~/linear_2/w[32, 2]
        fits MLPLOpt, a learned optimizer
        wrote theta_trajectory0.safetensors

        """)
    let replay = try Command.run("replay", "run", in: folder)
    #expect(replay.status == 65)
    #expect(
      replay.error
        == "nres: run/config.json: is of a run of 'lopt', which has no policies: give a run of rl\n"
    )
  }

  @Test("flags alone say the same as a preset that they repeat")
  func flags() throws {
    let folder = try folder()
    let rare = ["--eval-freq", "4", "--no-run-test-after-training"]
    #expect(
      try Self.train(rare[0], rare[1], rare[2], in: folder, run: "preset").status == 0)
    let flags = try Command.run(
      [
        "train", "lopt", "--lopt-dataset-name", "Fashion_MNIST", "--lopt-inner-model", "mlp",
        "--lopt-activation", "gelu", "--lopt-architecture", "mlplopt", "--use-val",
        "--no-use-accuracy", "--lopt-single-sequence-seed", "88", "--gradient-estimator",
        "truncatedpesk", "--K", "1001", "--sigma", "0.01", "--outer-optimizer-specs",
        "ADAM||CONSTANT3e-4", "--init-seed", "2", "--remaining-seed", "53", "--theta-every", "100",
        "--run-dir", "flags",
      ] + Self.tiny, in: folder)
    #expect(flags.status == 0 && flags.error.isEmpty)
    #expect(flags.output.hasPrefix("lopt-truncatedpesk (seed 53) -> flags\n"))
    let again = try Command.run(
      "train", "flags/config.json", "--run-dir", "again", "--threads", "2", in: folder)
    #expect(again.status == 0)
    let bytes = try ["preset", "flags", "again"].map {
      try Data(contentsOf: URL(filePath: folder("\($0)/theta_trajectory.safetensors")))
    }
    #expect(bytes[0] == bytes[1] && bytes[1] == bytes[2])
  }

  @Test("a list of seeds trains side by side on images that are read once")
  func seeds() throws {
    let folder = try folder()
    let outcome = try Self.train(
      "--seed-list", "53,59", "--no-run-test-after-training", in: folder, run: "seeds")
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    #expect(
      try Self.train(
        "--remaining-seed", "59", "--no-run-test-after-training", in: folder, run: "alone"
      ).status == 0)
    func bytes(_ run: String) throws -> Data {
      try Data(contentsOf: URL(filePath: folder("\(run)/theta_trajectory.safetensors")))
    }
    #expect(try bytes("seeds/seed-59") == bytes("alone"))
    #expect(try bytes("seeds/seed-53") != bytes("alone"))
  }

  static let refusals = [
    Refusal(
      "train fashion-mnist-nres --run-dir run --data-dir nowhere", status: 66,
      "nowhere: no such folder; for fashion_mnist, install Debian's package dataset-fashion-mnist"),
    Refusal(
      "train cifar10-nres --run-dir run --data-dir .", status: 66,
      "./data_batch_1.bin: no such file; for cifar10, get 'CIFAR-10 binary version' from "
        + "https://www.cs.toronto.edu/~kriz/cifar.html, unpack it and name its folder with "
        + "--data-dir"),
    Refusal(
      "train cifar10-nres --run-dir run --data-dir images "
        + "--no-use-threshold-outer-cross-entropy-loss",
      "--use-threshold-outer-cross-entropy-loss is missing: --lopt-dataset-name cifar10 needs it"),
    Refusal(
      "train fashion-mnist-nres --run-dir run --data-dir images",
      "--lopt-batch-size is 128, but there are 40 training images: choose at most 40"),
    Refusal(
      "train fashion-mnist-nres --run-dir run --lopt-dataset-name tetris",
      "unknown --lopt-dataset-name 'tetris'; choose from: "
        + DatasetCatalogue.all.map(\.name).joined(separator: ", ")),
    Refusal(
      "train fashion-mnist-nres --run-dir run --lopt-architecture MLPOpt",
      "unknown --lopt-architecture 'MLPOpt', did you mean 'MLPLOpt'? choose from: "
        + LearnedOptimizerCatalogue.all.map { $0.id }.joined(separator: ", ")),
    Refusal(
      "train fashion-mnist-nres --run-dir run --lopt-activation tanh",
      "--lopt-activation is 'tanh': choose from relu, gelu"),
    Refusal(
      "train fashion-mnist-bptt --run-dir run --use-accuracy",
      "--use-accuracy has no derivative, which FullGradient needs: leave it out or choose an "
        + "estimator that smooths, such as TruncatedPESK"),
    Refusal(
      "train fashion-mnist-nres --run-dir run --lopt-hidden-dims 32,,32",
      "--lopt-hidden-dims is '32,,32': give positive whole numbers between commas, 32,32,32"),
    Refusal(
      "train fashion-mnist-nres --run-dir run --eval-freq 50",
      "--run-test-after-training evaluates iteration 50 (--eval-freq 50), which --theta-every 100 "
        + "does not keep: choose a divisor of 50, or --run-test-during-training"),
    Refusal(
      "train lopt --run-dir run --lopt-inner-model perceptron --lopt-dataset-name fashion_mnist "
        + "--image-length 4 --gradient-estimator FullES --sigma 0.1 --num-particles 1 "
        + "--outer-iterations 1 --outer-optimizer-specs SGD||CONSTANT1",
      "--lopt-inner-model is 'perceptron': choose from "
        + InnerModel.allCases.map(\.rawValue).joined(separator: ", ")),
    Refusal(
      "train lorenz-nres --run-dir run --data-dir images",
      "--data-dir is a setting of lopt, not of lorenz: leave it out"),
  ]

  @Test("what cannot be is refused in one line and leaves nothing")
  func refused() throws {
    let folder = try folder()
    for refusal in Self.refusals {
      let outcome = try refusal.run(in: folder)
      #expect(outcome.status == refusal.status && outcome.output.isEmpty, "\(refusal.line)")
      #expect(outcome.error == "nres: \(refusal.error)\n")
    }
    #expect(try folder.names == ["images"])
  }
}
