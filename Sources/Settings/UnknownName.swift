/// A name that a catalogue does not have, with what the user may have meant.
public struct UnknownName: Error, Hashable, CustomStringConvertible {
  /// What was looked up: `environment`, `gradient estimator`, …
  public let kind: String
  /// The name asked for.
  public let name: String
  /// The names there are.
  public let choices: [String]

  public init(kind: String, name: String, choices: [String]) {
    self.kind = kind
    self.name = name
    self.choices = choices
  }

  /// The choice that is fewest edits away, if that is near enough to be a slip: half its letters
  /// or two, and never all of them.
  public var nearest: String? {
    guard name.utf8.count <= 100 else { return nil }
    let nearest = choices.min { distance(to: $0) < distance(to: $1) }
    return nearest.flatMap {
      distance(to: $0) <= min(max(2, $0.count / 2), $0.count - 1) ? $0 : nil
    }
  }

  public var description: String {
    "unknown \(kind) '\(name)'" + (nearest.map { ", did you mean '\($0)'?" } ?? ";")
      + " choose from: " + choices.joined(separator: ", ")
  }

  private func distance(to choice: String) -> Int {
    editDistance(Array(name.lowercased()), Array(choice.lowercased()))
  }
}

/// Levenshtein's distance: insertions, deletions and replacements that turn `source` into `target`.
func editDistance<Element: Equatable>(_ source: [Element], _ target: [Element]) -> Int {
  var row = Array(0...target.count)
  for (index, element) in source.enumerated() {
    var diagonal = row[0]
    row[0] = index + 1
    for column in target.indices {
      let replacement = diagonal + (element == target[column] ? 0 : 1)
      diagonal = row[column + 1]
      row[column + 1] = min(replacement, row[column] + 1, row[column + 1] + 1)
    }
  }
  return row[target.count]
}
