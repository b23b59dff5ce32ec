import Foundation
import Records
import TestSupport
import Testing
import Trainer

struct ExportImportTests {
  /// A folder with a run of three iterations.
  private func trained() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    #expect(try Command.train(in: folder).status == 0)
    return folder
  }

  @Test("what is exported and imported again is the run's file", arguments: ThetaFormat.allCases)
  func roundTrip(format: ThetaFormat) throws {
    let folder = try trained()
    let name = format.fileName()
    let export = try Command.run("export", "run", "--format", format.rawValue, in: folder)
    #expect(export.status == 0 && export.error.isEmpty)
    #expect(export.output == "\(name): 4 iterations\n")
    let result = try Command.run("import", name, "--output", "back.safetensors", in: folder)
    #expect(result.status == 0 && result.error.isEmpty)
    #expect(
      result.output == """
        \(name): \(format), 4 iterations
          linear/w[8, 2]
        fits Swimmer-v4, linear policy
        wrote back.safetensors
        next: nres replay back.safetensors

        """)
    #expect(try folder.names == ["back.safetensors", "run", name].sorted())
    // The other formats do not say which environment θ is of.
    let back = try SavedTheta(path: folder("back.safetensors"))
    #expect((back.labels["gym-env-name"] == "Swimmer-v4") == (format == .safetensors))
    let run = try SavedTheta(path: folder("run"))
    for iteration in 0..<4 {
      #expect(
        try back.theta(at: iteration, layout: run.layout)
          == run.theta(at: iteration, layout: run.layout))
    }
    func reward(_ theta: String) throws -> String {
      let outcome = try Command.run(
        "rollout", "swimmer-v4", "--theta", theta, "--iteration", "2", "--sum", in: folder)
      #expect(outcome.status == 0)
      return outcome.output
    }
    #expect(try reward(name) == reward("run"))
    let train = try Command.train(
      "--rl-model-path", name, "--rl-model-iteration", "last", in: folder,
      run: "next")
    #expect(train.status == 0)
    let configuration = try RunFolder.open(folder("next")).configuration()
    #expect(configuration.settings["rl-model-iteration"] == "3")
    let layout = try SavedTheta(path: folder("run")).layout
    #expect(
      try SavedTheta(path: folder("next")).theta(at: 0, layout: layout)
        == SavedTheta(path: folder("run")).theta(at: 3, layout: layout))
  }

  @Test("one iteration can be chosen, and its file tells which")
  func iterations() throws {
    let folder = try trained()
    let saved = try SavedTheta(path: folder("run"))
    let layout = saved.layout
    let best = try #require(
      try RunFolder.open(folder("run")).bestIteration(in: saved.iterations))
    for (which, iteration) in [("last", 3), ("best", best), ("0", 0), ("BEST", best)] {
      for format in ThetaFormat.allCases {
        let name = format.fileName(iteration: iteration)
        let outcome = try Command.run(
          "export", "run", "--format", format.rawValue, "--iteration", which, in: folder)
        #expect(outcome.output == "\(name): iteration \(iteration)\n" && outcome.status == 0)
        #expect(
          try SavedTheta(path: folder(name)).theta(at: 0, layout: layout)
            == SavedTheta(path: folder("run")).theta(at: iteration, layout: layout))
        try FileManager.default.removeItem(atPath: folder(name))
      }
    }
    #expect(try folder.names == ["run"])
  }

  @Test("every n-th iteration and the last can be chosen", arguments: ThetaFormat.allCases)
  func every(format: ThetaFormat) throws {
    let folder = try trained()
    let outcome = try Command.run(
      "export", "run", "--format", format.rawValue, "--iteration", "every:2", in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    #expect(outcome.output == "\(format.fileName()): 3 iterations (0, 2, 3)\n")
    let (run, copy) = (
      try SavedTheta(path: folder("run")), try SavedTheta(path: folder(format.fileName()))
    )
    // Flax and npz count what they hold.
    let kept =
      format == .csv || format == .safetensors
      ? KeptIterations(every: 2, final: 3) : KeptIterations.all(3)
    #expect(Array(copy.iterations) == Array(kept))
    for (iteration, original) in zip(kept, [0, 2, 3]) {
      #expect(
        try copy.theta(at: iteration, layout: run.layout)
          == run.theta(at: original, layout: run.layout))
    }
  }

  @Test("the reference's folder is taken over, and so is a system's θ; what fits nothing is not")
  func foreign() throws {
    let folder = try TemporaryFolder()
    let _: Bool = try Python.run(
      """
      import os, sys, numpy
      from flax import serialization
      os.mkdir(sys.argv[1] + "/log-0.3")
      def save(name, tree):
          with open(f"{sys.argv[1]}/{name}", "wb") as file:
              file.write(serialization.to_bytes(tree))
      for i in range(3):
          save(f"log-0.3/theta{i}", {
              "mlp/~/linear_0": {"w": numpy.full((17, 30), i, "f4"), "b": numpy.zeros(30, "f4")},
              "mlp/~/linear_1": {"w": numpy.ones((30, 6), "f4"), "b": numpy.zeros(6, "f4")}})
      save("lorenz", {"log_a": numpy.array(3, "f4"),
                      "log_r": numpy.zeros((), "f4")})
      numpy.savez(sys.argv[1] + "/torch.npz", weight=numpy.zeros((2, 8), "f4"),
                  bias=numpy.zeros(2, "f4"))
      save("infinite", {"linear": {"w": numpy.full((2, 8, 2), [[0.5], [numpy.inf]] * 4, "f4")}})
      print("true")
      """, folder.path)
    let mlp = try Command.run("import", "log-0.3/", in: folder)
    #expect(mlp.status == 0 && mlp.error.isEmpty)
    #expect(
      mlp.output == """
        log-0.3/: flax, 3 iterations
          mlp/~/linear_0/b[30]
          mlp/~/linear_0/w[17, 30]
          mlp/~/linear_1/b[6]
          mlp/~/linear_1/w[30, 6]
        fits HalfCheetah-v4, mlp policy; Walker2d-v4, mlp policy
        wrote log-0.3.safetensors
        next: nres replay log-0.3.safetensors --gym-env-name HalfCheetah-v4

        """)
    let rollout = try Command.run(
      "rollout", "halfcheetah-v4", "--theta", "log-0.3", "--sum", "--horizon-length", "9",
      in: folder)
    #expect(rollout.status == 0 && rollout.output.hasPrefix("steps 9 "))
    let lorenz = try Command.run("import", "lorenz", in: folder)
    #expect(
      lorenz.output == """
        lorenz: flax, 1 iteration
          log_a[]
          log_r[]
        fits lorenz, a system
        wrote lorenz.safetensors

        """)
    let torch = try Command.run("import", "torch.npz", in: folder)
    #expect(torch.status == 65 && torch.output.isEmpty)
    #expect(
      torch.error
        == "nres: torch.npz: holds bias[2], weight[2, 8], which fits nothing of `nres list`: a policy "
        + "of Swimmer-v4 has linear/w[8, 2] (linear) or mlp/~/linear_0/b[30], "
        + "mlp/~/linear_0/w[8, 30], mlp/~/linear_1/b[2], mlp/~/linear_1/w[30, 2] (mlp); PyTorch's "
        + "weight is [outputs, inputs], the transpose of w\n")
    let infinite = try Command.run("import", "infinite", in: folder)
    #expect(infinite.status == 65 && infinite.output.isEmpty)
    #expect(
      infinite.error
        == "nres: infinite: θ of iteration 0 is not finite: linear/w[1,0] is inf\n")
    #expect(
      try folder.names
        == [
          "infinite", "log-0.3", "log-0.3.safetensors", "lorenz", "lorenz.safetensors", "torch.npz",
        ])
  }

  static let refusals = [
    Refusal(
      "export run --format hdf5", "--format is 'hdf5': choose from flax, npz, safetensors, csv"),
    Refusal(
      "export run --format npz --iteration 4",
      "--iteration 4 is not in this run: choose 0 to 3"),
    Refusal(
      "export run --format npz --iteration first",
      "--iteration is 'first': give 0 to 3, last, best, every:10 or all"),
    Refusal(
      "export run --format npz --iteration every:0",
      "--iteration is 'every:0': give 0 to 3, last, best, every:10 or all"),
    Refusal(
      "export run --format npz --output run/config.json", status: 73,
      "run/config.json: is there already: choose another name or remove it"),
    Refusal(
      "export run --format npz --output no/x", status: 73, "no/x: no such file or directory"),
    Refusal(
      "export old --format npz", status: 66,
      "old: no such file or folder: give a run folder or a θ file"),
    Refusal(
      "import run/config.json", status: 65,
      "run/config.json: is no θ file; known are: flax, npz, safetensors, csv"),
    Refusal(
      "import old", status: 66, "old: no such file or folder: give a run folder or a θ file"),
    Refusal(
      "import run --output run/scalars.csv", status: 73,
      "run/scalars.csv: is there already: choose another name or remove it"),
    Refusal(
      "import .", status: 66,
      ".: holds no θ: a run folder has theta_trajectory.safetensors, theta_trajectory0 or theta0, "
        + "theta1, …"),
  ]

  @Test("what cannot be is refused in one line and leaves nothing")
  func refused() throws {
    let folder = try trained()
    let files = try FileManager.default.contentsOfDirectory(atPath: folder("run")).sorted()
    for refusal in Self.refusals {
      let outcome = try refusal.run(in: folder)
      #expect(outcome.status == refusal.status && outcome.output.isEmpty, "\(refusal.line)")
      #expect(outcome.error == "nres: \(refusal.error)\n")
      #expect(try folder.names == ["run"])
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("run")).sorted() == files)
  }

  // A sanitizer's own files are kept from growing too, which ends the program.
  @Test(
    "a file that may not grow leaves nothing", .disabled(if: isSanitized),
    arguments: ThetaFormat.allCases)
  func fullDisk(format: ThetaFormat) throws {
    struct Outcome: Decodable {
      var status: Int32
      var error: String
    }
    let folder = try trained()
    let script = """
      import json, resource, subprocess, sys
      done = subprocess.run(
          sys.argv[2:], cwd=sys.argv[1], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)))
      print(json.dumps({'status': done.returncode, 'error': done.stderr}))
      """
    let outcome: Outcome = try Python.run(
      script,
      [folder.path, Command.executable.path, "export", "run", "--format", format.rawValue])
    #expect(outcome.status == 74)
    #expect(
      outcome.error == "nres: \(format.fileName()): file too large: free space or choose another "
        + "folder\n")
    #expect(try folder.names == ["run"])
  }
}
