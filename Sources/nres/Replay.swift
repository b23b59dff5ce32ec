import ArgumentParser
import Foundation
import Playback
import Settings
import Trainer

/// `nres replay`: the policies of a saved run, as they were.
struct Replay: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Replay saved policies: same θ, same seed, the same rewards as in training.",
    discussion: """
      Plays in a window, where H shows the keys, or with --video, --frames or --numbers without \
      one. A run folder has everything. A θ file alone is replayed in the environment that it says or \
      fits, with that environment's time limit.
      """)

  @Argument(help: ArgumentHelp("A run's folder, or a θ file.", valueName: "run"))
  var path: String

  @OptionGroup var iterations: IterationFlags

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Seed of the first episode, followed by those after it (default: that of the iteration's "
        + "evaluation; 0 without a run).", valueName: "seed"), transform: wholeNumber)
  var seed: Int?

  @Option(
    name: [.customLong("gym-env-name"), .customLong("environment")], parsing: .unconditional,
    help: ArgumentHelp(
      "The environment (default: the run's, or the one that the file says or θ fits).",
      valueName: "name"))
  var environment: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "An MJCF file in place of the run's or the built-in model.", valueName: "path"))
  var model: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Threads. Results do not depend on it.", valueName: "n"),
    transform: wholeNumber)
  var threads: Int?

  @OptionGroup(title: "Pictures") var pictures: PictureFlags

  @OptionGroup(title: "Numbers") var numbers: NumbersFlags

  func run() throws {
    let selection = try iterations.selection()
    let seed = try seed.map { seed in
      guard let exact = UInt32(exactly: seed) else {
        throw SettingsError("--seed is \(seed): it must be between 0 and \(UInt32.max)")
      }
      return exact
    }
    let engine = try numbers.engine.engine
    let numbers = try numbers.mode()
    let films = try pictures.mode(isForbidden: numbers != nil)
    let window = try pictures.window()
    let policies = try SavedPolicies(
      path: path, environment: environment, model: model, threads: threads,
      physics: engine)
    tell(notes: policies.notes)
    let chosen = try policies.iterations(matching: selection)
    if let numbers {
      try numbers.run(policies, at: chosen, seed: seed)
    } else if let films {
      Interrupt.installForTidyEnd()
      tell(try write(films, policies, at: chosen, seed: seed))
    } else {
      let movesOn = iterations.iterations != nil
      try window.run(policies, at: chosen, movesOn: movesOn, seed: seed) { saved in
        switch saved {
        case .success(let path): tell(path)
        case .failure(let error): tellError("\(error)")
        }
      }
    }
  }

  /// Writes a film, showing how far it is.
  private func write(
    _ films: ReplayPictures, _ policies: SavedPolicies, at iterations: [Int], seed: UInt32?
  ) throws -> String {
    let progress = ProgressLine(elsewhere: .never)
    defer { progress.finish() }
    do {
      return try films.write(
        policies, at: iterations, seed: seed, isCancelled: { Interrupt.wasRequested },
        progress: { place in progress.show { _ in place } })
    } catch is CancellationError {
      throw Interrupt.Requested()
    }
  }
}
