import Foundation
import Records
import TestSupport
import Testing
import Trainer

/// `nres report`.
struct ReportTests {
  /// A page of runs, which needs nothing else.
  static func report(
    _ words: String..., in folder: TemporaryFolder, error: String = ""
  ) throws -> ParsedPage {
    let outcome = try Command.run(["report"] + words + ["-o", "page.html"], in: folder)
    #expect(outcome.status == 0 && outcome.error == error, "\(outcome.error)")
    #expect(outcome.output.wholeMatch(of: /wrote page\.html, [\d.]+ [kM]B\n/) != nil)
    let page = try ParsedPage(folder("page.html"))
    #expect(page.addresses.allSatisfy { $0.hasPrefix("data:") || $0.hasPrefix("#") })
    #expect(page["script"].isEmpty && page["link"].isEmpty && page["iframe"].isEmpty)
    #expect(!page.texts("style").joined().contains(/url\(|@import/))
    let pictures = page["img"]
    #expect(pictures.allSatisfy { ($0.attributes["alt"] ?? "").count > 10 })
    for picture in pictures where picture.attributes["class"] == "chart" {
      let drawing = try ParsedPage.content(of: picture.attributes["src"], type: "image/svg+xml")
      #expect(String(decoding: drawing, as: UTF8.self).contains("<svg"))
    }
    return page
  }

  private func lastReward(_ run: String, in folder: TemporaryFolder) throws -> (Double, Double) {
    let rows = try readScalars(folder("\(run)/scalars.csv"))
    func last(_ tag: String) throws -> Double {
      try #require(rows.last { $0.tag == tag }).value
    }
    return try (last("test/unperturbed_test_reward"), last("test/unperturbed_test_reward_ci"))
  }

  private func text(_ value: Double, _ places: Int = 1) -> String {
    String(format: "%.\(places)f", value).replacing("-", with: "−")
  }

