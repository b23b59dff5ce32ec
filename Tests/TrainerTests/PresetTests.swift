import Datasets
import Envs
import Estimators
import Foundation
import Optimizers
import Parameters
import Randomness
import Records
import Settings
import Tasks
import TestSupport
import Testing
import Trainer

/// A row of the paper's table of experiments.
struct Experiment: Sendable, CustomTestStringConvertible {
  var preset: String
  /// The environment's or the system's name.
  var task: String
  var horizon = 1000
  var estimator: String
  var particles: Int
  var window: Int?
  var period: Int?
  var sigma: Double?
  var optimizer: String
  var iterations: Int
  var seeds: (initial: Int, remaining: Int)
  var initialization: String?
  var evaluation = EvaluationSchedule.Time.during
  /// The period at first, and, of long runs, the second from iteration 20 000 on.
  var periods: (first: Int, second: Int?) = (1, nil)

  var testDescription: String { preset }

  static func swimmer(
    _ name: String, _ estimator: String, _ particles: Int, _ window: Int?, _ period: Int?,
    _ optimizer: String
  ) -> Experiment {
    Experiment(
      preset: "swimmer-\(name)", task: "Swimmer-v4", estimator: estimator,
      particles: particles, window: window, period: period, sigma: 0.3, optimizer: optimizer,
      iterations: 200, seeds: (0, 23), initialization: "zero")
  }

  static func cheetah(
    _ name: String, _ estimator: String, _ particles: Int, _ window: Int?, _ period: Int?,
    _ optimizer: String, iterations: Int = 1000
  ) -> Experiment {
    Experiment(
      preset: "halfcheetah-\(name)", task: "HalfCheetah-v4", estimator: estimator,
      particles: particles, window: window, period: period, sigma: 0.004, optimizer: optimizer,
      iterations: iterations, seeds: (1, 83), initialization: "normal")
  }

  static func lorenz(
    _ name: String, _ estimator: String, _ particles: Int, _ window: Int?, _ period: Int?,
    _ sigma: Double?, _ optimizer: String, iterations: Int
  ) -> Experiment {
    Experiment(
      preset: "lorenz-\(name)", task: "Lorenz", horizon: 2000, estimator: estimator,
      particles: particles, window: window, period: period, sigma: sigma, optimizer: optimizer,
      iterations: iterations, seeds: (1, 101), evaluation: .after)
  }

  static func fashion(
    _ name: String, _ estimator: String, _ particles: Int, _ window: Int?, _ period: Int?,
    _ sigma: Double?, _ optimizer: String, iterations: Int
  ) -> Experiment {
    Experiment(
      preset: "fashion-mnist-\(name)",
      task: "fashion_mnist8x8_usevalTrue_useaccFalse_tb128_vb128_MLP32-32-32_gelu_dropout0.0_"
        + "singleseq88_T1000_MLPLOpt",
      estimator: estimator, particles: particles, window: window, period: period, sigma: sigma,
      optimizer: optimizer, iterations: iterations, seeds: (2, 53), evaluation: .after,
      periods: window == 1 ? (100, 1000) : (20, nil))
  }

  static func cifar(
    _ name: String, _ estimator: String, _ particles: Int, _ window: Int?, _ period: Int?,
    _ optimizer: String
  ) -> Experiment {
    Experiment(
      preset: "cifar10-\(name)",
      task: "cifar1032x32_usevalTrue_useaccFalse_tb32_vb32_FullConvNet32-32-32-32_relu_"
        + "singleseq66_T1000_MLPLOpt",
      estimator: estimator, particles: particles, window: window, period: period, sigma: 0.01,
      optimizer: optimizer, iterations: 20000, seeds: (5, 23), periods: (10, nil))
  }

