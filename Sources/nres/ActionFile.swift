import Foundation
import Records

/// Reads actions: one step a line, `width` finite numbers between commas; empty lines are skipped.
func readActions(_ path: String, width: Int) throws -> [[Double]] {
  guard let data = FileManager.default.contents(atPath: path) else {
    throw RecordError(.noInput, path, "cannot be read: give a CSV file of actions")
  }
  var actions: [[Double]] = []
  let lines = String(decoding: data, as: UTF8.self)
    .split(separator: "\n", omittingEmptySubsequences: false)
  for (number, line) in lines.enumerated() {
    let text = line.trimmingCharacters(in: .whitespacesAndNewlines)
    if text.isEmpty { continue }
    let fields = text.split(separator: ",", omittingEmptySubsequences: false)
    let values = fields.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
    guard values.count == fields.count, values.allSatisfy(\.isFinite), values.count == width
    else {
      throw RecordError(
        .dataError, path, "line \(number + 1) must be \(width) numbers between commas")
    }
    actions.append(values)
  }
  guard !actions.isEmpty else {
    throw RecordError(.dataError, path, "has no actions: write one step a line")
  }
  return actions
}
