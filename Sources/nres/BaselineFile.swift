import Foundation
import Records
import Trainer

/// What `nres baselines --json` printed, kept in a file.
struct BaselineFile {
  private let measured: [OptimizerBaseline]

  /// - Throws: `RecordError` where it is another file, or none.
  init(path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw RecordError(.noInput, path, "cannot be read: give what `nres baselines --json` printed")
    }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .byName
    guard let read = try? decoder.decode([OptimizerBaseline].self, from: data) else {
      throw RecordError(.dataError, path, "is not what `nres baselines --json` prints")
    }
    measured = read
  }

  /// Each optimizer's best, in the order measured.
  var bests: [OptimizerBaseline] { OptimizerBaseline.bests(of: measured) }
}

extension OptimizerBaseline {
  /// "Adam, rate 0.003"
  var text: String { "\(optimizer), rate \(String(format: "%g", rate))" }
}
