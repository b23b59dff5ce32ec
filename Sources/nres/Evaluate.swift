import ArgumentParser
import Foundation
import Records
import Settings
import Trainer
import Workers

/// `nres evaluate`: the rewards or losses of a saved run's θ, with the keys that training would use.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Evaluate θ of a saved run as training does at that iteration.",
    discussion: """
      Of rl: the rewards of 20 whole episodes. Of lorenz: the mean losses of 10 000 whole episodes. \
      Of lopt: the mean loss of an episode, or of 100 without --lopt-single-sequence-seed.

      EXAMPLES:
        nres evaluate runs/rl/my-hopper --iteration best
        nres evaluate runs/rl/my-hopper --env-option healthy_reward=0 --horizon-length 200
      """)

  @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
  var folder: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Numbers, last and best (highest logged reward, lowest logged test loss) between commas, "
        + "every:n, or all.",
      valueName: "which"))
  var iteration = "last"

  @OptionGroup var changes: Flags<EvaluateSettings>

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let run = try SavedRun(path: folder, changes: changes.given)
    tell(notes: run.notes)
    let iterations = try run.iterations(matching: .several(iteration, flag: "--iteration"))
    for (iteration, keys) in zip(iterations, run.keys(at: iterations)) {
      let scalars = try run.evaluate(iteration, keys: keys)
      let places = run.plan.application.headline.decimals + 1
      try printLine(json ? try encoded(scalars, iteration) : text(scalars, iteration, places))
    }
  }

  private func text(_ scalars: [Scalar], _ iteration: Int, _ places: Int) -> String {
    let values = stride(from: 0, to: scalars.count - 1, by: 2).map {
      let (value, halfWidth) = (scalars[$0].value, scalars[$0 + 1].value)
      return "\(scalars[$0].tag) \(decimal(value, places)) ± \(decimal(halfWidth, places))"
    }
    return (["iteration \(iteration)"] + values).joined(separator: "   ")
  }

  private func encoded(_ scalars: [Scalar], _ iteration: Int) throws -> String {
    var object: [String: Double] = ["iteration": Double(iteration)]
    for scalar in scalars { object[scalar.tag] = scalar.value }
    return try jsonLine(object)
  }
}

/// What a run that is taken up on another machine may need said anew, and what its θ can be tried with.
enum EvaluateSettings: SettingsDeclaring {
  static let declarations =
    RunSettings.declarations.filter {
      $0.role == .place || ["threads", "env-option"].contains($0.name)
    } + horizon + SavedEngineSetting.declarations

  /// T is the run's where nothing is said.
  private static let horizon = RunSettings.declarations.filter { $0.name == "horizon-length" }.map {
    SettingDeclaration(
      name: $0.name, kind: $0.kind, help: "T: steps of an episode (default: the run's).",
      valueName: $0.valueName, role: $0.role)
  }
}

/// Says on standard error what a person should know, a line each.
func tell(notes: [String]) {
  for note in notes { tellError(note) }
}

/// `value` as one line of JSON.
func jsonLine(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .byName
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
