import Envs
import Foundation
import TestSupport
import Testing
import Trainer

struct HelpTests {
  static let pages = [
    "", "train", "resume", "runs", "runs list", "runs show", "runs watch", "runs mv", "runs rm",
    "sweep", "sweep start", "sweep resume", "plot", "compare", "variance", "report", "evaluate",
    "loss-surface", "replay", "rollout", "export", "import", "data", "data info", "data prepare",
    "baselines", "list", "bench",
  ]

  /// The whole text is in `Tests/Goldens/help`, to be read with each change of it.
  @Test("help is what was agreed", arguments: pages)
  func help(page: String) throws {
    let folder = try TemporaryFolder()
    let words = page.split(separator: " ").map { String($0) }
    let outcome = try Command.run(words + ["--help"], in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let file = Golden.folder.appending(
      path: "help/\(words.isEmpty ? "nres" : words.joined(separator: "-")).txt")
    #expect(try outcome.output == String(contentsOf: file, encoding: .utf8))
    let other = try Command.run(words.isEmpty ? [] : ["help"] + words, in: folder)
    #expect(other.output == outcome.output)
    #expect(try folder.names == [])
  }

  @Test("every setting has a flag")
  func flags() throws {
    let help = try Command.run("train", "--help", in: TemporaryFolder()).output
    for name in RunSettings.names where name != "application" {
      #expect(help.contains("  --\(name)"), "--\(name)")
    }
  }

  @Test func verboseVersion() throws {
    let outcome = try Command.run("--version", "--verbose", in: TemporaryFolder())
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    #expect(
      outcome.lines.map { $0.split(separator: " ")[0] } == ["nres", "MuJoCo", "processor", "Swift"])
    #expect(outcome.lines.contains("MuJoCo \(MuJoCo.version)"[...]))
  }

  @Test func version() throws {
    let outcome = try Command.run("--version", in: TemporaryFolder())
    #expect(outcome.status == 0 && outcome.output == "\(programVersion)\n")
  }

  @Test("the catalogues are listed")
  func list() throws {
    let outcome = try Command.run("list", in: TemporaryFolder())
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let file = Golden.folder.appending(path: "help/catalogues.txt")
    // Another version of MuJoCo has other numbers than lanes do, which is told.
    let engine = try Simulator(Locomotion.swimmer).engineSummary
    #expect(
      try outcome.output
        == String(contentsOf: file, encoding: .utf8).replacing(", lanes\n", with: ", \(engine)\n"))
  }
}
