import ArgumentParser
import Trainer

/// How often, how long and with which seeds.
struct LoopFlags: ParsableArguments {
  @Option(
    name: .customLong("outer-optimizer-specs"), parsing: .unconditional,
    help: ArgumentHelp(
      "NAME||SCHEDULE: SGD, SGDM or ADAM; CONSTANT3e0 or PIECEWISE_CONSTANT1e-2(150,0.3).",
      valueName: "spec"))
  var outerOptimizerSpecs: String?

  @Option(
    name: .customLong("outer-iterations"), parsing: .unconditional,
    help: ArgumentHelp("Number of updates of θ.", valueName: "n"))
  var outerIterations: Int?

  @Option(
    name: .customLong("theta-every"), parsing: .unconditional,
    help: ArgumentHelp(
      "Keep θ of iterations divisible by this, and of the last (default: 1); the best iteration "
        + "of a run is one that was kept.", valueName: "n"))
  var thetaEvery: Int?

  @Option(
    name: .customLong("grad-clip-threshold"), parsing: .unconditional,
    help: ArgumentHelp("Cut each coordinate of the gradient to ± this.", valueName: "x"))
  var gradClipThreshold: Double?

  @Option(
    name: .customLong("init-seed"), parsing: .unconditional,
    help: ArgumentHelp("Seed of θ at iteration 0 (default: 0).", valueName: "seed"))
  var initSeed: Int?

  @Option(
    name: .customLong("remaining-seed"), parsing: .unconditional,
    help: ArgumentHelp("Seed of everything else (default: 0).", valueName: "seed"))
  var remainingSeed: Int?

  @Option(
    name: .customLong("threads"), parsing: .unconditional,
    help: ArgumentHelp(
      "Threads (default: one a core). Results do not depend on it.", valueName: "n"))
  var threads: Int?

  func apply(to settings: inout RunSettings) {
    settings.outerOptimizerSpecs = outerOptimizerSpecs
    settings.outerIterations = outerIterations
    settings.thetaEvery = thetaEvery
    settings.gradClipThreshold = gradClipThreshold
    settings.initSeed = initSeed
    settings.remainingSeed = remainingSeed
    settings.threads = threads
  }
}

/// The gradient estimator.
struct EstimatorFlags: ParsableArguments {
  @Option(
    name: .customLong("gradient-estimator"), parsing: .unconditional,
    help: ArgumentHelp("TruncatedPESK, FullES, …: see `nres list`.", valueName: "name"))
  var gradientEstimator: String?

  @Option(
    name: .customLong("horizon-length"), parsing: .unconditional,
    help: ArgumentHelp(
      "T: steps of an episode (default: 1000 for rl, where it is the environment's time limit; "
        + "2000 for lorenz, 1000 for lopt).", valueName: "t"))
  var horizonLength: Int?

  @Option(
    name: .customLong("num-particles"), parsing: .unconditional,
    help: ArgumentHelp("N: particles side by side.", valueName: "n"))
  var numParticles: Int?

  @Option(
    name: .customLong("trunc-length"), parsing: .unconditional,
    help: ArgumentHelp("W: steps of a truncation window, at most T.", valueName: "w"))
  var truncLength: Int?

  @Option(
    name: .customLong("K"), parsing: .unconditional,
    help: ArgumentHelp(
      "K: steps for which one noise is kept; W makes PES, T makes NRES. Smoothed evaluations "
        + "keep to it too, whatever the estimator.", valueName: "k"))
  var noisePeriod: Int?

  @Option(
    name: .customLong("sigma"), parsing: .unconditional,
    help: ArgumentHelp("σ: standard deviation of the noise.", valueName: "σ"))
  var sigma: Double?

  @Flag(
    name: .customLong("loss-normalize"), inversion: .prefixedNo,
    help: "Multiply the gradient by σ / the losses' standard deviation.")
  var lossNormalize: Bool?

  @Option(
    name: .customLong("num-gradient-estimators"), parsing: .unconditional,
    help: ArgumentHelp(
      "Microbatches of equal size that make up the particles (default: 1).", valueName: "m"))
  var numGradientEstimators: Int?

  func apply(to settings: inout RunSettings) {
    settings.gradientEstimator = gradientEstimator
    settings.horizonLength = horizonLength
    settings.numParticles = numParticles
    settings.truncLength = truncLength
    settings.noisePeriod = noisePeriod
    settings.sigma = sigma
    settings.lossNormalize = lossNormalize
    settings.numGradientEstimators = numGradientEstimators
  }
}

/// The environment and the policy.
struct ControlFlags: ParsableArguments {
  @Option(
    name: .customLong("gym-env-name"), parsing: .unconditional,
    help: ArgumentHelp("Swimmer-v4 or HalfCheetah-v4.", valueName: "name"))
  var gymEnvName: String?

