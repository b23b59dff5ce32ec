import Envs
import Estimators
import Foundation
import Optimizers
import TestSupport
import Testing
import Trainer

/// A command that cannot work, and what it is answered.
struct Refusal: Sendable, CustomTestStringConvertible {
  /// The command's words between spaces.
  var line: String
  var status: Int32
  var error: String

  var testDescription: String { line }

  init(_ line: String, status: Int32 = 64, _ error: String) {
    self.line = line
    self.status = status
    self.error = error
  }

  func run(in folder: TemporaryFolder) throws -> Command.Outcome {
    try Command.run(line.split(separator: " ").map { String($0) }, in: folder)
  }
}

/// What cannot work: one line with cause and remedy on standard error, an exit status of
/// `sysexits.h`, and nothing on the disk.
struct BadInputTests {
  static let presets = choices(
    ApplicationCatalogue.all.map { $0.family } + Preset.all.map { $0.name })
  static let environments = choices(EnvironmentCatalogue.all.map { $0.spec.id })
  static let estimators = choices(
    EstimatorCatalogue.all.map { $0.id } + EstimatorAlias.all.map(\.name))
  static let optimizers = OptimizerCatalogue.all.map { $0.id }.joined(separator: ", ")

  private static func choices(_ names: [String]) -> String {
    "choose from: " + names.joined(separator: ", ")
  }

  static let names = [
    Refusal(
      "train swimer-nres",
      "unknown experiment 'swimer-nres', did you mean 'swimmer-nres'? \(presets)"),
    Refusal(
      "train lorents", "unknown experiment 'lorents', did you mean 'lorenz'? \(presets)"),
    Refusal("train tetris", "unknown experiment 'tetris'; \(presets)"),
    Refusal(
      "train swimmer-nres --gym-env-name Swimer-v4",
      "unknown environment 'Swimer-v4', did you mean 'Swimmer-v4'? \(environments)"),
    Refusal("rollout tetris", "unknown environment 'tetris'; \(environments)"),
    Refusal(
      "bench halfcheeta-v4",
      "unknown benchmark 'halfcheeta-v4', did you mean 'HalfCheetah-v4'? \(environments), lorenz, lopt"
    ),
    Refusal(
      "train swimmer-nres --gradient-estimator TruncatedPES",
      "unknown gradient estimator 'TruncatedPES', did you mean 'TruncatedPESK'? \(estimators)"),
    Refusal(
      "train swimmer-nres --rl-policy-architecture mpl",
      "--rl-policy-architecture is 'mpl': choose from linear, mlp"),
  ]

  static let unparsable = [
    Refusal(
      "train",
      "Missing expected argument '<experiment>'. See 'nres train --help' for more information."),
    Refusal(
      "train swimmer-nres --outer-iteratons 5",
      "Unknown option '--outer-iteratons'. Did you mean '--outer-iterations'? "
        + "See 'nres train --help' for more information."),
    Refusal(
      "train swimmer-nres --sigma much",
      "The value 'much' is invalid for '--sigma <σ>'. "
        + "See 'nres train --help' for more information."),
  ]

  static let numbers = [
    Refusal(
      "train swimmer-nres --trunc-length 1001",
      "--trunc-length 1001 is longer than --horizon-length 1000: choose W <= T"),
    Refusal(
      "train swimmer-nres --num-gradient-estimators 7",
      "--num-particles 30 does not divide by --num-gradient-estimators 7: choose a multiple"),
    Refusal(
      "train swimmer-nres --sigma 0",
      "--sigma is 0.0: it must be positive"),
    Refusal(
      "train swimmer-nres --sigma -0.3",
      "--sigma is -0.3: it must be positive"),
    Refusal(
      "train swimmer-nres --sigma nan",
      "--sigma is nan: it must be positive"),
    Refusal(
      "train swimmer-nres --threads 0", "--threads is 0: it must be between 1 and 1024"),
    Refusal("bench --threads -1", "--threads is -1: it must be between 1 and 1024"),
    Refusal("bench --physics gpu", "--physics is 'gpu': choose from auto, lanes, mujoco"),
    Refusal(
      "bench lorenz --physics lanes",
      "--physics is for environments, lorenz has none: leave it out"),
    Refusal(
      "bench lopt --theta run", "--theta is for environments, lopt has none: leave it out"),
    Refusal("bench --windows 3", "--windows is 3: a median of fewer than 7 says little"),
    Refusal(
      "rollout swimmer-v4 --seed -1", "--seed is -1: it must be between 0 and 4294967295"),
    Refusal(
      "rollout swimmer-v4 --horizon-length 0",
      "--horizon-length is 0: it must be between 1 and 1000000000"),
  ]

  static let optimizer =
    "; write it like SGD||CONSTANT1e-5 or ADAM||PIECEWISE_CONSTANT1e-5(150,0.3)(200,0.333)"

