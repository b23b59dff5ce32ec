import Foundation
import TestSupport
import Testing

/// What is answered to slips, and that no answer plays with the terminal.
struct MessageTests {
  static let commands =
    "choose from: train, resume, sweep, runs, plot, compare, variance, report, evaluate, "
    + "loss-surface, replay, rollout, export, import, data, baselines, list, bench"

  static let slips = [
    Refusal("trian", "unknown command 'trian', did you mean 'train'? \(commands)"),
    Refusal("help nosuch", "unknown command 'nosuch'; \(commands)"),
    Refusal("data inof", "unknown command 'inof', did you mean 'info'? choose from: info, prepare"),
    Refusal(
      "help data prepar",
      "unknown command 'prepar', did you mean 'prepare'? choose from: info, prepare"),
    Refusal(
      "train run",
      "run is a run: repeat it with `nres train run/config.json`, evaluate it with "
        + "`nres evaluate run`"),
    Refusal(
      "train run/theta_trajectory.safetensors",
      "run/theta_trajectory.safetensors is a run: repeat it with `nres train run/config.json`, "
        + "evaluate it with `nres evaluate run`"),
    Refusal(
      "train notes",
      "notes is no experiment: give a preset's name, a settings file (.yaml, .yml or .json), or a "
        + "run's config.json"),
    Refusal(
      "train swimmer-nres --outer-iterations 1.5",
      "The value '1.5' is invalid for '--outer-iterations <n>': it must be a whole number. "
        + "See 'nres train --help' for more information."),
    Refusal(
      "train swimmer-nres --gradient-estimator NRES --K 7",
      "--K is 7, but NRES is TruncatedPESK with K = T = 1000: leave it out, or name the estimator "
        + "TruncatedPESK"),
  ]

  @Test("a slip is answered with what was meant or what can be done")
  func answers() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train(in: folder).status == 0)
    _ = try folder.file("notes", "no settings".utf8)
    for slip in Self.slips {
      let outcome = try slip.run(in: folder)
      #expect(outcome.status == slip.status && outcome.output.isEmpty)
      #expect(outcome.error == "nres: \(slip.error)\n")
    }
    #expect(try folder.names == ["notes", "run"])
  }

  @Test("a run that cannot be made is announced nowhere")
  func announcesNothing() throws {
    let outcome = try Command.run(
      ["train", "swimmer-nres", "--gradient-estimator", "TruncatedBPTT"] + Command.tiny,
      in: TemporaryFolder())
    #expect(outcome.status == 64 && outcome.output.isEmpty)
  }

  @Test("whole numbers have exponents, and a run is named after the estimator that was asked for")
  func numbersAndNames() throws {
    let folder = try TemporaryFolder()
    for (flags, name) in [
      (["--num-particles", "0.4e1"], "swimmer-nres"),
      (["--gradient-estimator", "NRES"], "swimmer-nres"),
      (["--gradient-estimator", "FullES", "--outer-iterations", "1e0"], "Swimmer-v4-FullES"),
    ] {
      let outcome = try Command.run(
        ["train", "swimmer-nres", "--run-dir", "\(folder.names.count)"] + Command.tiny + flags,
        in: folder)
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(outcome.output.hasPrefix("\(name) (seed 23)"))
    }
  }

  @Test("no error moves the cursor, hides what follows or fills the screen")
  func controls() throws {
    let folder = try TemporaryFolder()
    for name in ["a\r\nb", "a\u{1b}[2Jb", "a\u{202e}b", "a\u{0}b"] {
      let escapes = name.unicodeScalars.map { String(format: "\\u%04x", $0.value) }.joined()
      _ = try folder.file("bad.yaml", "\"\(escapes)\": 1".utf8)
      var outcomes = [try Command.run("train", "bad.yaml", in: folder)]
      if !name.contains("\0") { outcomes.append(try Command.run("train", name, in: folder)) }
      for outcome in outcomes {
        #expect(outcome.status != 0)
        let text = outcome.error.unicodeScalars.dropLast()
        #expect(outcome.error.hasPrefix("nres: ") && outcome.error.unicodeScalars.last == "\n")
        #expect(
          text.allSatisfy {
            ![.control, .format].contains($0.properties.generalCategory)
          })
      }
    }
    let long = String(repeating: "k", count: 1_000_000)
    _ = try folder.file("long.yaml", "? \(long)\n: 1\n".utf8)
    let outcome = try Command.run("train", "long.yaml", in: folder)
    #expect(outcome.status == 65 && outcome.error.hasPrefix("nres: long.yaml: "))
    #expect(outcome.error.utf8.count < 5000)
  }
}
