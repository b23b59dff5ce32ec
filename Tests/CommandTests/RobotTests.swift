import Envs
import Foundation
import TestSupport
import Testing
import Trainer

/// Commands on a robot of one's own.
struct RobotTests {
  private static let text = """
    model: my.xml
    frame-skip: 4
    time-limit: 60
    reset: {positions: uniform 0.1}
    observe: [{positions: from 2}, {velocities: all}]
    reward: [{velocity: torso, along: x, name: forward}, {control-cost: 1e-4}]
    end: [{positions: slider1, range: [-9, 9]}]
    """

  private func folder(_ text: String = text) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    _ = try folder.file("my.xml", Locomotion.swimmer.model)
    _ = try folder.file("my.yaml", text.utf8)
    return folder
  }

  @Test("it is listed, trained, evaluated, replayed, acted in and exported")
  func commands() throws {
    let folder = try folder()
    func run(_ line: String) throws -> Command.Outcome {
      let outcome = try Command.run(line.split(separator: " ").map(String.init), in: folder)
      #expect(outcome.status == 0, "\(line): \(outcome.error)")
      return outcome
    }
    let listed = try run("list my.yaml").output
    for line in [
      "my.yaml\n", "  observations  8\n", "  time limit    60 steps\n",
      "  observes      positions from 2 (3)\n                velocities all (5)\n",
      "  reward        forward: 1 · velocity of torso along x\n",
      "  ends          positions slider1 not in -9.0 … 9.0\n", "  forward=1.0 ",
    ] {
      #expect(listed.contains(line), "\(line) in \(listed)")
    }
    let training =
      "train rl --gym-env-name my.yaml --gradient-estimator NRES --sigma 0.1 "
      + "--outer-optimizer-specs SGD||CONSTANT1e-2 --num-particles 2 --trunc-length 10 "
      + "--outer-iterations 1 --threads 1"
    #expect(try run(training).output.contains("my-NRES (seed "))
    let place = try #require(
      FileManager.default.contentsOfDirectory(atPath: folder("runs/rl")).first)
    #expect(place.hasPrefix("my-NRES-"))
    try FileManager.default.moveItem(atPath: folder("runs/rl/\(place)"), toPath: folder("run"))
    #expect(
      try run("rollout my.yaml --theta run --sum --json").output.contains("\"forward_reward\""))
    #expect(try run("rollout my.yaml --theta run --sum").error.isEmpty)
    _ = try run("export run --format safetensors --output theta.safetensors")
    try FileManager.default.removeItem(atPath: folder("my.xml"))
    #expect(try run("evaluate run").output.contains("unperturbed_test_reward"))
    #expect(try run("replay run --numbers").output.hasPrefix("iteration 1   reward "))
    let alone = try Command.run("replay", "theta.safetensors", "--numbers", in: folder)
    #expect(alone.status == 64 && alone.error.contains("was trained in my.yaml"))
    _ = try run("replay theta.safetensors --numbers --gym-env-name run/model/my.yaml")
  }

  static let refusals = [
    ("train rl --gym-env-name my.yaml --run-dir run", 65),
    ("rollout my.yaml", 65), ("list my.yaml", 65), ("bench my.yaml", 65),
  ]

  @Test("what is wrong is one line before anything is made", arguments: refusals)
  func refused(_ line: String, _ status: Int) throws {
    let folder = try folder(Self.text.replacing("torso", with: "tors"))
    let outcome = try Command.run(line.split(separator: " ").map(String.init), in: folder)
    #expect(outcome.status == Int32(status) && outcome.output.isEmpty)
    #expect(
      outcome.error
        == "nres: my.yaml: reward 1: unknown body or site 'tors', did you mean 'torso'? choose from: "
        + "world, torso, mid, back\n")
    #expect(try folder.names == ["my.xml", "my.yaml"])
  }

  @Test("a file that is missing, and a model in place of its own")
  func missing() throws {
    let folder = try folder()
    let missing = try Command.run("rollout", "other.yaml", in: folder)
    #expect(missing.status == 66)
    #expect(missing.error == "nres: other.yaml: no such readable robot file (YAML)\n")
    let model = try Command.run("rollout", "my.yaml", "--model", "my.xml", in: folder)
    #expect(model.status == 65)
    #expect(model.error == "nres: my.yaml: names its own model: leave --model my.xml out\n")
  }
}
