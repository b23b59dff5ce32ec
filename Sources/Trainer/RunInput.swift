import Datasets
import Envs
import Foundation
import Records

/// Something that a run reads besides its settings, as `config.json` notes it.
package struct RunInput: Codable, Hashable, Sendable {
  /// The run's copies, by their places in its folder, the main one first; nil where there are none.
  package var files: [String]?
  /// CRC-32 of the content, that of several files one after the other: eight hexadecimal digits.
  package var crc32: String

  init(files: [String]? = nil, crc32: String) {
    (self.files, self.crc32) = (files, crc32)
  }

  /// A model that is not copied.
  init(of model: ModelFiles) {
    var checksum = Checksum()
    for (_, content) in model.copies { content.withUnsafeBytes { checksum.add($0) } }
    self.init(crc32: checksum.text)
  }

  /// What numbers in memory are.
  init(of numbers: [Float]) {
    var checksum = Checksum()
    numbers.withUnsafeBytes { checksum.add($0) }
    self.init(crc32: checksum.text)
  }
}

extension RunFolder {
  /// What `config.json` notes of what the run read; nothing in runs from before it did.
  package var inputs: [String: RunInput] { (try? configuration())?.inputs ?? [:] }

  /// The folder of the model and what it is made of.
  static let modelName = "model"

  /// Copies the model at `path` with all it is made of.
  ///
  /// - Parameter files: What is made is added.
  /// - Returns: The copy's main file, and what to note about it.
  func keepModel(_ path: String, files: inout [String]) throws -> (path: String, input: RunInput) {
    guard let kept = try keep(ModelFiles(path), files: &files) else {
      throw EnvironmentError.missingModel(file: path)
    }
    return kept
  }

  /// Copies the robot's file at `path` with its model and all that is made of; otherwise the same.
  func keepRobot(_ path: String, files: inout [String]) throws -> (path: String, input: RunInput) {
    guard let kept = try keep(ModelFiles(of: Robot(path: path)), files: &files) else {
      throw EnvironmentError.missingRobot(file: path)
    }
    return kept
  }

  private func keep(
    _ model: ModelFiles, files: inout [String]
  ) throws -> (path: String, input: RunInput)? {
    var checksum = Checksum()
    var names: [String] = []
    for (place, content) in model.copies {
      let name = "\(Self.modelName)/\(place)"
      try makeFolders(above: name, files: &files)
      try writeAtomically(Data(content), to: "\(self.path)/\(name)")
      files.append("\(self.path)/\(name)")
      names.append(name)
      content.withUnsafeBytes { checksum.add($0) }
    }
    guard let main = names.first else { return nil }
    return ("\(self.path)/\(main)", RunInput(files: names, crc32: checksum.text))
  }

  private func makeFolders(above name: String, files: inout [String]) throws {
    let parts = name.split(separator: "/").dropLast()
    for end in parts.indices {
      let folder = "\(path)/\(parts[...end].joined(separator: "/"))"
      if mkdir(folder, 0o777) == 0 {
        files.append(folder)
      } else if errno != EEXIST {
        let cause = String(cString: strerror(errno)).lowercased()
        throw RecordError(.cannotCreate, folder, "cannot make the folder (\(cause))")
      }
    }
  }

  /// The main file of the model that the run keeps; nil where it has the built-in one or is from
  /// before models were kept.
  ///
  /// - Throws: `RecordError` where the files are not what the run was trained on.
  ///
  /// - Parameter isChecked: Whether it must be.
  package func keptModel(isChecked: Bool = true) throws -> String? {
    try kept("model", flag: "--model", isChecked)
  }

  /// The robot's file that the run keeps; nil where it has a built-in environment.
  ///
  /// - Throws: The same.
  func keptRobot(isChecked: Bool = true) throws -> String? {
    try kept("robot", flag: "--gym-env-name", isChecked)
  }

  private func kept(_ what: String, flag: String, _ isChecked: Bool) throws -> String? {
    guard let input = inputs[what], let main = input.files?.first else { return nil }
    guard isChecked else { return "\(path)/\(main)" }
    var checksum = Checksum()
    for name in input.files ?? [] {
      guard let content = FileManager.default.contents(atPath: "\(path)/\(name)") else {
        throw RecordError(
          .noInput, "\(path)/\(name)",
          "a part of the run's \(what), cannot be read: give another with \(flag)")
      }
      content.withUnsafeBytes { checksum.add($0) }
    }
    guard checksum.text == input.crc32 else {
      throw RecordError(
        .dataError, "\(path)/\(main)",
        "is not the \(what) that the run was trained on: its CRC-32 is \(checksum.text), "
          + "\(Self.configurationName) has \(input.crc32); to use it, give it with \(flag)")
    }
    return "\(path)/\(main)"
  }

  /// The run's settings with its own copies in place of what it was given.
  ///
  /// - Parameter changes: Settings in place of the run's.
  func settings(
    _ changes: RunSettings = RunSettings(), isModelChecked: Bool = true
  ) throws -> RunSettings {
    try withKeptFiles(
      changes.over(configuration().settings), unless: changes, isChecked: isModelChecked)
  }

  private func withKeptFiles(
    _ settings: RunSettings, unless changes: RunSettings, isChecked: Bool = true
  ) throws -> RunSettings {
    var settings = settings
    if settings["model"] != nil, changes["model"] == nil,
      let model = try keptModel(isChecked: isChecked)
    {
      settings["model"] = model
    }
    if changes["gym-env-name"] == nil, let robot = try keptRobot(isChecked: isChecked) {
      settings["gym-env-name"] = robot
    }
    return settings
  }

  /// `settings`, which are the run's but for `changes`, such that they repeat the run although what it
  /// read has changed.
  func repeating(_ settings: RunSettings, but changes: RunSettings) throws -> RunSettings {
    var settings = try withKeptFiles(settings, unless: changes)
    if settings["rl-model-path"] != nil, changes["rl-model-path"] == nil,
      changes["rl-model-iteration"] == nil, inputs["theta"] != nil,
      try SavedTheta(path: thetaPath).iterations.contains(0)
    {
      settings["rl-model-path"] = thetaPath
      settings["rl-model-iteration"] = "0"
    }
    return settings
  }
}