  static let all =
    [
      swimmer("fulles", "FullES", 3, nil, nil, "SGD||CONSTANT1"),
      swimmer("tes", "TruncatedESBiased", 30, 100, nil, "SGD||CONSTANT30"),
      swimmer("pes", "TruncatedPESK", 30, 100, 100, "SGD||CONSTANT1"),
      swimmer("nres", "TruncatedPESK", 30, 100, 1000, "SGD||CONSTANT3"),
      cheetah("fulles", "FullES", 6, nil, nil, "SGD||CONSTANT3e-5"),
      cheetah("tes", "TruncatedESBiased", 300, 20, nil, "SGD||CONSTANT3e-5"),
      cheetah("pes", "TruncatedPESK", 300, 20, 20, "SGD||CONSTANT3e-6", iterations: 30000),
      cheetah("nres", "TruncatedPESK", 300, 20, 1000, "SGD||CONSTANT3e-5"),
      lorenz("bptt", "FullGradient", 1, nil, nil, nil, "SGD||CONSTANT1e-8", iterations: 1000),
      lorenz("tbptt", "TruncatedBPTT", 200, 100, nil, nil, "SGD||CONSTANT3e-4", iterations: 10000),
      lorenz("uoro", "UORO", 200, 100, nil, nil, "SGD||CONSTANT1e-13", iterations: 5000),
      lorenz(
        "dodge", "TruncatedForwardModeK", 200, 100, 2000, nil, "SGD||CONSTANT1e-10",
        iterations: 5000),
      lorenz("fulles", "FullES", 10, nil, nil, 0.04, "SGD||CONSTANT3e-5", iterations: 2000),
      lorenz(
        "tes", "TruncatedESBiased", 200, 100, nil, 0.04, "SGD||CONSTANT3e-4", iterations: 5000),
      lorenz(
        "pes", "TruncatedPESK", 200, 100, 100, 0.04, "SGD||PIECEWISE_CONSTANT1e-5(1000,0.1)",
        iterations: 10000),
      lorenz(
        "nres", "TruncatedPESK", 200, 100, 2001, 0.04, "SGD||CONSTANT1e-5", iterations: 5000),
      fashion("bptt", "FullGradient", 1, nil, nil, nil, "ADAM||CONSTANT3e-4", iterations: 2000),
      fashion("tbptt", "TruncatedBPTT", 100, 1, nil, nil, "SGD||CONSTANT1e-2", iterations: 320_000),
      fashion(
        "dodge", "TruncatedForwardModeK", 100, 1, 1001, nil, "ADAM||CONSTANT1e-5",
        iterations: 290_000),
      fashion("uoro", "UORO", 100, 1, nil, nil, "ADAM||CONSTANT3e-5", iterations: 260_000),
      fashion("fulles", "FullES", 10, nil, nil, 0.01, "ADAM||CONSTANT3e-2", iterations: 5000),
      fashion(
        "tes", "TruncatedESBiased", 100, 1, nil, 0.01, "ADAM||CONSTANT1e-3", iterations: 180_000),
      cifar("fulles", "FullES", 1, nil, nil, "ADAM||CONSTANT1e-3"),
      cifar("tes", "TruncatedESBiased", 10, 100, nil, "ADAM||CONSTANT1e-3"),
      cifar("pes", "TruncatedPESK", 10, 100, 100, "ADAM||CONSTANT3e-4"),
      cifar("nres", "TruncatedPESK", 10, 100, 1001, "ADAM||CONSTANT3e-4"),
    ]
    + [
      ("pes", 1), ("nres", 1001), ("gpes4", 4), ("gpes16", 16), ("gpes64", 64), ("gpes256", 256),
    ].map { name, period in
      fashion(
        name, "TruncatedPESK", 100, 1, period, 0.01, "ADAM||CONSTANT3e-4", iterations: 240_000)
    }
}