  @Option(
    name: .customLong("rl-policy-architecture"), parsing: .unconditional,
    help: ArgumentHelp("linear or mlp (default: linear).", valueName: "name"))
  var rlPolicyArchitecture: String?

  @Option(
    name: .customLong("rl-init-type"), parsing: .unconditional,
    help: ArgumentHelp("zero or normal (default: zero).", valueName: "name"))
  var rlInitType: String?

  @Option(
    name: .customLong("rl-init-scale"), parsing: .unconditional,
    help: ArgumentHelp("Variance scale of normal (default: 0.03).", valueName: "x"))
  var rlInitScale: Double?

  @Option(
    name: .customLong("rl-model-path"), parsing: .unconditional,
    help: ArgumentHelp("Take θ at iteration 0 from this run or θ file.", valueName: "path"))
  var rlModelPath: String?

  @Option(
    name: .customLong("rl-model-iteration"), parsing: .unconditional,
    help: ArgumentHelp("The iteration to take from it.", valueName: "i"))
  var rlModelIteration: Int?

  @Option(
    name: .customLong("model"), parsing: .unconditional,
    help: ArgumentHelp("An MJCF file in place of the built-in model.", valueName: "path"))
  var model: String?

  @Option(
    name: .customLong("on-divergence"), parsing: .unconditional,
    help: ArgumentHelp(
      "When a simulation diverges: fail ends the run, reset begins a new episode "
        + "(default: fail).", valueName: "policy"))
  var onDivergence: String?

  func apply(to settings: inout RunSettings) {
    settings.gymEnvName = gymEnvName
    settings.rlPolicyArchitecture = rlPolicyArchitecture
    settings.rlInitType = rlInitType
    settings.rlInitScale = rlInitScale
    settings.rlModelPath = rlModelPath
    settings.rlModelIteration = rlModelIteration
    settings.model = model
    settings.onDivergence = onDivergence
  }
}

/// The Lorenz system.
struct LorenzFlags: ParsableArguments {
  @Option(
    name: .customLong("lorenz-dt"), parsing: .unconditional,
    help: ArgumentHelp("Seconds of a step (default: 0.005).", valueName: "s"))
  var timestep: Double?

  @Option(
    name: .customLong("lorenz-init-loga"), parsing: .unconditional,
    help: ArgumentHelp(
      "log a at iteration 0 (default: 3.116; the truth is log 10 = 2.303).", valueName: "x"))
  var logA: Double?

  @Option(
    name: .customLong("lorenz-init-logr"), parsing: .unconditional,
    help: ArgumentHelp(
      "log r at iteration 0 (default: 3.7; the truth is log 28 = 3.332).", valueName: "x"))
  var logR: Double?

  @Flag(
    name: .customLong("lorenz-single-init"), inversion: .prefixedNo,
    help: "Start every episode at (1.2, 1.3, 1.6), not at one of 100 places around it.")
  var startsAtOnePlace: Bool?

  func apply(to settings: inout RunSettings) {
    settings.lorenzDt = timestep
    settings.lorenzInitLoga = logA
    settings.lorenzInitLogr = logR
    settings.lorenzSingleInit = startsAtOnePlace
  }
}

/// When θ is evaluated.
struct EvaluationFlags: ParsableArguments {
  @Flag(
    name: .customLong("run-test-during-training"), inversion: .prefixedNo,
    help: "Evaluate while training.")
  var runTestDuringTraining: Bool?

  @Flag(
    name: .customLong("run-test-after-training"), inversion: .prefixedNo,
    help: "Evaluate the saved θ's after training: same numbers, undisturbed timings.")
  var runTestAfterTraining: Bool?

  @Option(
    name: .customLong("eval-freq"), parsing: .unconditional,
    help: ArgumentHelp(
      "Evaluate at iterations divisible by this (default: 1).", valueName: "n"))
  var evalFreq: Int?

  @Option(
    name: .customLong("eval-watershed"), parsing: .unconditional,
    help: ArgumentHelp("After this iteration, use the second frequency.", valueName: "i"))
  var evalWatershed: Int?

  @Option(
    name: .customLong("second-eval-freq"), parsing: .unconditional,
    help: ArgumentHelp("The frequency after the watershed.", valueName: "n"))
  var secondEvalFreq: Int?

  func apply(to settings: inout RunSettings) {
    settings.runTestDuringTraining = runTestDuringTraining
    settings.runTestAfterTraining = runTestAfterTraining
    settings.evalFreq = evalFreq
    settings.evalWatershed = evalWatershed
    settings.secondEvalFreq = secondEvalFreq
  }
}
