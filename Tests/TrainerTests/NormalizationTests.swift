import Envs
import Foundation
import Parameters
import Randomness
import Records
import Snapshots
import Tasks
import TestSupport
import Testing
import Unrolls

@testable import Trainer

/// Runs with `--normalize-observations`: what θ carries through files, evaluations and other runs.
struct NormalizationTests {
  private static let quick = RunSettings.quick.with { $0["normalize-observations"] = true }
  /// One-legged robots that fall early.
  private static let hopper = quick.with {
    $0["gym-env-name"] = "Hopper-v4"
    $0["gradient-estimator"] = "TruncatedNRES"
    $0["num-particles"] = 9
    $0["outer-optimizer-specs"] = "ADAM||CONSTANT1e-1"
    $0["grad-clip-threshold"] = 0.5
  }

  @Test(
    "θ and its statistics are the same for any number of threads and both engines",
    arguments: [quick.with { $0["num-gradient-estimators"] = 2 }, hopper])
  func sameEverywhere(_ settings: RunSettings) throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(settings, at: folder("run"), threads: 1)
    for (physics, threads) in [("auto", 2), ("auto", 3), ("mujoco", 1), ("mujoco", 3)] {
      let other = try FinishedRun(
        settings.with { $0["physics"] = physics }, at: folder("\(physics)\(threads)"),
        threads: threads)
      #expect(other.thetaData == run.thetaData)
    }
    // All that were really stepped after the burn-in were counted.
    let steps = try run.scalars("simulated_env_steps").merging(run.scalars("total_env_steps")) {
      simulated, _ in simulated
    }
    let layout = try SavedTheta(path: run.folder.path).layout
    let place = try #require(layout.range(of: "observations/count")).lowerBound
    let deviations = try #require(layout.range(of: "observations/deviation"))
    let counts = try run.trajectory().map { Double($0[place]) }
    #expect(counts[0] == 0 && counts[1] > 0)
    let (first, final) = (try #require(steps[1]), try #require(steps[3]))
    #expect(counts[3] - counts[1] == final - first)
    let last = try run.trajectory()[3]
    #expect(deviations.allSatisfy { last[$0] != 1 && last[$0] > 0 })
  }

  @Test("evaluations, run folders and files of any format give the same rewards")
  func saved() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(
      Self.hopper.with { $0["run-test-after-training"] = true }, at: folder("run"))
    let saved = try SavedRun(path: run.folder.path)
    let logged = try run.scalars(ControlApplication.headline.tag)
    for (iteration, keys) in zip([1, 3], saved.keys(at: [1, 3])) {
      #expect(try saved.evaluate(iteration, keys: keys)[0].value == logged[iteration])
    }
    func rewards(_ path: String, _ iteration: Int) throws -> [Double] {
      var rewards: [Double] = []
      let policies = try SavedPolicies(path: path, environment: "Hopper-v4", threads: 2)
      #expect(policies.task.policy.normalizesObservations)
      try policies.replay([iteration], episodes: 5, seed: 4) { rewards = $0.rewards }
      return rewards
    }
    // Of a run the horizon is its own; alone θ has the environment's.
    let theta = try SavedTheta(path: run.folder.path)
    _ = try theta.write(iteration: 3, as: .safetensors, to: folder("one"))
    let expected = try rewards(folder("one"), 0)
    for format in ThetaFormat.allCases {
      let path = folder("theta.\(format)")
      _ = try theta.write(iteration: 3, as: format, to: path)
      #expect(try rewards(path, 0) == expected)
    }
    #expect(Set(expected).count == 5)
  }

  @Test("a run goes on from the statistics of the θ that it is given")
  func goesOn() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(Self.hopper, at: folder("run"))
    let next = try FinishedRun(
      Self.hopper.with {
        $0["rl-model-path"] = run.folder.path
        $0["rl-model-iteration"] = 3
      }, at: folder("next"))
    let (before, after) = (try run.trajectory(), try next.trajectory())
    #expect(after[0] == before[3])
    let place = try #require(
      SavedTheta(path: run.folder.path).layout.range(of: "observations/count")
    ).lowerBound
    #expect(after[1][place] > before[3][place])
  }

  @Test("θ and --normalize-observations must fit")
  func misfits() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(Self.quick, at: folder("run"))
    let plain = try FinishedRun(.quick, at: folder("plain"))
    func origin(_ settings: RunSettings, _ run: FinishedRun) throws {
      _ = try TrainingPlan(
        settings.with {
          $0["rl-model-path"] = run.folder.path
          $0["rl-model-iteration"] = 1
        }
      ).makeApplication()
    }
    #expect(
      throws: RecordError(
        .dataError, run.folder.thetaPath,
        "has statistics of observations, which are of no use without --normalize-observations: "
          + "give it")
    ) { try origin(.quick, run) }
    #expect(
      throws: RecordError(
        .dataError, plain.folder.thetaPath,
        "has no statistics of observations, which --normalize-observations needs: leave it out or "
          + "use a run that has it")
    ) { try origin(Self.quick, plain) }
    try origin(Self.quick, run)
    try origin(.quick, plain)
  }

  @Test("statistics that cannot be divided by are refused")
  func flaws() throws {
    let folder = try TemporaryFolder()
    let policy = Policy(
      .linear, observationCount: 8, actionCount: 2, normalizesObservations: true)
    let theta = policy.initialParameters(.zero, scale: 1, key: PRNGKey(seed: 1))
    for (name, value, flaw) in [
      ("deviation", Float(0), "[0] is 0.0: a deviation must be greater than 0"),
      ("count", -2, "[0] is -2.0: it must not be negative"),
    ] {
      let path = folder(name)
      let writer = try ThetaTrajectoryWriter(path: path, layout: policy.layout, keeping: .all(1))
      var flawed = theta
      flawed[try #require(policy.layout.range(of: "observations/\(name)")).lowerBound] = value
      try writer.append(flawed)
      try writer.close()
      #expect(
        throws: RecordError(
          .dataError, path, "θ of iteration 0 is of no use: observations/\(name)\(flaw)")
      ) { try SavedPolicies(path: path, environment: "Swimmer-v4").theta(at: 0) }
    }
  }

  @Test("moments are written out and read back exactly")
  func snapshot() throws {
    var moments = Moments(numberCount: 2)
    for number: Float in [1e9, -0.1, 3] { moments.add([number, -number]) }
    #expect(try Snapshot(of: moments).decode() == moments)
    #expect(try Snapshot(of: Moments()).decode() == Moments())
  }
}
