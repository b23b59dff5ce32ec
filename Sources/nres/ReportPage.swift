import Foundation
import Trainer

/// A report as a page that needs nothing but itself.
struct ReportPage {
  private let title: String
  private let content: HTML

  /// - Parameter study: Draws pictures, and says what it could not.
  init(_ tasks: [ReportTask], title: String?, study: inout ReportStudy) throws {
    self.title =
      title ?? (tasks.count == 1 ? tasks[0].summary : tasks.map(\.subject).joined(separator: ", "))
    guard tasks.count > 1 else {
      content = HTML(try Self.parts(of: tasks[0], level: 2, &study))
      return
    }
    let links = tasks.enumerated().map { index, task -> HTML in
      "<li><a href=\"#task-\(index + 1)\">\(task.subject)</a></li>"
    }
    var parts: [HTML] = ["<nav aria-label=\"Tasks\"><ul>\(links)</ul></nav>"]
    for (index, task) in tasks.enumerated() {
      let inner = try Self.parts(of: task, level: 3, &study)
      parts.append(
        "<section id=\"task-\(index + 1)\">\n<h2>\(task.subject)</h2>\n\(inner)\n</section>")
    }
    content = HTML(parts)
  }

  /// What there is to say of a task, each part under a heading of `level`.
  private static func parts(
    of task: ReportTask, level: Int, _ study: inout ReportStudy
  ) throws -> [HTML] {
    func part(_ title: String, _ content: HTML, isMoving: Bool = false) -> HTML {
      let kind: HTML = isMoving ? " class=\"moving\"" : ""
      return "<section\(kind)>\n<h\(level)>\(title)</h\(level)>\n\(content)\n</section>"
    }
    return [
      part("What ran", task.facts),
      part("Learning curves", try ReportFigures.curves(of: task)),
      part("Results", task.results),
      try study.clips(of: task).map { part("How the best policies move", $0, isMoving: true) },
      try study.innerCurves(of: task).map { part("A network’s training", $0) },
      try ReportFigures.theta(of: task).map { part("θ", $0) },
      part("Settings", task.settings),
      part("To repeat it", task.commands),
    ].compactMap { $0 }
  }

  var markup: String {
    let now = Date().formatted(.iso8601)
    let page: HTML = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="generator" content="nres \(programVersion)">
      <title>\(title)</title>
      <style>\(ReportStyle.sheet)</style>
      </head>
      <body>
      <header>
      <h1>\(title)</h1>
      </header>
      <main>
      \(content)
      </main>
      <footer>
      <p>Made by nres \(programVersion), \(Self.time(now)).</p>
      </footer>
      </body>
      </html>

      """
    return page.markup
  }

  /// A time as ISO 8601 has it, for people.
  static func time(_ text: String) -> HTML {
    guard (try? Date(text, strategy: .iso8601)) != nil else { return "\(text)" }
    let words = text.replacing("T", with: " ").replacing("Z", with: " UTC")
    return "<time datetime=\"\(text)\">\(words)</time>"
  }

  /// A table that scrolls within itself where it is wider than the page.
  ///
  /// - Parameters:
  ///   - numbers: The columns whose cells are numbers.
  ///   - rows: The first cell of each names it.
  static func table(
    _ caption: String, _ titles: [String], numbers: Set<Int> = [], _ rows: [[HTML]]
  ) -> HTML {
    func kind(_ column: Int) -> HTML { numbers.contains(column) ? " class=\"number\"" : "" }
    let head = titles.enumerated().map { column, title -> HTML in
      "<th scope=\"col\"\(kind(column))>\(title)</th>"
    }
    let body = rows.map { row -> HTML in
      let cells = row.enumerated().map { column, cell -> HTML in
        column == 0
          ? "<th scope=\"row\">\(cell)</th>" : "<td\(kind(column))>\(cell)</td>"
      }
      return "<tr>\(cells)</tr>"
    }
    return """
      <p class="quiet caption">\(caption)</p>
      <div class="wide" role="region" aria-label="\(caption)" tabindex="0">
      <table>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(body)
      </tbody>
      </table>
      </div>
      """
  }
}
