import Foundation
import Records

/// Rows of texts below titles.
struct Table {
  /// What it is written for.
  enum Format: String, CaseIterable {
    case text
    case csv
    case markdown
    case latex
  }

  var titles: [String]
  var rows: [[String]]

  func lines(as format: Format = .text) -> [String] {
    let all = [titles] + rows
    switch format {
    case .text: return textTable(all)
    case .csv: return all.map { $0.map(csvField).joined(separator: ",") }
    case .markdown:
      let lines = all.map { row in
        "| " + row.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
      }
      return [lines[0], "|" + titles.map { _ in "---|" }.joined()] + lines.dropFirst()
    case .latex:
      let lines = all.map { $0.map(Self.latexText).joined(separator: " & ") + " \\\\" }
      return [
        "\\begin{tabular}{\(titles.map { _ in "l" }.joined())}", "\\hline", lines[0], "\\hline",
      ]
        + lines.dropFirst() + ["\\hline", "\\end{tabular}"]
    }
  }

  /// What means something else to LaTeX, and the letters that its usual fonts have only in formulas.
  private static let latexNames: [Character: String] = [
    "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
    "&": "\\&", "%": "\\%", "$": "\\$", "#": "\\#", "_": "\\_", "{": "\\{", "}": "\\}",
    "[": "{[}", "σ": "$\\sigma$", "∞": "$\\infty$", "±": "$\\pm$", "−": "$-$", "|": "$|$",
    "<": "$<$", ">": "$>$",
  ]

  private static func latexText(_ text: String) -> String {
    text.map { latexNames[$0] ?? String($0) }.joined()
  }
}

/// Columns beside each other, as lines.
func textTable(_ rows: [[String]]) -> [String] {
  let widths = (rows.first ?? []).indices.map { column in
    rows.reduce(0) { max($0, $1[column].count) }
  }
  return rows.map { row in
    let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
    let line = cells.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}
