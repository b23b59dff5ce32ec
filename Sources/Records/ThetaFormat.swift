/// The formats that θ is read and written in.
package enum ThetaFormat: String, CaseIterable, Sendable {
  /// MessagePack as `flax.serialization` has it: the reference's checkpoints.
  case flax
  /// NumPy's archive of arrays.
  case npz
  /// A run's own format.
  case safetensors
  /// A line an iteration, a column a value.
  case csv

  /// The name that a file of all iterations, or of one, usually has: the reference's for flax.
  package func fileName(iteration: Int? = nil) -> String {
    let stem = iteration.map { "theta\($0)" } ?? "theta_trajectory"
    return switch self {
    case .flax: iteration == nil ? stem + "0" : stem
    default: stem + "." + rawValue
    }
  }

  /// Files larger than this are not read into memory, in bytes.
  static let largestFile = 1 << 30
  /// More leaves than this are not believed.
  static let mostLeaves = 10_000
  /// More axes than this are not believed; NumPy takes as many.
  static let mostAxes = 32
}
