import Records
import Trainer

/// A comparison as tables for a terminal.
struct ComparisonText {
  private let lines: [String]

  var text: String { lines.joined(separator: "\n") }

  init(
    _ rows: [ComparedGroup], _ groups: [ComparedRuns], _ headline: Headline,
    _ score: ComparedRuns.Score
  ) {
    let letters = rows.indices.map { $0 < 26 ? String(UnicodeScalar(UInt8(65 + $0))) : "\($0)" }
    func number(_ value: Double) -> String { decimal(value, headline.decimals) }
    func interval(_ ends: [Double]?, _ text: (Double) -> String) -> String {
      ends.map { " [\(text($0[0])), \(text($0[1]))]" } ?? ""
    }
    func probability(_ value: Double) -> String { decimal(value, 2) }
    let better = headline.isHigherBetter ? "higher" : "lower"
    var lines = ["\(score.rawValue) \(headline.label), \(better) is better", ""]
    lines += textTable(
      [["", "runs", "median", "mean", "IQM", "better than A by", "P(better than A)"]]
        + zip(letters, rows).map { letter, row in
          [
            "\(letter)  \(printable(row.name))", "\(row.runs)", number(row.median),
            number(row.mean) + interval(row.meanInterval, number), number(row.interquartileMean),
            row.improvement.map { number($0) + interval(row.improvementInterval, number) } ?? "",
            row.probabilityOfImprovement.map {
              probability($0) + interval(row.probabilityInterval, probability)
            } ?? "",
          ]
        })
    lines += [""] + Self.seeds(groups, letters, headline, number)
    if let least = rows.map(\.runs).filter({ $0 > 1 }).min(), least < 10 {
      lines += ["", "Intervals of \(least) runs are too narrow: see nres compare --help."]
    }
    let settings = groups.differingSettings()
    if !settings.isEmpty {
      lines += [""]
      lines += textTable(
        [["setting"] + letters]
          + settings.map { setting in
            [setting.name] + setting.values.map { printable($0.joined(separator: ", ")) }
          })
    }
    self.lines = lines
  }

  /// The scores of each seed, with how much better they are than the first group's.
  private static func seeds(
    _ groups: [ComparedRuns], _ letters: [String], _ headline: Headline,
    _ number: (Double) -> String
  ) -> [String] {
    var seeds: [String] = []
    for run in groups.flatMap(\.runs) where !seeds.contains(run.seed) { seeds.append(run.seed) }
    return textTable(
      [["seed (better than A by)"] + letters]
        + seeds.map { seed in
          [seed]
            + groups.enumerated().map { index, group in
              let scores = group.runs.filter { $0.seed == seed }.map(\.score.value)
              let first = groups[0].runs.filter { $0.seed == seed }.map(\.score.value)
              let texts = scores.isEmpty ? "-" : scores.map(number).joined(separator: ", ")
              guard index > 0, scores.count == 1, first.count == 1 else { return texts }
              let better = headline.isHigherBetter ? scores[0] - first[0] : first[0] - scores[0]
              return texts + " (\(better > 0 ? "+" : "")\(number(better)))"
            }
        })
  }
}
