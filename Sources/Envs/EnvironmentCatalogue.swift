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

  /// The environment called `name`, capital or small letters.
  ///
  /// - Throws: `UnknownName` with the nearest name and the list.
  public static func named(_ name: String) throws -> any Environment {
    try all.named(name, kind: "environment") { $0.spec.id }
  }
}
