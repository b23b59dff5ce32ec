/// Every optimizer a specification can name.
package enum OptimizerCatalogue {
  package static let all: [any Optimizer.Type] = [SGD.self, SGDM.self, Adam.self]

  /// The optimizer called `name`, in upper or lower case.
  package static func type(named name: String) -> (any Optimizer.Type)? {
    all.first { $0.id == name.uppercased() }
  }
}
