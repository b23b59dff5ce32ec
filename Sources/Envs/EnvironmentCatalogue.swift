import Settings

/// All environments. A new one is a line here.
public enum EnvironmentCatalogue {
  public static let all: [any Environment] = [
    Locomotion.swimmer,
    Locomotion.halfCheetah,
    Locomotion.hopper,
    Locomotion.walker2d,
    Locomotion.ant,
    Locomotion.humanoid,
    HumanoidStandup(),
    InvertedPendulum(),
    InvertedDoublePendulum(),
    Reacher(),
    Pusher(),
  ]

  /// The environment called `name`, capital or small letters, or the ``Robot`` that the file at this path
  /// describes where it ends in `.yaml` or `.yml`.
  ///
  /// - Parameter environments: Those to look among.
  /// - Throws: `UnknownName` with the nearest name and the list; ``EnvironmentError`` about a file.
  public static func named(
    _ name: String, among environments: [any Environment] = all
  ) throws -> any Environment {
    if Robot.isFile(name) { return try Robot(path: name) }
    return try environments.named(name, kind: "environment") { $0.spec.id }
  }

  /// What the environment of a name given by a person is called: of a robot's file without its folders.
  package static func id(of name: String) -> String {
    Robot.isFile(name)
      ? Robot.name(of: name)
      : all.first { $0.spec.id.lowercased() == name.lowercased() }?.spec.id ?? name
  }
}