  static let combinations = [
    Refusal(
      "rollout swimmer-v4 --physics gpu", "--physics is 'gpu': choose from auto, lanes, mujoco"),
    Refusal(
      "rollout swimmer-v4 --actions a.csv --physics lanes",
      "--physics lanes has actions in single precision, --actions in double: "
        + "use --physics auto or mujoco"),
    Refusal("replay run --physics lanes", "--physics needs --numbers"),
    Refusal(
      "train rl --gym-env-name Swimmer-v4 --gradient-estimator TruncatedPESK --num-particles 30 "
        + "--trunc-length 100 --sigma 0.3 --outer-optimizer-specs SGD||CONSTANT1 "
        + "--outer-iterations 2",
      "--K is missing: TruncatedPESK needs the noise period, W for PES, T for NRES"),
    Refusal(
      "train rl",
      "--gradient-estimator is missing: give it, for example --gradient-estimator TruncatedPESK"),
    Refusal(
      "train swimmer-nres --outer-optimizer-specs SGD|CONSTANT1",
      "optimizer \"SGD|CONSTANT1\": there is no \"||\" between the optimizer and its schedule"
        + optimizer),
    Refusal(
      "train swimmer-nres --outer-optimizer-specs ADMA||CONSTANT1",
      "optimizer \"ADMA||CONSTANT1\": the optimizer \"ADMA\" is none of \(optimizers)"
        + optimizer),
    Refusal(
      "train swimmer-nres --outer-optimizer-specs SGD||CONSTANTx",
      "optimizer \"SGD||CONSTANTx\": the rate \"x\" is not a number" + optimizer),
    Refusal(
      "train lorenz-tes --gym-env-name Swimmer-v4",
      "--gym-env-name is a setting of rl, not of lorenz: leave it out"),
    Refusal(
      "train swimmer-tes --no-lorenz-single-init",
      "--lorenz-single-init is a setting of lorenz, not of rl: leave it out"),
    Refusal("train lorenz-tes --lorenz-dt 0", "--lorenz-dt is 0.0: it must be positive"),
    Refusal(
      "train lorenz-tes --horizon-length 99",
      "--trunc-length 100 is longer than --horizon-length 99: choose W <= T"),
    Refusal(
      "train swimmer-nres --seed-list 23,x",
      "--seed-list is '23,x': give different whole numbers between commas, 23,29,31"),
    Refusal(
      "train swimmer-nres --seed-list 23,23",
      "--seed-list is '23,23': give different whole numbers between commas, 23,29,31"),
    Refusal(
      "train swimmer-nres --gradient-estimator FullES_trajopt",
      "FullES_trajopt needs a task with parameters of its own for every step: use FullES"),
    Refusal(
      "train swimmer-nres --gradient-estimator TruncatedBPTT",
      "TruncatedBPTT differentiates, and Swimmer-v4 cannot be differentiated: "
        + "choose an ES estimator"),
    Refusal(
      "rollout swimmer-v4 --iteration 1",
      "--iteration needs --theta, the run to take it from"),
    Refusal(
      "rollout swimmer-v4 --theta a --actions b",
      "--theta and --actions exclude each other: give one of them"),
  ]

  static let missingFiles = [
    Refusal(
      "train mine.yaml", status: 66,
      "mine.yaml: cannot be read: give a preset's name or a YAML file"),
    Refusal(
      "train swimmer-nres --model mine.xml", status: 66,
      "mine.xml: no such readable model file (MJCF)"),
    Refusal(
      "train swimmer-nres --rl-model-path old --rl-model-iteration 1", status: 66,
      "old: no such file or folder: give a run folder or a θ file"),
    Refusal(
      "evaluate old", status: 66, "old: no such run folder: `nres train` makes one"),
    Refusal(
      "rollout swimmer-v4 --theta old", status: 66,
      "old: no such file or folder: give a run folder or a θ file"),
    Refusal(
      "rollout swimmer-v4 --actions a.csv", status: 66,
      "a.csv: cannot be read: give a CSV file of actions"),
    Refusal(
      "train swimmer-nres --run-dir /proc/nres/run", status: 73,
      "/proc/nres/run: cannot make the run folder (no such file or directory): check the path and its permissions"
    ),
  ]

  @Test(
    "is refused in one line",
    arguments: names + unparsable + numbers + combinations + missingFiles)
  func refused(refusal: Refusal) throws {
    let folder = try TemporaryFolder()
    let outcome = try refusal.run(in: folder)
    #expect(outcome.status == refusal.status)
    #expect(outcome.error == "nres: \(refusal.error)\n")
    #expect(try folder.names == [])
  }

  @Test("a simulation that diverges ends the run with a remedy, or goes on if asked to")
  func divergence() throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.train("--sigma", "1e30", in: folder)
    #expect(outcome.status == 3)
    let seedAndStep = /with seed \d+ diverged at step \d+/
    #expect(
      outcome.error.replacing(seedAndStep, with: "with … diverged")
        == "nres: Swimmer-v4: the simulation with … diverged (an action is not finite or too "
        + "large); in training, try a smaller learning rate or sigma, or --on-divergence reset\n")
    #expect(try folder.names == [])
    let reset = try Command.train("--sigma", "1e30", "--on-divergence", "reset", in: folder)
    #expect(reset.status == 0 && reset.error.isEmpty)
  }

  @Test(
    "NRES_PROCESSOR must name a generation that the machine has",
    arguments: ["pentium", "BASELINE"])
  func processor(name: String) throws {
    let outcome = try Command.run(
      ["list"], in: TemporaryFolder(), with: ["NRES_PROCESSOR": name])
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.error.hasPrefix("nres: NRES_PROCESSOR names no processor like this one: "))
  }

  @Test("variables that are set but empty are as if unset")
  func emptyVariables() throws {
    let empty = ["NRES_PROCESSOR": "", "COLUMNS": "", "DISPLAY": "", "MUJOCO_HOME": ""]
    let outcome = try Command.run(["help"], in: TemporaryFolder(), with: empty)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    #expect(try outcome.output == Command.run("help", in: TemporaryFolder()).output)
  }
}