struct PresetTests {
  static let folder = Golden.folder.deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "experiments")

  @Test("every file of experiments/ is a preset with its content")
  func complete() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
      .filter { $0.hasSuffix(".yaml") }.sorted()
    #expect(files == Preset.all.map { "\($0.name).yaml" }.sorted())
    for preset in Preset.all {
      let file = try Data(contentsOf: Self.folder.appending(path: "\(preset.name).yaml"))
      #expect(Array(file) == preset.content, "\(preset.name)")
    }
    #expect(Set(Preset.all.map { $0.name }).isSuperset(of: Experiment.all.map(\.preset)))
  }

  @Test("presets are the paper's experiments", arguments: Experiment.all)
  func paper(experiment: Experiment) throws {
    let preset = try Preset(named: experiment.preset)
    #expect(preset.name == experiment.preset)
    let folder = try TemporaryFolder()
    let images = try folder.images(count: 640, channels: channels(of: preset.settings))
    let plan = try TrainingPlan(with(images: images, preset.settings))
    #expect(plan.horizon == experiment.horizon)
    #expect(plan.estimator.id == experiment.estimator)
    #expect(plan.microbatches == 1)
    #expect(plan.estimatorSettings.particleCount == experiment.particles)
    if let window = experiment.window { #expect(plan.estimatorSettings.windowLength == window) }
    if let period = experiment.period { #expect(plan.estimatorSettings.noisePeriod == period) }
    #expect(preset.settings["K"] == experiment.period)
    #expect(plan.estimatorSettings.sigma == experiment.sigma ?? 0)
    #expect(preset.settings["sigma"] == experiment.sigma)
    #expect(plan.estimator.smoothsObjective == (experiment.sigma != nil))
    #expect(!plan.estimatorSettings.normalizesLoss && plan.gradientThreshold == nil)
    #expect(try plan.optimizer == OptimizerSpecification(experiment.optimizer))
    #expect(plan.iterations == experiment.iterations)
    #expect(plan.initSeed == UInt64(experiment.seeds.initial))
    #expect(plan.remainingSeed == UInt64(experiment.seeds.remaining))
    #expect(plan.evaluation.time == experiment.evaluation)
    let application = try plan.application.init(plan)
    #expect(application.name == experiment.task)
    if let initialization = experiment.initialization {
      #expect(plan.settings["rl-policy-architecture"] == "linear")
      #expect(plan.settings["rl-init-type"] == initialization)
      #expect(plan.settings["rl-init-scale"] == 0.03)
    } else if let system = (application as? SystemApplication<Lorenz>)?.training {
      #expect(system.timestep == 0.005 && system.start == .fixed)
      #expect(system.initialParameters(key: PRNGKey(seed: 1)) == [3.116, 3.7])
      #expect(plan.evaluation.includes(10) && !plan.evaluation.includes(5))
    } else {
      let problem = try #require(application as? LearnedOptimizerApplication).task.problem
      let isCIFAR = problem.data.name == "cifar10"
      #expect(problem.outerLoss == (isCIFAR ? .thresholdedCrossEntropy : .crossEntropy))
      let (first, second) = experiment.periods
      #expect(plan.evaluation.includes(first) && !plan.evaluation.includes(first / 2))
      #expect(plan.evaluation.includes(20000 + first) == (second == nil))
      #expect(plan.evaluation.includes(20000 + (second ?? first)))
      // What a run writes of θ stays small.
      #expect(plan.keptIterations.count * application.layout.count * 4 < 40_000_000)
    }
  }

  /// Of the images that a preset is for.
  private func channels(of settings: RunSettings) -> Int {
    settings["lopt-dataset-name"] == "cifar10" ? 3 : 1
  }

  /// Each with its own estimator and task, at sizes that take milliseconds.
  @Test("every preset trains and evaluates", arguments: Preset.all.map { $0.name })
  func trains(name: String) throws {
    let folder = try TemporaryFolder()
    let preset = try Preset(named: name)
    let images = try folder.images(channels: channels(of: preset.settings))
    let settings = with(images: images, preset.settings).with {
      $0["image-length"] = $0["image-length"].map { _ in 16 }
      $0["lopt-batch-size"] = $0["lopt-batch-size"].map { _ in 4 }
      $0["lopt-hidden-dims"] = $0["lopt-hidden-dims"].map { _ in "3,3,3" }
      $0["lopt-hidden-channels"] = $0["lopt-hidden-channels"].map { _ in "2,2,2,2" }
      $0["theta-every"] = nil
      $0["horizon-length"] = 20
      $0["trunc-length"] = $0["trunc-length"].map { _ in 10 }
      $0["num-particles"] = 2
      $0["outer-optimizer-specs"] = "ADAM||CONSTANT1e-2"
      $0["outer-iterations"] = 2
      $0["eval-freq"] = 2
    }
    let run = try FinishedRun(settings, at: folder("run"))
    #expect(run.result.lastIteration == 2 && !run.result.wasStopped)
    let trajectory = try run.trajectory()
    #expect(trajectory.count == 3 && Set(trajectory).count > 1)
    let tag = try TrainingPlan(settings).application.headline.tag
    #expect(run.result.latest?.tag == tag)
    #expect(try run.scalars(tag).keys.sorted() == [0, 2])
  }

  /// The settings with small images where they are of images.
  private func with(images: String, _ settings: RunSettings) -> RunSettings {
    settings["application"] == "lopt" ? settings.with { $0["data-dir"] = images } : settings
  }

  @Test("presets are found by capital or small letters")
  func letters() throws {
    #expect(try Preset(named: "Swimmer-NRES").settings == Preset(named: "swimmer-nres").settings)
  }

  @Test("a file of one's own is named after itself, a run's configuration after the run")
  func ownFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("mine.yaml", "sigma: 0.3\nK: 7 # comment\n".utf8)
    let preset = try Preset(named: path)
    #expect(preset.name == "mine")
    #expect(preset.settings["sigma"] == 0.3 && preset.settings["K"] == 7)
    let run = folder("good-run")
    try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: false)
    try Data(#"{"settings": {"sigma": 3e-5, "K": 9}, "nres": "0"}"#.utf8)
      .write(to: URL(filePath: "\(run)/config.json"))
    let repeated = try Preset(named: "\(run)/config.json")
    #expect(repeated.name == "good-run")
    #expect(repeated.settings["sigma"] == 3e-5 && repeated.settings["K"] == 9)
  }

  @Test("an unknown preset is answered with the nearest and the list")
  func unknown() throws {
    let error = #expect(throws: UnknownName.self) { try Preset(named: "swimer-nres") }
    #expect(error?.nearest == "swimmer-nres")
    #expect(error?.choices == Preset.all.map { $0.name })
  }

  static let badFiles = [
    ("sigmma: 1", "unknown setting 'sigmma', did you mean 'sigma'?"),
    ("sigma: abc", "sigma is 'abc': it must be a number"),
    ("num-particles: 2.5", "num-particles is '2.5': it must be a whole number"),
    (
      "num-particles: 99999999999999999999",
      "num-particles is '99999999999999999999': it must be a whole number"
    ),
    ("loss-normalize: maybe", "loss-normalize is 'maybe': it must be true or false"),
    ("gym-env-name: [a]", "gym-env-name is a list: it must be text"),
    ("remaining-seed: [23, 29]", "remaining-seed is a list: it must be a whole number"),
    ("remaining-seed:\n- 23", "remaining-seed is a list: it must be a whole number"),
    ("sigma: {a: 1}", "sigma is a mapping: it must be a number"),
    ("K: \(String(repeating: "x", count: 1_000_000))", "K is 'xxx"),
    ("settings: {sigma: abc}", "sigma is 'abc': it must be a number"),
    ("settings: {sigmma: 1}", "unknown setting 'sigmma', did you mean 'sigma'?"),
    ("sigma: [1", "is not YAML: "),
    ("sigma: 1\nsigma: 2", "is not YAML: "),
    ("? [a]\n: 2", "must be a mapping of settings, such as `sigma: 0.3`"),
    ("settings: {? [a] : 2}", "must be a mapping of settings, such as `sigma: 0.3`"),
    ("- 1", "must be a mapping of settings, such as `sigma: 0.3`"),
    ("", "must be a mapping of settings, such as `sigma: 0.3`"),
  ]

  @Test("a bad file is refused with one line that names it", arguments: badFiles)
  func badFile(text: String, cause: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("bad.yaml", text.utf8)
    let error = #expect(throws: RecordError.self) { try Preset(named: path) }
    #expect(error?.kind == .dataError && error?.path == path)
    #expect(error?.cause.hasPrefix(cause) == true, "\(error?.cause ?? "")")
    #expect(error?.description.contains("\n") == false)
  }

  @Test(
    "a number that YAML or a shell may read in another base is decimal or an error",
    arguments: ["0x17", "0o27", "0b11", "1_000", "10:10", "017h", "0x1p4", "1:30.5", "1_0.5"])
  func bases(text: String) throws {
    let folder = try TemporaryFolder()
    for (name, kind) in [("remaining-seed", "a whole number"), ("sigma", "a number")] {
      let path = try folder.file("bad.yaml", "\(name): \(text)".utf8)
      let error = #expect(throws: RecordError.self) { try Preset(named: path) }
      #expect(error?.cause == "\(name) is '\(text)': it must be \(kind)")
    }
  }

  @Test("zeros at the front change nothing")
  func zeros() throws {
    let folder = try TemporaryFolder()
    let text = "remaining-seed: 023\nK: \"010\"\nsigma: 010.5\nnum-particles: +08"
    let settings = try Preset(named: folder.file("mine.yaml", text.utf8)).settings
    #expect(settings["remaining-seed"] == 23 && settings["K"] == 10)
    #expect(settings["sigma"] == 10.5 && settings["num-particles"] == 8)
  }

  @Test("a missing file is refused")
  func missing() {
    let error = #expect(throws: RecordError.self) { try Preset(named: "/nowhere/x.yaml") }
    #expect(error?.kind == .noInput)
    #expect(
      error?.description
        == "/nowhere/x.yaml: cannot be read: give a preset's name or a YAML file")
  }
}
