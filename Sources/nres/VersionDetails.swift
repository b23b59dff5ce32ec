import Envs
import Tasks
import Trainer

/// What `nres --version --verbose` says: what a report of a fault should hold.
enum VersionDetails {
  static let arguments: Set = ["--version", "--verbose"]

  static var text: String {
    """
    nres \(programVersion)
    MuJoCo \(MuJoCo.version)
    processor \(Processor.generation)
    Swift \(compiler)
    """
  }

  /// The compiler's version tells itself by comparison only.
  private static var compiler: String {
    #if compiler(>=6.5)
      "6.5 or later"
    #elseif compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }
}
