import ArgumentParser
import Figures
import Foundation
import Records
import Settings
import Trainer
import Workers

/// `nres variance`: the total variance of gradient estimates at one θ.
struct VarianceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "variance",
    abstract: "Measure the variance of gradient estimates at one θ, for estimators and K's.",
    discussion: """
      The total variance of an estimate g is the trace of its covariance matrix, E|g|² − |E g|². A sample \
      is an estimator made anew and burnt in as in training, and the estimates of one episode at a θ that \
      stays as it is; ± is a standard error by the jackknife over samples. Tails are heavy (on lorenz \
      the kurtosis is 13): errors fall slowly, and of few samples they are themselves uncertain and \
      mostly too small. Rows are measured in turn, for a minute if nothing else is said.

      An estimator with a noise period has a row for each K (K = W is PES, K >= T is NRES), another one \
      row. θ is θ₀, or that of a run's iteration. "At equal steps" is the variance times env steps, those \
      of the cheapest estimate being 1. The bias is the distance of the mean from that of FullES, or of \
      FullGradient (BPTT) for what differentiates, with an interval of 95 %; 0 where noise hides it. PES \
      and GPES have one too, since a K below T smooths another function. The cosine is that of one estimate to the mean of the other samples.

      EXAMPLES:
        nres variance lorenz-nres --output variance.svg
        nres variance lorenz-nres --gradient-estimator GPES,TES,FullES --K 100,2000
        nres variance runs/rl/my-hopper --iteration 100 --reference --json
      """)

  @Argument(
    help: ArgumentHelp(
      "A run's folder, a preset such as swimmer-nres, a YAML file, a run's config.json, or "
        + alternatives(ApplicationCatalogue.all.map { $0.family }) + " for flags alone.",
      valueName: "experiment"))
  var experiment: String

  @OptionGroup(title: "What is measured") var measured: MeasuredRows

  @OptionGroup(title: "Task and estimator, as in training") var flags: Flags<VarianceSettings>

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Also draw the variance against K: a .png, .svg or .pdf file to make or replace.",
      valueName: "path"))
  var output: String?

  @Flag(help: "Print JSON, a line for each row.")
  var json = false

  func run() throws {
    if Together.exchange != nil {
      throw SettingsError("variances are measured by one process: start it without mpirun")
    }
    let budget = try measured.budget()
    let format = try output.map { try FigureFormat(output: $0) }
    let subject = try VarianceSubject(
      experiment, iteration: measured.iteration, changes: flags.given)
    let rows = try VarianceRow.rows(
      subject.settings, estimators: measured.estimators, periods: measured.periods,
      addsReferences: measured.hasReferences,
      cancellation: Cancellation { Interrupt.isOverdue })
    let application = try VarianceStudy.application(of: rows)
    tell(notes: try subject.notes(application, rows[0].plan))
    var study = VarianceStudy(
      rows, of: application, theta: try subject.theta(application, rows[0].plan))
    Interrupt.install()
    if let output, let format {
      // A place that cannot be written is found out before the minute.
      try makeFileAtomically(output) { file in
        try measure(&study, budget)
        let figure = VarianceFigure(study, title: title(rows[0], application.name, subject.place))
        try Data(figure.chart.bytes(as: format)).write(to: URL(filePath: file))
      }
    } else {
      try measure(&study, budget)
    }
    try show(study, title(rows[0], application.name, subject.place))
    if let status = Interrupt.status { throw status }
  }

  private func measure(_ study: inout VarianceStudy, _ budget: VarianceStudy.Budget) throws {
    let progress = ProgressLine(elsewhere: .never)
    defer { progress.finish() }
    try study.run(
      budget, shouldStop: { Interrupt.wasRequested },
      report: { study, row, seconds in
        progress.show { _ in Self.line(study, row, budget, seconds) }
      })
    if study.rows.allSatisfy({ $0.moments.count < 2 }) { throw Interrupt.Requested() }
  }

  private static func line(
    _ study: VarianceStudy, _ row: VarianceRow, _ budget: VarianceStudy.Budget, _ seconds: Double
  ) -> String {
    let count = study.rows.reduce(0) { $0 + $1.moments.count }
    let end =
      switch budget {
      case .samples(let each): "sample \(count + 1) of \(each * study.rows.count)"
      case .seconds(let limit): "sample \(count + 1)   \(clock(max(0, limit - seconds))) left"
      }
    return "\(row.title.text)   \(end)"
  }

  /// What the numbers depend on that is the same in all rows.
  private func title(_ row: VarianceRow, _ name: String, _ place: String) -> String {
    let settings = row.plan.settings
    let values = [
      ("T", "horizon-length"), ("W", "trunc-length"), ("N", "num-particles"), ("σ", "sigma"),
    ].compactMap { letter, name in settings[name].map { "\(letter) \($0)" } }
    return ([settings.subject ?? name] + values + [place]).joined(separator: "  ")
  }

  private func show(_ study: VarianceStudy, _ title: String) throws {
    let records = study.rows.filter { $0.moments.count > 0 }.map { VarianceRecord($0, in: study) }
    for row in study.rows where row.nonFiniteCount > 0 {
      tellError(
        "\(row.title.text): \(row.nonFiniteCount) gradient entries were not finite and were taken as 0, "
          + "as in training")
    }
    if json {
      for record in records { try printLine(jsonLine(record)) }
    } else {
      try printLine(VarianceText(records, title: title).text)
    }
    if let output, !json { tell("wrote \(output)") }
  }
}

