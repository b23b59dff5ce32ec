import Foundation
import Parameters

/// The reference's folder of a run that did not end: one θ a file, `theta0`, `theta1`, and so on.
struct ThetaFolder: ThetaRows {
  let path: String
  let format = ThetaFormat.flax
  let layout: ParameterLayout
  let rowCount: Int
  private static let stem = "theta"

  /// Counts the files and opens the first one.
  init(path: String) throws(RecordError) {
    self.path = path
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw RecordError(.noInput, path, "the folder cannot be listed: change its permissions")
    }
    var numbers = Set<Int>()
    for name in names where name.hasPrefix(Self.stem) {
      let digits = name.dropFirst(Self.stem.count)
      guard digits.contains(where: \.isNumber),
        digits.allSatisfy({ $0.isNumber || "+-".contains($0) })
      else { continue }
      guard let number = Int(digits), number >= 0, name == "\(Self.stem)\(number)" else {
        throw RecordError(
          .dataError, path,
          "has \(quoted(name)), which is no iteration's θ (theta0, theta1, …): give one of the files"
        )
      }
      numbers.insert(number)
    }
    guard let last = numbers.max() else {
      let known = [ThetaFormat.safetensors, .flax].map { $0.fileName() }.joined(separator: ", ")
      throw RecordError(
        .noInput, path, "holds no θ: a run folder has \(known) or theta0, theta1, …")
    }
    rowCount = numbers.count
    guard last == rowCount - 1 else {
      let missing = (0..<last).first { !numbers.contains($0) } ?? 0
      throw RecordError(
        .dataError, path, "has no theta\(missing), but theta\(last): give one of the files")
    }
    layout = try Self.single("\(path)/theta0").layout
  }

  func theta(at row: Int) throws(RecordError) -> [Float] {
    try check(row)
    let file = try Self.single("\(path)/theta\(row)")
    guard file.layout == layout else {
      throw RecordError(
        .dataError, file.path,
        "holds \(file.layout.summary), but theta0 \(layout.summary)")
    }
    return try file.theta(at: 0)
  }

  private static func single(_ path: String) throws(RecordError) -> LoadedTheta {
    let file = try FlaxReader.read(.reading(path))
    guard file.rowCount == 1 else {
      throw RecordError(
        .dataError, path, "holds \(file.rowCount) iterations where one was expected")
    }
    return file
  }
}
