import Foundation
import Records
import Statistics
import Trainer

extension ReportTask {
  /// What ran, when and how long.
  var facts: HTML {
    let estimators = unique(groups.map(\.label))
    let states = RunState.allCases.compactMap { state -> String? in
      let count = runs.count { $0.state == state }
      return count == 0 ? nil : "\(count) \(state.rawValue)"
    }
    let versions = unique(
      runs.compactMap { run in
        run.configuration.map { "nres \($0.nres), MuJoCo \($0.mujoco)" }
      })
    let starts = runs.compactMap { $0.configuration?.started }.sorted()
    let seconds = runs.compactMap { $0.status?.wallSeconds }.reduce(0, +)
    var facts: [(String, HTML)] = [
      (
        "Task",
        "\(subject)\(subject == family ? "" : " (\(family))"), judged by \(headline.label)\(better)"
      ),
      (
        groups.count > 1 ? "Estimators and settings" : "Estimator",
        "\(estimators.joined(separator: "; "))"
      ),
      ("Runs", "\(listed(states))\(going)"),
      ("Seeds", "\(listed(unique(runs.map { $0.seed ?? "?" })))"),
    ]
    if let first = starts.first, let last = starts.last {
      let end: HTML = first == last ? "" : " to \(ReportPage.time(last))"
      facts.append(("Started", "\(ReportPage.time(first))\(end)"))
    }
    facts.append(("Worked for", "\(clock(seconds))\(runs.count > 1 ? " in all" : "")"))
    facts.append(("Made by", "\(listed(versions))"))
    let lines = facts.map { name, value -> HTML in "<dt>\(name)</dt><dd>\(value)</dd>" }
    return "<dl>\n\(lines)\n</dl>"
  }

  private var better: String { ", \(headline.isHigherBetter ? "higher" : "lower") is better" }

  private var going: String {
    runs.contains { $0.state.mayBeAlive }
      ? "; of what is going on, the page has what there was by then" : ""
  }

  // MARK: Results

  /// A table of groups where they have several seeds, and one of runs.
  var results: HTML {
    let hasSeeds = groups.contains { $0.runs.count > 1 }
    return HTML((hasSeeds ? [groupTable, intervalNote] : []) + [runTable])
  }

  private var intervalNote: HTML {
    """
    <p class="quiet">Of a group, the median with the first and the third quartile in brackets, and the \
    mean with the 95 % interval that 10 000 bootstrap samples of the seeds give. Of a run, ± is half the \
    95 % interval over the episodes of its evaluation.</p>
    """
  }

  private var groupTable: HTML {
    func cells(_ values: [Double]) -> [HTML] {
      guard !values.isEmpty else { return ["–", "–"] }
      let middle = mean(values)
      let interval = middle.isFinite ? Bootstrap().interval(of: [values]) { mean($0[0]) } : nil
      return [Band.quartiles.summary(of: values), Summary(middle, interval)].map(cell)
    }
    let lines = groups.enumerated().map { index, group -> [HTML] in
      let scores = rows.filter { $0.group == index }.map(\.scores)
      return ["\(group.label)", "\(group.runs.count)"]
        + cells(scores.compactMap(\.last?.value)) + cells(scores.compactMap(\.best?.value))
    }
    return ReportPage.table(
      "Groups of runs that differ in seed alone: \(headline.label)\(better)",
      ["group", "seeds", "last, median", "last, mean", "best, median", "best, mean"],
      numbers: [1, 2, 3, 4, 5], lines)
  }

  private func cell(_ summary: Summary) -> HTML {
    let ends = summary.interval.map { " [\(text($0.lowerBound)), \(text($0.upperBound))]" }
    return "\(text(summary.middle))\(ends ?? "")"
  }

  private var runTable: HTML {
    let hasGroups = groups.count > 1
    func score(_ score: RunScores.Score?) -> HTML {
      guard let score else { return "–" }
      let halfWidth = score.halfWidth.map { " ± \(text($0))" } ?? ""
      return "\(text(score.value))\(halfWidth)"
    }
    let lines = rows.map { row -> [HTML] in
      let run = row.run
      var cells: [HTML] = ["\(run.folder.path)"]
      if hasGroups { cells.append("\(groups[row.group].label)") }
      cells += ["\(run.seed ?? "?")", "\(run.state.rawValue)"]
      cells.append(run.status.map { "\($0.iteration) of \($0.iterations)" } ?? "–")
      cells += [score(row.scores.last), score(row.scores.best)]
      cells.append(row.scores.best.map { "\($0.iteration)" } ?? "–")
      cells.append(run.status.map { "\(thousands($0.envSteps))" } ?? "–")
      cells.append(run.status.map { "\(clock($0.wallSeconds))" } ?? "–")
      return cells
    }
    let titles =
      ["run"] + (hasGroups ? ["group"] : [])
      + [
        "seed", "state", "iterations", "last", "best", "at iteration", "env steps", "time",
      ]
    let first = hasGroups ? 2 : 1
    return ReportPage.table(
      "Runs: \(headline.label)\(better)", titles,
      numbers: [first, first + 2, first + 3, first + 4, first + 5, first + 6, first + 7], lines)
  }

  // MARK: Settings

  /// What differs, and all settings of the first run.
  var settings: HTML {
    let differences = groups.differences
    var parts: [HTML] = []
    if !differences.isEmpty {
      parts.append(
        ReportPage.table(
          "Settings that differ", ["setting"] + groups.map(\.label),
          differences.map { setting in
            ["<code>\(setting.name)</code>"] + setting.values.map { "\($0 ?? "–")" }
          }))
    } else if groups.count == 1, runs.count > 1 {
      parts.append("<p>The runs differ in their seed alone.</p>")
    }
    guard let first = runs[0].configuration?.settings else { return HTML(parts) }
    let own = Set(runs[0].ownSettings.map(\.name))
    let lines = RunSettings.names.compactMap { name -> [HTML]? in
      first[name].map { value in
        [
          own.contains(name) ? "<strong><code>\(name)</code></strong>" : "<code>\(name)</code>",
          "\(value)",
        ]
      }
    }
    parts.append(
      """
      <details>
      <summary>All settings of \(runs[0].folder.path)</summary>
      \(ReportPage.table("Those in bold are not the defaults", ["setting", "value"], lines))
      </details>
      """)
    return HTML(parts)
  }

  /// How each run is repeated, with its configuration to be saved.
  var commands: HTML {
    let lines = runs.map { run -> HTML in
      "nres train \(shellWord(run.folder.configurationPath))"
    }
    let links = runs.compactMap { run -> HTML? in
      FileManager.default.contents(atPath: run.folder.configurationPath).map { data in
        let name = "config-\(subject)-\(run.seed ?? "0").json"
        return """
          <li><a download="\(name)" href="\(data: data, type: "application/json")">\
          \(run.folder.configurationPath)</a></li>
          """
      }
    }
    return """
      <p>The same numbers come again, whatever the number of threads:</p>
      <pre><code>\(lines)</code></pre>
      <details>
      <summary>The configurations, to be saved</summary>
      <ul>
      \(links)
      </ul>
      </details>
      """
  }
}

private func unique(_ texts: [String]) -> [String] {
  texts.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
}

private func listed(_ texts: [String]) -> String { texts.joined(separator: ", ") }

/// A count with narrow spaces between thousands.
private func thousands(_ count: Int) -> String {
  let digits = Array("\(count)")
  return digits.indices.reduce(into: "") { text, index in
    if index > 0, (digits.count - index).isMultiple(of: 3) { text += "\u{202F}" }
    text.append(digits[index])
  }
}