/// Which rows are measured, where, and for how long.
struct MeasuredRows: ParsableArguments {
  @Option(
    name: .customLong("gradient-estimator"), parsing: .unconditional,
    help: ArgumentHelp(
      "Estimators between commas, NRES, PES, TES, FullES, …: see `nres list` (default: the experiment's).",
      valueName: "names"))
  var estimators: String?

  @Option(
    name: .customLong("K"), parsing: .unconditional,
    help: ArgumentHelp(
      "K's between commas, of estimators whose name decides none (default: W, 4 W, 16 W, … and T; with "
        + "several estimators the experiment's).", valueName: "list"))
  var periods: String?

  @Flag(
    name: .customLong("reference"),
    help: "Measure FullES or FullGradient too, which others have a bias against.")
  var hasReferences = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Of a run: θ of this iteration, a number, last or best (default: best, or last without "
        + "evaluations).", valueName: "i"))
  var iteration: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Measure for so long, all rows together (default: 60).", valueName: "s"))
  var seconds: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Take so many samples of each row instead, which gives the same numbers each time.",
      valueName: "n"), transform: wholeNumber)
  var samples: Int?

  func budget() throws -> VarianceStudy.Budget {
    switch (samples, seconds) {
    case (let samples?, nil):
      guard samples >= VarianceStudy.leastSamples else {
        throw SettingsError(
          "--samples is \(samples): a standard error needs at least \(VarianceStudy.leastSamples)")
      }
      return .samples(samples)
    case (nil, let seconds):
      let seconds = seconds ?? 60
      guard seconds > 0, seconds.isFinite else {
        throw SettingsError("--seconds is \(seconds): it must be positive")
      }
      return .seconds(seconds)
    case (_?, _?):
      throw SettingsError("--samples and --seconds exclude each other: give one of them")
    }
  }
}

/// The settings of a run that its gradient estimates depend on.
enum VarianceSettings: SettingsDeclaring {
  static let declarations: [SettingDeclaration] = {
    let lists = ["gradient-estimator", "K"]
    let others = Set(
      (LoopSettings.declarations + EvaluationSettings.declarations).map(\.name) + lists
    ).subtracting(["init-seed", "remaining-seed", "threads"])
    return RunSettings.declarations.filter { !others.contains($0.name) }
  }()
}
