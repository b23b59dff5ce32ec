import Envs
import Foundation
import Randomness
import Records
import Settings
import Tasks
import TestSupport
import Testing
import Trainer
import Workers

/// What is read back for a replay, from runs and from θ files alone.
struct SavedPoliciesTests {
  static let evaluated = RunSettings.quick.with { $0["run-test-during-training"] = true }

  /// A copy of a run's θ file with nothing beside it.
  private func theta(of run: FinishedRun, in folder: TemporaryFolder) throws -> String {
    try FileManager.default.createDirectory(
      atPath: folder("alone"), withIntermediateDirectories: true)
    let path = folder("alone/theta_trajectory.safetensors")
    try FileManager.default.copyItem(atPath: run.folder.thetaPath, toPath: path)
    return path
  }

  @Test("a run is read by its folder or by the θ file in it, with its settings")
  func run() throws {
    let folder = try TemporaryFolder()
    let settings = Self.evaluated.with {
      $0["rl-policy-architecture"] = "mlp"
      $0["on-divergence"] = "reset"
      $0["threads"] = 3
    }
    let run = try FinishedRun(settings, at: folder("run"))
    let best = try #require(
      run.scalars(ControlApplication.headline.tag).max { $0.value < $1.value })
    for path in ["run", "run/", "run/theta_trajectory.safetensors"] {
      let policies = try SavedPolicies(path: folder(path))
      #expect(policies.path == folder(path) && policies.environment == "Swimmer-v4")
      #expect(policies.task.horizon == 40 && policies.task.policy.architecture == .mlp)
      #expect(policies.task.simulator.onDivergence == .reset)
      #expect(policies.pool.threadCount == 3 && policies.iterations == .all(4))
      #expect(try (0..<4).map { try policies.theta(at: $0) } == run.trajectory())
      #expect(try policies.iterations(matching: .bestOrLast) == [best.key])
      #expect(policies.evaluationSeeds(at: [3]) != [0])
    }
    #expect(try SavedPolicies(path: folder("run"), threads: 2).pool.threadCount == 2)
  }

  @Test("seeds are those that the iterations' evaluations begin with")
  func seeds() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(.quick.with { $0["outer-iterations"] = 5 }, at: folder("run"))
    let policies = try SavedPolicies(path: run.folder.path)
    let chain = IterationKeys.Chain(remainingSeed: 23)
    let expected = zip(0..<6, chain).map { _, keys in
      UInt32(keys.test.split(2)[0].randomInteger(in: 0..<1_000_000))
    }
    #expect(Set(expected).count == 6)
    #expect(policies.evaluationSeeds(at: Array(0...5)) == expected)
    #expect(policies.evaluationSeeds(at: [4, 0, 4]) == [expected[4], expected[0], expected[4]])
    #expect(policies.evaluationSeeds(at: []) == [])
  }

  @Test(
    "a θ file alone finds the environment that it says and the policy that it fits",
    arguments: ["Swimmer-v4", "HalfCheetah-v4", "Walker2d-v4"], Policy.Architecture.allCases)
  func alone(environment: String, architecture: Policy.Architecture) throws {
    let folder = try TemporaryFolder()
    let settings = Self.evaluated.with {
      $0["gym-env-name"] = environment
      $0["rl-policy-architecture"] = architecture.rawValue
      $0["outer-optimizer-specs"] = "SGD||CONSTANT1e-6"
    }
    let run = try FinishedRun(settings, at: folder("run"))
    let path = try theta(of: run, in: folder)
    for policies in [
      try SavedPolicies(path: path),
      try SavedPolicies(path: path, environment: environment.uppercased()),
      try SavedPolicies(path: folder("alone")),
    ] {
      #expect(policies.environment == environment && policies.task.horizon == 1000)
      #expect(policies.task.policy.architecture == architecture)
      #expect(policies.task.simulator.onDivergence == .fail)
      #expect(try policies.theta(at: 3) == run.trajectory()[3])
      #expect(policies.evaluationSeeds(at: [0, 3]) == [0, 0])
      // The evaluations are the run's, and not here.
      #expect(try policies.iterations(matching: .bestOrLast) == [3])
      #expect(throws: SettingsError.self) { try policies.iterations(matching: .one("best")) }
    }
  }

  @Test("where several environments fit θ of a file that says none, or none does, all are named")
  func ambiguous() throws {
    let folder = try TemporaryFolder()
    let saved = try SavedTheta(path: FinishedRun(.quick, at: folder("run")).folder.path)
    let path = folder("theta.npz")
    _ = try saved.write(iteration: nil, as: .npz, to: path)
    var twin = Locomotion.swimmer
    twin.id = "Twin-v0"
    let several = #expect(throws: SettingsError.self) {
      try SavedPolicies(path: path, among: [Locomotion.halfCheetah, Locomotion.swimmer, twin])
    }
    #expect(
      several?.description == "--gym-env-name is missing: \(path) fits Swimmer-v4, Twin-v0")
    let none = #expect(throws: RecordError.self) {
      try SavedPolicies(path: path, among: [Locomotion.halfCheetah])
    }
    #expect(
      none?.description
        == "\(path): holds linear/w[8, 2], a policy for none of HalfCheetah-v4")
  }

  @Test("θ of another environment than the named one is refused, with a run and without")
  func otherEnvironment() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(.quick, at: folder("run"))
    for path in [run.folder.path, try theta(of: run, in: folder)] {
      let error = #expect(throws: SettingsError.self) {
        try SavedPolicies(path: path, environment: "HalfCheetah-v4")
      }
      #expect(error?.description.hasPrefix("--gym-env-name HalfCheetah-v4 does not fit ") == true)
      #expect(error?.description.contains("which holds linear/w[8, 2]: ") == true)
    }
  }

  @Test("a run of another application is refused")
  func otherApplication() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(.quick, at: folder("run"))
    let text = try String(contentsOfFile: run.folder.configurationPath, encoding: .utf8)
    let other = text.replacing("\"application\" : \"rl\"", with: "\"application\" : \"lorenz\"")
    #expect(other != text)
    try Data(other.utf8).write(to: URL(filePath: run.folder.configurationPath))
    let error = #expect(throws: RecordError.self) { try SavedPolicies(path: run.folder.path) }
    #expect(error?.path == run.folder.configurationPath)
    #expect(error?.cause == "is of a run of 'lorenz', which has no policies: give a run of rl")
  }

  @Test("an MJCF file takes the place of the run's or the environment's")
  func model() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(.quick, at: folder("run"))
    let heavy = String(decoding: Locomotion.swimmer.model, as: UTF8.self)
      .replacing("timestep=\"0.01\"", with: "timestep=\"0.005\"")
    let model = try folder.file("own.xml", heavy.utf8)
    for path in [run.folder.path, try theta(of: run, in: folder)] {
      #expect(try SavedPolicies(path: path).task.simulator.spec.timestep == 0.01)
      let own = try SavedPolicies(path: path, model: model)
      #expect(own.task.simulator.spec.timestep == 0.005)
      #expect(throws: EnvironmentError.missingModel(file: folder("no"))) {
        try SavedPolicies(path: path, model: folder("no"))
      }
    }
  }

  @Test("of a run that goes on, what was there when it was opened")
  func running() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(Self.evaluated, at: folder("run"), stopAfter: 1)
    // Evaluations beyond the rows that were there, the best of all among them.
    var text = try String(contentsOfFile: run.folder.scalarsPath, encoding: .utf8)
    text += "2,\(ControlApplication.headline.tag),1e9,1\n3,\(ControlApplication.headline.tag),2"
    try Data(text.utf8).write(to: URL(filePath: run.folder.scalarsPath))
    let policies = try SavedPolicies(path: run.folder.path)
    #expect(policies.iterations.elementsEqual(0..<2))
    let rewards = try readScalars(run.folder.scalarsPath)
      .filter { $0.tag == ControlApplication.headline.tag }
    #expect(rewards.map(\.iteration) == [0, 1, 2])
    let best = rewards[0].value >= rewards[1].value ? 0 : 1
    #expect(try policies.iterations(matching: .one("best")) == [best])
    #expect(try policies.iterations(matching: .several("all")) == [0, 1])
    #expect(throws: RecordError.self) { try policies.theta(at: 2) }
  }

  @Test("a file without an iteration yet says so")
  func empty() throws {
    let folder = try TemporaryFolder()
    let path = folder("theta.safetensors")
    let layout = Policy(.linear, observationCount: 8, actionCount: 2).layout
    let writer = try ThetaTrajectoryWriter(path: path, layout: layout, keeping: .all(3))
    let policies = try SavedPolicies(path: path)
    for selection in [IterationSelection.bestOrLast, .several("all"), .one("0")] {
      let error = #expect(throws: RecordError.self) {
        try policies.iterations(matching: selection)
      }
      #expect(error?.description == "\(path): no iteration was written yet: train longer")
    }
    try writer.close()
  }
}
