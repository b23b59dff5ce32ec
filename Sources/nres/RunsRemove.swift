import ArgumentParser
import Foundation
import Trainer

/// `nres runs rm`: removes runs.
struct RunsRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm",
    abstract: "Remove runs; never one that is going on, nor a folder with anything else in it.")

  @Argument(help: ArgumentHelp("The runs' folders.", valueName: "run"))
  var paths: [String]

  @OptionGroup var confirmation: Confirmation

  func run() throws {
    var runs: [HeldRun] = []
    defer { for run in runs { run.giveBack() } }
    for path in paths where !runs.contains(where: { isSameFolder($0.path, path) }) {
      let run = try HeldRun(path)
      runs.append(run)
      try run.checkIsOnlyRun()
    }
    let sizes = runs.map { sizeText(diskBytes($0.path)) }
    let what = zip(runs, sizes).map { "\($0.path) (\($1))" }.joined(separator: ", ")
    try confirmation.ask("remove \(errorLine(what))?")
    while let run = runs.first, let size = sizes.dropLast(runs.count - 1).last {
      try run.remove()
      runs.removeFirst()
      tell("removed \(errorLine(run.path)) (\(size))")
    }
  }
}

/// `nres runs mv`: moves or renames a run.
struct RunsMove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mv",
    abstract: "Move or rename a run; never one that is going on.")

  @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
  var path: String

  @Argument(help: ArgumentHelp("Its new path, or a folder to put it into.", valueName: "to"))
  var target: String

  @OptionGroup var confirmation: Confirmation

  func run() throws {
    let run = try HeldRun(path)
    do {
      try confirmation.ask("move \(errorLine(path)) to \(errorLine(target))?")
      tell("moved to \(errorLine(try run.move(to: target)))")
    } catch {
      run.giveBack()
      throw error
    }
  }
}

private func isSameFolder(_ path: String, _ other: String) -> Bool {
  var (one, two) = (stat(), stat())
  return stat(path, &one) == 0 && stat(other, &two) == 0 && one.st_dev == two.st_dev
    && one.st_ino == two.st_ino
}
