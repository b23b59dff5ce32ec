import Foundation
import Records
import TestSupport
import Testing
import Trainer

/// What `nres report` works out anew: videos of policies, and networks that learned optimizers train.
struct ReportMotionTests {
  @Test("the best policy is a video with a picture before it")
  func video() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train("--eval-freq", "1", in: folder).status == 0)
    let page = try ReportTests.report("run", in: folder)
    let video = try #require(page["video"].first)
    let film = try ParsedPage.content(of: video.attributes["src"], type: "video/mp4")
    let facts = try Probe(folder.file("film.mp4", film))
    // 40 steps of 0.04 s.
    #expect((facts.width, facts.height, facts.frames) == (480, 360, 40))
    let picture = try ParsedPage.content(of: video.attributes["poster"], type: "image/png")
    #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    let best = try #require(
      readScalars(folder("run/scalars.csv"))
        .filter { $0.tag == "test/unperturbed_test_reward" }.max { $0.value < $1.value })
    let numbers = try Command.run(
      "replay", "run", "--numbers", "--json", "--episodes", "1", in: folder)
    struct Line: Decodable {
      var reward: Double
      var seeds: [Int]
    }
    let line = try JSONDecoder().decode(Line.self, from: Data(numbers.output.utf8))
    let reward = String(format: "%.1f", line.reward).replacing("-", with: "−")
    #expect(
      page.texts("figcaption").last
        == "NRES, run: iteration \(best.iteration), the first 1.6 s from seed \(line.seeds[0]), "
        + "reward \(reward)")
    try withoutPrograms(folder)
  }

  /// Without ffmpeg there is a picture, without OpenGL a sentence, and the page all the same.
  private func withoutPrograms(_ folder: TemporaryFolder) throws {
    let cases = [
      (
        ["PATH": "/nowhere"], 1, "There is no video: ffmpeg is not on the PATH", "no video of run: "
      ),
      (
        ["__EGL_VENDOR_LIBRARY_DIRS": "/nowhere"], 0,
        "There is no picture of run: cannot draw without a screen", "no picture of run: "
      ),
    ]
    for (changes, pictures, sentence, note) in cases {
      let outcome = try Command.run(["report", "run", "-o", "a.html"], in: folder, with: changes)
      #expect(outcome.status == 0 && outcome.error.hasPrefix("nres: \(note)"), "\(outcome.error)")
      let page = try ParsedPage(folder("a.html"))
      #expect(page["video"].isEmpty)
      #expect(page["img"].filter { $0.attributes["class"] == "still" }.count == pictures)
      #expect(page.texts("p").contains { $0.hasPrefix(sentence) })
    }
  }

  @Test("a network learns under the learned optimizer as its evaluation says, and beside others")
  func innerCurves() throws {
    let folder = try TemporaryFolder()
    _ = try folder.images()
    #expect(
      try LearnedOptimizerTests.train("--eval-freq", "4", "--theta-every", "4", in: folder).status
        == 0)
    let best = try #require(
      readScalars(folder("run/scalars.csv"))
        .filter { $0.tag == "test/unperturbed_meta_test_loss" }.min { $0.value < $1.value })
    // Images are named from the folder in which the run was made.
    var settings = try RunFolder.open(folder("run")).configuration()
    settings.settings["data-dir"] = folder("images")
    _ = try folder.file("run/config.json", JSONEncoder().encode(settings))
    let curves = try InnerCurves(of: folder("run")) { _ in }
    #expect(curves.iteration == best.iteration && curves.learned.count == 20)
    #expect(abs(curves.learned.reduce(0, +) / 20 - best.value) < 1e-5 * best.value)
    #expect(curves.baselines.map(\.optimizer) == ["SGD", "SGDM", "Adam"])
    for baseline in curves.baselines {
      // One batch of five images each: the first losses are those of the same network.
      #expect(baseline.steps.count == 20 && InnerCurves.rates.contains(baseline.rate))
      #expect(abs(baseline.steps.reduce(0, +) / 20 - baseline.loss) < 1e-5 * baseline.loss)
    }
    let page = try ReportTests.report("run", in: folder)
    let alt = page["img"].last?.attributes["alt"] ?? ""
    #expect(alt.hasPrefix("Curves of validation loss over inner steps. learned optimizer: from "))
    #expect(alt.contains("; SGD, rate ") && alt.contains("; Adam, rate "))
    let shorter = try ReportTests.report("run", "--no-inner-curves", in: folder)
    #expect(shorter["img"].count == page["img"].count - 1)
  }
}
