/// A setting as TensorBoard's tables have it.
package struct Hyperparameter: Hashable, Sendable {
  /// What it is; nil where a run leaves it out.
  package enum Value: Hashable, Sendable {
    case number(Double?)
    case truth(Bool?)
    case text(String?)
  }

  package let name: String
  package let value: Value

  package init(_ name: String, _ value: Value) {
    (self.name, self.value) = (name, value)
  }
}