  @Test("the page has the numbers of each run and group, curves, settings and configurations")
  func swimmers() throws {
    let folder = try TemporaryFolder()
    for (run, seed, sigma) in [("nres/a", "1", "0.3"), ("nres/b", "2", "0.3"), ("c", "1", "0.1")] {
      let outcome = try Command.train(
        "--eval-freq", "1", "--remaining-seed", seed, "--sigma", sigma, in: folder, run: run)
      #expect(outcome.status == 0)
    }
    let page = try Self.report("nres", "c", "nres/a", "--no-video", in: folder)
    #expect(
      page.texts("h1") == ["Swimmer-v4: σ 0.3; σ 0.1"] && page.texts("title") == page.texts("h1"))
    let facts = zip(page.texts("dt"), page.texts("dd")).map { "\($0): \($1)" }
    #expect(facts.contains("Runs: 3 finished") && facts.contains("Seeds: 1, 2"))
    #expect(facts.contains("Made by: nres \(programVersion), MuJoCo 2.2.2"))
    let rows = page.texts("tr").map { $0.split(separator: "\n").joined(separator: "|") }
    var rewards: [Double] = []
    for (run, group, seed) in [("nres/a", "σ 0.3", 1), ("nres/b", "σ 0.3", 2), ("c", "σ 0.1", 1)] {
      let (reward, halfWidth) = try lastReward(run, in: folder)
      rewards.append(reward)
      let start = "\(run)|\(group)|\(seed)|finished|3 of 3|\(text(reward)) ± \(text(halfWidth))|"
      #expect(rows.contains { $0.hasPrefix(start) }, "\(start)\n\(rows)")
    }
    let (low, high) = (min(rewards[0], rewards[1]), max(rewards[0], rewards[1]))
    let middle = text((low + high) / 2)
    let quarter = (high - low) / 4
    // Of two values, half of the bootstrap samples are one of them twice.
    let group =
      "σ 0.3|2|\(middle) [\(text(low + quarter)), \(text(high - quarter))]|"
      + "\(middle) [\(text(low)), \(text(high))]|"
    #expect(rows.contains { $0.hasPrefix(group) }, "\(group)\n\(rows)")
    #expect(rows.contains("sigma|0.3|0.1") && rows.contains("horizon-length|40"))
    #expect(page["img"].count == 2 && page["source"].count == 2 && page["video"].isEmpty)
    let alt = page["img"].last?.attributes["alt"] ?? ""
    #expect(alt.hasPrefix("Curves of reward over sequential env steps. σ 0.3, 2 seeds: from "))
    #expect(page.texts("pre").first?.split(separator: "\n").last == "nres train c/config.json")
    let link = try #require(page["a"].last)
    #expect(link.text == "c/config.json")
    #expect(
      try ParsedPage.content(of: link.attributes["href"], type: "application/json")
        == Data(contentsOf: URL(filePath: folder("c/config.json"))))
    #expect(try folder.names == ["c", "nres", "page.html"])
  }

  @Test("no name breaks the page")
  func escaping() throws {
    let folder = try TemporaryFolder()
    let name = #"<b> & "q" 'x' &amp;"#
    #expect(try Command.train("--no-run-test-during-training", in: folder, run: name).status == 0)
    let title = "</title><script>alert(1)</script>\u{202e}]]>"
    let page = try Self.report(name, "--no-video", "--title", title, in: folder)
    #expect(page.texts("h1") == ["</title><script>alert(1)</script>\u{FFFD}]]>"])
    #expect(page["b"].isEmpty && page.texts("tbody").contains { $0.contains(name) })
    #expect(page.texts("pre").joined().contains(name.replacing("'", with: #"'\''"#)))
    // It was not evaluated.
    #expect(page.texts("p").contains { $0.contains("No run has an evaluation yet") })
    #expect(
      page["img"].first?.attributes["alt"]?.hasPrefix("Curves of mean loss over iter") == true)
  }

  @Test(
    "tasks have a part each, θ of few numbers is drawn, and a torn line of a log is passed over")
  func tasks() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train("--eval-freq", "1", in: folder).status == 0)
    let lorenz = [
      "train", "lorenz-nres", "--run-dir", "lorenz", "--num-particles", "4", "--horizon-length",
      "40", "--trunc-length", "20", "--outer-iterations", "3", "--threads", "1", "--eval-freq", "3",
    ]
    #expect(try Command.run(lorenz, in: folder).status == 0)
    for run in ["run", "lorenz"] {
      let log = try #require(FileHandle(forUpdatingAtPath: folder("\(run)/scalars.csv")))
      try log.seekToEnd()
      try log.write(contentsOf: Data("3,test/unperturbed_te".utf8))
    }
    let page = try Self.report("run", "lorenz", "--no-video", in: folder)
    #expect(page.texts("h1") == ["Swimmer-v4, lorenz"])
    #expect(page.texts("h2") == ["Swimmer-v4", "lorenz"])
    #expect(page.texts("a").prefix(2) == ["Swimmer-v4", "lorenz"])
    let parts = [
      "What ran", "Learning curves", "Results", "Settings", "To repeat it", "What ran",
      "Learning curves", "Results", "θ", "Settings", "To repeat it",
    ]
    #expect(page.texts("h3") == parts)
    let captions = page.texts("figcaption").suffix(2)
    #expect(captions.map { $0.prefix(6) } == ["log(a)", "log(r)"])
  }

  @Test("a seed that diverged leaves its group without an interval, and an older best as it was")
  func diverged() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train("--eval-freq", "1", in: folder).status == 0)
    try FileManager.default.copyItem(atPath: folder("run"), toPath: folder("other"))
    let log = try #require(FileHandle(forUpdatingAtPath: folder("other/scalars.csv")))
    try log.seekToEnd()
    try log.write(contentsOf: Data("3,test/unperturbed_test_reward,nan,9\n".utf8))
    let page = try Self.report("run", "other", "--no-video", in: folder)
    let rows = page.texts("tr").map { $0.split(separator: "\n").joined(separator: "|") }
    #expect(rows.contains { $0.hasPrefix("NRES|2|nan|nan|") })
    #expect(rows.contains { $0.hasPrefix("other|23|finished|3 of 3|nan") })
    let alt = page["img"].first?.attributes["alt"] ?? ""
    #expect(alt.contains("NRES, 2 seeds: from ") && alt.hasSuffix(" to no number at 3."))
  }

  @Test("of a run that goes on there is what it has")
  func running() throws {
    let folder = try TemporaryFolder()
    let run = try Command.Running(
      ["train", "swimmer-nres", "--run-dir", "run"] + Command.tiny
        + ["--outer-iterations", "1000000", "--eval-freq", "1", "--run-test-during-training"]
        + ["--no-run-test-after-training"], in: folder)
    defer { kill(run.process.processIdentifier, SIGKILL) }
    let deadline = ContinuousClock.now + .seconds(60)
    func rows() -> Int { ((try? readScalars(folder("run/scalars.csv"))) ?? []).count }
    while rows() < 15, ContinuousClock.now < deadline { usleep(10_000) }
    let page = try Self.report("run", "--no-video", in: folder)
    #expect(page.texts("dd").contains { $0.hasPrefix("1 running; ") })
    #expect(page.texts("td").contains("running") && page["img"].count == 2)
  }

  static let refusals = [
    Refusal("report run -o page.htm", "--output is 'page.htm': the name must end in .html"),
    Refusal("report run --output page", "--output is 'page': the name must end in .html"),
    Refusal(
      "report nowhere -o a.html", status: 66, "nowhere: no such folder: name one that holds runs"),
    Refusal(
      "report empty -o a.html", status: 66,
      "empty: there are no runs in it: `nres train` makes one"),
    Refusal(
      "report bad -o a.html", status: 65, "bad/config.json: is not a run's configuration"),
    Refusal(
      "report run --no-video -o nowhere/a.html", status: 73,
      "nowhere/a.html: no such file or directory"),
  ]

  @Test("what cannot be reported is refused in one line, and nothing is written")
  func refused() throws {
    let folder = try TemporaryFolder()
    mkdir(folder("run"), 0o777)
    let settings = #""application": "rl", "gym-env-name": "Swimmer-v4", "remaining-seed": 1"#
    let configuration =
      #"{"nres": "0.1.0", "mujoco": "2.2.2", "started": "2026-01-01T00:00:00Z", "settings": {"#
    _ = try folder.file("run/config.json", (configuration + settings + "}}").utf8)
    mkdir(folder("empty"), 0o777)
    mkdir(folder("bad"), 0o777)
    _ = try folder.file("bad/config.json", "{".utf8)
    for refusal in Self.refusals {
      let outcome = try refusal.run(in: folder)
      #expect(outcome.status == refusal.status, "\(refusal)")
      #expect(outcome.error == "nres: \(refusal.error)\n")
    }
    #expect(try folder.names == ["bad", "empty", "run"])
  }
}
