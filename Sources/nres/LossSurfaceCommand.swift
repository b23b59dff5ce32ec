import ArgumentParser
import Catalogues
import Foundation
import Records
import Tasks
import Trainer
import Viewer

/// `nres loss-surface`: pictures and tables of a loss over θ.
struct LossSurfaceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "loss-surface",
    abstract: "Draw the loss over θ: where chaos leaves gradients no use, and smoothing helps.",
    discussion: """
      The mean loss of an episode over a grid of (log a, log r), or along a line from the start of \
      training to the truth; in a folder both, as pictures and as CSV. Its episodes start at \
      (1.2, 1.3, 1.6), as with --lorenz-single-init of nres train. Losses that are not finite are \
      grey, and outliers have the colour of the scale's end.

      EXAMPLES:
        nres loss-surface lorenz --output surface.png
        nres loss-surface lorenz --output line.png --line --sigma 0.04
        nres loss-surface lorenz --output folder
      """)

  @Argument(help: ArgumentHelp("The system: lorenz.", valueName: "system"))
  var system: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A .png or .csv file to make or replace, or a new folder for all of them.", valueName: "path")
  )
  var output: String

  @Flag(help: "Of a file: the loss along the line, not over the grid.")
  var line = false

  @Option(
    name: .customLong("log-a"), parsing: .unconditional,
    help: ArgumentHelp("The grid's range of log a (default: 1.9,3.5).", valueName: "from,to"))
  var logA: String?

  @Option(
    name: .customLong("log-r"), parsing: .unconditional,
    help: ArgumentHelp("The grid's range of log r (default: 2.9,3.9).", valueName: "from,to"))
  var logR: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The grid's points along each axis (default: 200).", valueName: "n"))
  var points: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The line's first log a and log r (default: 3.116,3.7, where training starts).",
      valueName: "a,r"))
  var from: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The line's last (default: 2.302585,3.332205, the truth).", valueName: "a,r"))
  var to: String?

  @Option(
    name: .customLong("line-points"), parsing: .unconditional,
    help: ArgumentHelp("Points along the line (default: 2000).", valueName: "n"))
  var linePoints: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Smooth the loss with noise of this standard deviation (default: do not).", valueName: "σ"))
  var sigma: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With --sigma, draws of noise to take the mean over (default: 100).", valueName: "n"))
  var samples: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("With --sigma, seed of the noise (default: 0).", valueName: "seed"))
  var seed: Int?

  @Option(
    name: .customLong("horizon-length"), parsing: .unconditional,
    help: ArgumentHelp("T: steps of an episode.", valueName: "t"))
  var horizonLength = Lorenz.paperHorizon

  @Option(
    name: .customLong("lorenz-dt"), parsing: .unconditional,
    help: ArgumentHelp("Seconds of a step.", valueName: "s"))
  var timestep = Lorenz.paperTimestep

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads (default: one a core). Results do not depend on it.", valueName: "n"))
  var threads: Int?

  func run() throws {
    let output = try kind()
    try refuseUnusedFlags(of: output)
    let progress = ProgressLine()
    let study = try study { progress.show($0) }
    let (grid, ends) = (try grid(), try ends())
    let linePoints = try inRange(linePoints ?? 2000, "--line-points", 2...1_000_000)
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
    print("wrote \(self.output)")
  }

  private func save(_ losses: some LossRecord, _ stem: String) throws {
    for format in LossFormat.allCases {
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
        "--output is '\(output)': the name must end in .png or .csv, or be a folder's without a "
          + "point")
    }
    return .file(format)
  }

  /// A flag that would change nothing is a misunderstanding.
  private func refuseUnusedFlags(of output: Kind) throws {
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
        [("--points", points != nil), ("--log-a", logA != nil), ("--log-r", logR != nil)],
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

  private func inRange(_ value: Int, _ flag: String, _ range: ClosedRange<Int>) throws -> Int {
    guard range.contains(value) else {
      throw SettingsError(
        "\(flag) is \(value): it must be between \(range.lowerBound) and \(range.upperBound)")
    }
    return value
  }

  /// The system and how its loss is computed.
  private func study(report: @escaping (String) -> Void) throws -> LossStudy {
    guard system.lowercased() == LorenzApplication.family else {
      throw UnknownName(kind: "system", name: system, choices: [LorenzApplication.family])
    }
    let horizon = try inRange(horizonLength, "--horizon-length", 1...10_000_000)
    let draws = try inRange(samples ?? 100, "--samples", 1...1_000_000)
    let seed = try inRange(seed ?? 0, "--seed", 0...Int(UInt32.max))
    return try LossStudy(
      Lorenz(horizon: horizon, timestep: try positiveFloat(timestep, "lorenz-dt")),
      smoothing: try sigma.map {
        LossSurface.Smoothing(sigma: Float(try positiveFloat($0, "sigma")), draws: draws)
      },
      seed: seed, threads: threads, report: report)
  }

  /// The least length of the grid's ranges: θ is float32, whose numbers below 80 are up to 7.6e-6
  /// apart.
  private static let leastRange = 1e-5

  private func grid() throws -> (xs: [Double], ys: [Double]) {
    let count = try inRange(points ?? 200, "--points", 2...2000)
    func values(_ text: String, _ flag: String) throws -> [Double] {
      guard let (lower, upper) = pair(text), lower < upper else {
        throw SettingsError(
          "\(flag) is '\(text)': give two numbers between -80 and 80, the smaller first, 2,3.5")
      }
      // 3,3.00001 is a little less in binary.
      guard upper - lower >= Self.leastRange * 0.999 else {
        throw SettingsError(
          "\(flag) is '\(text)': θ is float32, give numbers at least 0.00001 apart, 2,3.5")
      }
      return spaced(lower, upper, count: count)
    }
    return (try values(logA ?? "1.9,3.5", "--log-a"), try values(logR ?? "2.9,3.9", "--log-r"))
  }

  private func ends() throws -> (from: Place, to: Place) {
    func place(_ text: String, _ flag: String) throws -> Place {
      guard let (logA, logR) = pair(text) else {
        throw SettingsError(
          "\(flag) is '\(text)': give log a and log r, two numbers between -80 and 80, 3.1,3.7")
      }
      return Place(logA: logA, logR: logR)
    }
    return (
      try from.map { try place($0, "--from") } ?? .start,
      try to.map { try place($0, "--to") } ?? .truth
    )
  }

  /// Two logarithms between a comma, whose exponentials float32 can hold.
  private func pair(_ text: String) -> (Double, Double)? {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { Double($0.trimmingCharacters(in: .whitespaces)) }
    guard numbers.count == 2, let first = numbers[0], let second = numbers[1],
      abs(first) <= 80, abs(second) <= 80
    else { return nil }
    return (first, second)
  }
}
