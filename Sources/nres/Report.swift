import ArgumentParser
import Foundation
import Records
import Settings
import Trainer

/// `nres report`: what runs have come to, as one page to send to somebody.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a page about runs to send to somebody: curves, tables, videos, settings.",
    discussion: """
      One HTML file with all in it, without scripts: what ran and how to repeat it, learning curves, \
      last and best evaluations with their spread over seeds, and the settings. Of rl it shows how \
      the best policies move, for which ffmpeg and OpenGL are needed; of lopt how a network learns \
      under the learned optimizer, and under Adam, SGD and SGDM at their best rates. Runs of several \
      tasks have a part each; of a run that is going on there is what it has until then.

      EXAMPLES:
        nres report runs/rl/swimmer-nres-20260101-120000 -o swimmer.html
        nres report nres pes --title "NRES and PES on HalfCheetah" -o cheetah.html
      """)

  @Argument(
    help: ArgumentHelp(
      "Runs, or folders with all runs in them and below.", valueName: "run | folder"))
  var paths: [String]

  @Option(
    name: [.short, .long], parsing: .unconditional,
    help: ArgumentHelp("An .html file to make or replace.", valueName: "path"))
  var output: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The page's title (default: what ran).", valueName: "text"))
  var title: String?

  @Flag(name: .customLong("no-video"), help: "Leave out videos.")
  var hasNoVideo = false

  @Flag(
    name: .customLong("no-inner-curves"),
    help: "Leave out the networks that learned optimizers train, which takes a while.")
  var hasNoInnerCurves = false

  func run() throws {
    guard output.lowercased().hasSuffix(".html") else {
      throw SettingsError("--output is '\(output)': the name must end in .html")
    }
    let tasks = try ReportTask.tasks(of: RunSummary.named(paths))
    Interrupt.installForTidyEnd()
    let progress = ProgressLine(elsewhere: .never)
    defer { progress.finish() }
    var study = ReportStudy(hasVideo: !hasNoVideo, hasInnerCurves: !hasNoInnerCurves) { doing in
      if Interrupt.wasRequested { throw Interrupt.Requested() }
      progress.show { _ in doing }
    }
    let page: String
    do {
      page = try ReportPage(tasks, title: title == "" ? nil : title, study: &study).markup
    } catch is CancellationError {
      throw Interrupt.Requested()
    }
    progress.finish()
    tell(notes: study.notes)
    try writeAtomically(page, to: output)
    tell("wrote \(output), \(sizeText(page.utf8.count))")
  }
}
