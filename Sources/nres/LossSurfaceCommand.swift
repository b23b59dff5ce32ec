import ArgumentParser
import Foundation
import Records
import Settings
import Tasks
import Trainer

/// `nres loss-surface`: pictures and tables of a loss over θ.
struct LossSurfaceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "loss-surface",
    abstract: "Draw the loss over θ: where chaos leaves gradients no use, and smoothing helps.",
    discussion: """
      The mean loss of an episode over a grid of a system's two parameters, or along a line from \
      the start of training to the truth; in a folder both, as PNG and as CSV. Episodes of \
      lorenz start at (1.2, 1.3, 1.6), as with --lorenz-single-init of nres train. Losses that are \
      not finite are grey, and outliers have the colour of the scale's end.

      EXAMPLES:
        nres loss-surface lorenz --output surface.png
        nres loss-surface lorenz --output line.svg --line --sigma 0.04
        nres loss-surface lorenz --output folder
      """)

  @Argument(
    help: ArgumentHelp(
      "The system: \(SystemCatalogue.drawable.map { $0.id }.joined(separator: ", ")).",
      valueName: "system"))
  var system: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A .png, .svg, .pdf or .csv file to make or replace, or a new folder for grid and line.",
      valueName: "path"))
  var output: String

  @Flag(help: "Of a file: the loss along the line, not over the grid.")
  var line = false

  @OptionGroup var axes: Flags<LossAxes>

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The grid's points along each axis (default: 200).", valueName: "n"),
    transform: wholeNumber)
  var points: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The line's first θ (default: where training starts, of lorenz 3.116,3.7).",
      valueName: "x,y"))
  var from: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The line's last (default: the truth, of lorenz 2.302585,3.332205).", valueName: "x,y"))
  var to: String?

  @Option(
    name: .customLong("line-points"), parsing: .unconditional,
    help: ArgumentHelp("Points along the line (default: 2000).", valueName: "n"),
    transform: wholeNumber)
  var linePoints: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Smooth the loss with noise of this standard deviation (default: do not).", valueName: "σ"))
  var sigma: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With --sigma, draws of noise to take the mean over (default: 100).", valueName: "n"),
    transform: wholeNumber)
  var samples: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("With --sigma, seed of the noise (default: 0).", valueName: "seed"),
    transform: wholeNumber)
  var seed: Int?

  @Option(
    name: .customLong("horizon-length"), parsing: .unconditional,
    help: ArgumentHelp(
      "T: steps of an episode (default: as in training, of lorenz 2000).", valueName: "t"),
    transform: wholeNumber)
  var horizonLength: Int?

  @OptionGroup var settings: Flags<LossSettings>

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads (default: one for each processor that it may use). Results do not depend on it.",
      valueName: "n"), transform: wholeNumber)
  var threads: Int?

  func run() throws {
    try draw(SystemCatalogue.drawable.named(system, kind: "system") { $0.id })
  }

  private func draw<System: ListedSystem>(_: System.Type) throws {
    guard let map = System.lossMap else { preconditionFailure("a system that is drawn") }
    let output = try kind()
    try refuseUnusedFlags(of: output, map)
    try refuseOthersFlags(System.self, map)
    let progress = ProgressLine()
    let study: LossStudy<System> = try study(map) { line in progress.show { _ in line } }
    let (grid, ends) = (try grid(map), try ends(map))
    let linePoints = try inRange(linePoints ?? 2000, "line-points", 2...1_000_000)
    Interrupt.installForTidyEnd()
    defer { progress.finish() }
    switch (output, line) {
    case (.folder, _):
      try makeFolderAtomically(self.output) { folder in
        try save(study.losses(over: grid), folder + "/surface")
        try save(study.losses(from: ends.from, to: ends.to, count: linePoints), folder + "/line")
      }
    case (.file(let format), true):
      try makeFileAtomically(self.output) { file in
        let losses = try study.losses(from: ends.from, to: ends.to, count: linePoints)
        try writeAtomically(losses.data(as: format), to: file)
      }
    case (.file(let format), false):
      try makeFileAtomically(self.output) { file in
        try writeAtomically(study.losses(over: grid).data(as: format), to: file)
      }
    }
    progress.finish()
    tell("wrote \(self.output)")
  }

  private func save(_ losses: some LossRecord, _ stem: String) throws {
    for format in [LossFormat.png, .csv] {
      try writeAtomically(losses.data(as: format), to: "\(stem).\(format.rawValue)")
    }
  }

  private enum Kind {
    case file(LossFormat)
    case folder
  }

  private func kind() throws -> Kind {
    let name = output.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), !output.hasSuffix("/") else { return .folder }
    let suffix = name[name.index(after: dot)...].lowercased()
    guard let format = LossFormat(rawValue: suffix) else {
      throw SettingsError(
        "--output is '\(output)': the name must end in .png, .svg, .pdf or .csv, or be a folder's "
          + "without a point")
    }
    return .file(format)
  }

  /// A flag that would change nothing is a misunderstanding.
  private func refuseUnusedFlags(of output: Kind, _ map: LossMap) throws {
    func refuse(_ flags: [(name: String, isGiven: Bool)], _ remedy: String) throws {
      guard let flag = flags.first(where: \.isGiven) else { return }
      throw SettingsError("\(flag.name) \(remedy)")
    }
    switch (output, line) {
    case (.folder, true):
      throw SettingsError("--line needs a file as --output: a folder gets grid and line")
    case (.folder, false): break
    case (.file, true):
      try refuse(
        [("--points", points != nil)]
          + map.axisFlags.map { ("--\($0)", axes.given[$0] != nil) },
        "is of the grid: leave it out with --line")
    case (.file, false):
      try refuse(
        [("--from", from != nil), ("--to", to != nil), ("--line-points", linePoints != nil)],
        "is of the line: add --line, or give a folder as --output")
    }
    if sigma == nil {
      try refuse(
        [("--samples", samples != nil), ("--seed", seed != nil)],
        "is of the noise: add --sigma")
    }
  }

  /// Refuses flags of systems that are not drawn.
  private func refuseOthersFlags(_ system: any ListedSystem.Type, _ map: LossMap) throws {
    let own = map.axisFlags + map.settings
    try refuseSettings(
      axes.given.over(settings.given).texts,
      of: SystemCatalogue.drawable.filter { $0 != system }.map { other in
        let flags = other.lossMap.map { $0.axisFlags + $0.settings } ?? []
        return (other.id, flags.filter { !own.contains($0) })
      }, for: system.id, relation: "is a setting of")
  }

  /// The system and how its loss is computed.
  private func study<System: ListedSystem>(
    _ map: LossMap, report: @escaping (String) -> Void
  ) throws -> LossStudy<System> {
    let horizon = try inRange(
      horizonLength ?? System.usualHorizon, "horizon-length", 1...10_000_000)
    let draws = try inRange(samples ?? 100, "samples", 1...1_000_000)
    let seed = try inRange(seed ?? 0, "seed", 0...Int(UInt32.max))
    return try LossStudy(
      System(RunSettings(map.fixed).over(settings.given).group(), horizon: horizon), map,
      smoothing: try sigma.map {
        LossSurface.Smoothing(sigma: Float(try positiveFloat($0, "sigma")), draws: draws)
      },
      seed: seed, threads: threads, report: report)
  }
}
