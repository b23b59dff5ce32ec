import Foundation
public import Parameters
import Records

/// θ of a saved run: a run folder or its `theta_trajectory.safetensors`.
public struct SavedTheta: Sendable {
  public let path: String
  private let file: ThetaTrajectoryFile

  /// Opens the file at `path`, or the one in the folder `path`.
  public init(path: String) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw RecordError(.noInput, path, "no such file or folder: give a run folder or a θ file")
    }
    self.path = isFolder.boolValue ? path + "/" + RunFolder.thetaName : path
    file = try ThetaTrajectoryFile(path: self.path)
  }

  public var layout: ParameterLayout { file.layout }

  /// The iterations whose θ was written: 0 ..< count.
  public var iterations: Range<Int> { 0..<file.rowCount }

  /// θ of `iteration`, which must have the given layout.
  public func theta(at iteration: Int, layout: ParameterLayout) throws -> [Float] {
    guard file.layout == layout else {
      throw RecordError(
        .dataError, path,
        "holds \(describe(file.layout)), but this task needs \(describe(layout)): "
          + "use a run of the same environment and policy")
    }
    return try file.theta(at: iteration)
  }

  private func describe(_ layout: ParameterLayout) -> String {
    layout.leaves.map { "\($0.name)\($0.shape)" }.joined(separator: ", ")
  }
}
