import Foundation
import TestSupport
import Testing

/// Files that are there, and wrong: they are named, and stay as they are.
struct BadFileTests {
  /// The content of a file `bad`, and the beginning of the answer to a command that is given it.
  static let examples: [(content: String, refusal: Refusal)] = [
    (
      "<mujoco><wordbody/></mujoco>",
      Refusal(
        "train swimmer-nres --model bad", status: 65,
        "bad: XML Error: Schema violation: unrecognized element, Element 'wordbody'")
    ),
    ("no XML", Refusal("train swimmer-nres --model bad", status: 65, "bad: XML ")),
    (
      "<mujoco><worldbody/></mujoco>",
      Refusal(
        "train swimmer-nres --model bad", status: 65,
        "bad: the model has nq 0, nv 0, nu 0 but Swimmer-v4 needs nq 5, nv 5, nu 2")
    ),
    (
      "1,2\n3",
      Refusal(
        "rollout swimmer-v4 --actions bad", status: 65,
        "bad: line 2 must be 2 numbers between commas")
    ),
    (
      "1,nan",
      Refusal(
        "rollout swimmer-v4 --actions bad", status: 65,
        "bad: line 1 must be 2 numbers between commas")
    ),
    (
      "\n",
      Refusal(
        "rollout swimmer-v4 --actions bad", status: 65,
        "bad: has no actions: write one step a line")
    ),
    (
      "",
      Refusal(
        "train swimmer-nres --rl-model-path bad --rl-model-iteration 0", status: 65,
        "bad: is empty; a θ file was expected")
    ),
    (
      "long enough, but without a header",
      Refusal(
        "train swimmer-nres --rl-model-path bad --rl-model-iteration 0", status: 65,
        "bad: is no θ file; known are: flax, npz, safetensors, csv")
    ),
    (
      "",
      Refusal(
        "train swimmer-nres --run-dir bad", status: 73,
        "bad: is a file, not a folder: choose another --run-dir")
    ),
    (
      "",
      Refusal(
        "train swimmer-nres --run-dir .", status: 73,
        ".: the run folder is not empty: choose another --run-dir or remove it")
    ),
    (
      "",
      Refusal(
        "train swimmer-nres --run-dir bad/run", status: 73,
        "bad/run: cannot make the run folder (not a directory): check the path and its permissions")
    ),
  ]

  @Test("is named in one line", arguments: examples)
  func named(content: String, refusal: Refusal) throws {
    try expect(refusal, of: "bad", content)
  }

  /// The content of a settings file `bad.yaml`.
  static let settingsFiles: [(content: String, refusal: Refusal)] = [
    (
      "sigmma: 1",
      Refusal(
        "train bad.yaml", status: 65,
        "bad.yaml: unknown setting 'sigmma', did you mean 'sigma'? choose from: application, ")
    ),
    (
      "K: many",
      Refusal("train bad.yaml", status: 65, "bad.yaml: K is 'many': it must be a whole number")
    ),
    ("a: [", Refusal("train bad.yaml", status: 65, "bad.yaml: is not YAML: ")),
    (
      "gradient-estimator: FullES\napplication: chess\nsigma: 1\nouter-iterations: 1\n"
        + "num-particles: 1\nouter-optimizer-specs: SGD||CONSTANT1",
      Refusal("train bad.yaml", status: 64, "unknown application 'chess'; choose from: rl")
    ),
  ]

  @Test("so is a settings file", arguments: settingsFiles)
  func settings(content: String, refusal: Refusal) throws {
    try expect(refusal, of: "bad.yaml", content)
  }

  private func expect(_ refusal: Refusal, of file: String, _ content: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.file(file, content.utf8)
    let outcome = try refusal.run(in: folder)
    #expect(outcome.status == refusal.status)
    #expect(outcome.error.hasPrefix("nres: \(refusal.error)"), "\(outcome.error)")
    #expect(outcome.error.hasSuffix("\n") && outcome.error.count { $0 == "\n" } == 1)
    #expect(try folder.names == [file])
    #expect(try String(contentsOfFile: folder(file), encoding: .utf8) == content)
  }

  static let theta = "run/theta_trajectory.safetensors"

  /// What cannot be done with a whole Swimmer run of three iterations.
  static let misuses = [
    Refusal(
      "evaluate run --iteration 4", "--iteration 4 is not in this run: choose 0 to 3"),
    Refusal(
      "evaluate run --iteration x",
      "--iteration is 'x': give 0 to 3, last, best, every:10 or all, or several between commas"),
    Refusal(
      "rollout swimmer-v4 --theta run --iteration 4",
      "--iteration 4 is not in this run: choose 0 to 3"),
    Refusal(
      "rollout halfcheetah-v4 --theta run",
      "--theta run holds linear/w[8, 2], no policy for HalfCheetah-v4: use a run of that environment"
    ),
    Refusal(
      "train halfcheetah-nres --rl-model-path run --rl-model-iteration 1", status: 65,
      "\(theta): holds linear/w[8, 2], but this task needs linear/w[17, 6]: "
        + "use a run of the same task"),
    Refusal(
      "train swimmer-nres --rl-model-path run --rl-model-iteration 4",
      "--rl-model-iteration 4 is not in this run: choose 0 to 3"),
    Refusal(
      "train swimmer-nres --run-dir run", status: 73,
      "run: there is a run already: `nres resume` goes on with it; for a new one choose another --run-dir"
    ),
    // Found before the first seed's run begins.
    Refusal(
      "train swimmer-nres --run-dir . --seed-list 7,8", status: 73,
      "./seed-8: there is a run already: `nres resume` goes on with it; for a new one choose another --run-dir"
    ),
  ]

  @Test("a run that is damaged, or of something else, is refused")
  func runs() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train(in: folder).status == 0)
    #expect(try Command.train(in: folder, run: "seed-8").status == 0)
    func expect(_ refusal: Refusal) throws {
      let outcome = try refusal.run(in: folder)
      #expect(outcome.status == refusal.status && outcome.output.isEmpty, "\(refusal.line)")
      #expect(outcome.error == "nres: \(refusal.error)\n")
      #expect(try folder.names == ["run", "seed-8"])
    }
    for misuse in Self.misuses { try expect(misuse) }

    let theta = URL(filePath: folder(Self.theta))
    let whole = try Data(contentsOf: theta)
    for (content, cause) in [
      (Data(), "is empty; a θ file was expected"),
      (whole.prefix(60), "is truncated: its header ends at byte 152, the file at 60"),
      (
        whole.dropLast(4),
        "is truncated: tensor 'linear/w' ends at byte 256 of the values, which are 252"
      ),
      (
        Data(repeating: 7, count: 200), "is no θ file; known are: flax, npz, safetensors, csv"
      ),
    ] {
      try content.write(to: theta)
      try expect(Refusal("evaluate run", status: 65, "\(Self.theta): \(cause)"))
    }
    try FileManager.default.removeItem(at: theta)
    try expect(
      Refusal(
        "evaluate run", status: 66,
        "\(Self.theta): no such file or folder: give a run folder or a θ file"))

    let configuration = URL(filePath: folder("run/config.json"))
    try Data("{}".utf8).write(to: configuration)
    try expect(
      Refusal("evaluate run", status: 65, "run/config.json: is not a run's configuration"))
    try FileManager.default.removeItem(at: configuration)
    try expect(
      Refusal(
        "evaluate run", status: 66, "run/config.json: cannot be read: is run a run folder?"))
  }
}
