import Foundation
import Records
import TestSupport
import Testing

struct RunSummaryTests {
  static let hyperparameters = [
    Hyperparameter("sigma", .number(0.3)), Hyperparameter("seed", .number(0)),
    Hyperparameter("K", .number(nil)), Hyperparameter("normalize", .truth(true)),
    Hyperparameter("average", .truth(false)), Hyperparameter("center", .truth(nil)),
    Hyperparameter("environment", .text("Läufer | \"v4\"")), Hyperparameter("model", .text(nil)),
  ]

  @Test("TensorBoard reads hyperparameters and a text, right after the version")
  func readBack() throws {
    let folder = try TemporaryFolder()
    let writer = try EventFileWriter(folder: folder.path)
    let markdown = "| a | b |\n|---|---|\n| é | 1 |"
    try writer.describe(
      Self.hyperparameters, metric: "test/score", text: ("settings", markdown), wallTime: 3)
    try writer.scalars([("test/score", 1)], step: 7, wallTime: 4)
    try writer.flush()

    let read = try TensorBoard(folder: folder.path)
    #expect(
      read.columns == [
        "sigma": "DATA_TYPE_FLOAT64", "seed": "DATA_TYPE_FLOAT64", "K": "DATA_TYPE_FLOAT64",
        "normalize": "DATA_TYPE_BOOL", "average": "DATA_TYPE_BOOL", "center": "DATA_TYPE_BOOL",
        "environment": "DATA_TYPE_STRING", "model": "DATA_TYPE_STRING",
      ])
    #expect(read.metrics == ["test/score"])
    #expect(
      read.row == [
        "sigma": "number_value 0.3", "seed": "number_value 0.0", "normalize": "bool_value True",
        "average": "bool_value False", "environment": "string_value Läufer | \"v4\"",
      ])
    #expect(read.texts == ["settings": ["0 " + markdown]])
    #expect(
      read.described == ["_hparams_/experiment", "_hparams_/session_start_info", "settings"])
  }

  @Test("a row is in order of names: the same run has the same record")
  func order() throws {
    let folder = try TemporaryFolder()
    let writer = try EventFileWriter(folder: folder.path)
    let names = (10..<30).map { "setting \($0)" }
    try writer.describe(
      names.reversed().map { Hyperparameter($0, .truth(true)) }, metric: "m", text: ("t", "x"),
      wallTime: 2)
    try writer.flush()
    // Columns, in the order they are given in, are before it.
    let bytes = try Data(contentsOf: URL(filePath: writer.path))
    let places = try names.map {
      try #require(bytes.range(of: Data($0.utf8), options: .backwards)).lowerBound
    }
    #expect(places == places.sorted())
  }
}
