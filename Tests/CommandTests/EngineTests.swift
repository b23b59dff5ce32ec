import Envs
import Foundation
import TestSupport
import Testing

/// `--physics` of commands that step environments.
struct EngineTests {
  /// What steps a model that lanes cover.
  private static let engines = MuJoCo.version == "2.2.2" ? ["auto", "lanes", "mujoco"] : ["mujoco"]

  @Test("numbers are the same whatever steps the environments")
  func equal() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train(in: folder).status == 0)
    for words in [
      ["evaluate", "run", "--json"],
      ["replay", "run", "--numbers", "--json", "--iterations", "all"],
      ["rollout", "swimmer-v4", "--theta", "run", "--seed", "3"],
      ["rollout", "halfcheetah-v4", "--horizon-length", "60", "--json"],
    ] {
      let expected = try Command.run(words, in: folder)
      #expect(expected.status == 0 && expected.error.isEmpty && !expected.output.isEmpty)
      for engine in Self.engines {
        let outcome = try Command.run(words + ["--physics", engine], in: folder)
        #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
        #expect(outcome.output == expected.output, "\(words) on \(engine)")
      }
    }
  }

  @Test(
    "a model that lanes do not cover is refused where they are asked for, else told when training")
  func uncovered() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train(in: folder).status == 0)
    let text = String(decoding: Locomotion.swimmer.model, as: UTF8.self)
    _ = try folder.file(
      "rough.xml",
      text.replacing(#"armature="0.1""#, with: #"armature="0.1" frictionloss="0.1""#).utf8)
    guard MuJoCo.version == "2.2.2" else { return }
    let told = try Command.train("--model", "rough.xml", in: folder, run: "rough")
    #expect(told.status == 0)
    #expect(
      told.error.hasPrefix(
        "nres: rough.xml: environments run on mj_step: the model has friction loss in a joint\n"),
      "\(told.error)")
    let refusal =
      "nres: rough.xml: Swimmer-v4 cannot run on lanes: the model has friction loss in a joint; use "
      + "--physics auto or mujoco\n"
    for line in [
      "train swimmer-nres --run-dir new", "evaluate run", "replay run --numbers",
      "rollout swimmer-v4",
    ] {
      let words = line.split(separator: " ").map { String($0) }
      let outcome = try Command.run(
        words + ["--model", "rough.xml", "--physics", "lanes"], in: folder)
      #expect(outcome.status == 65 && outcome.output.isEmpty && outcome.error == refusal)
    }
    #expect(try folder.names == ["rough", "rough.xml", "run"])
  }
}
