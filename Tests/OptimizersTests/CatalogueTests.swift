import Foundation
import Optimizers
import Testing

@Suite struct CatalogueTests {
  /// Every type in the sources that is an optimizer can be named in a specification.
  @Test func listsEveryOptimizer() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/Optimizers")
    let files = try FileManager.default.contentsOfDirectory(
      at: sources, includingPropertiesForKeys: nil)
    let declared = try files.flatMap { file in
      try String(contentsOf: file, encoding: .utf8).matches(of: /struct (\w+): Optimizer\b/)
        .map { String($0.output.1) }
    }
    #expect(Set(declared) == Set(OptimizerCatalogue.all.map { String(describing: $0) }))
    #expect(declared.count == OptimizerCatalogue.all.count)
  }

  @Test func identifiersAreUniqueAndFound() {
    let ids = OptimizerCatalogue.all.map { $0.id }
    #expect(Set(ids).count == ids.count && ids.starts(with: ["SGD", "SGDM", "ADAM"]))
    #expect(ids.allSatisfy { $0 == $0.uppercased() })
    for type in OptimizerCatalogue.all {
      let found = OptimizerCatalogue.type(named: type.id.lowercased())
      #expect(found.map(ObjectIdentifier.init) == ObjectIdentifier(type))
    }
    #expect(OptimizerCatalogue.type(named: "SG") == nil)
  }

  @Test(arguments: OptimizerCatalogue.all.map { $0.id })
  func withoutAGradientNothingMoves(id: String) throws {
    var optimizer = try OptimizerSpecification("\(id)||CONSTANT1").makeOptimizer(count: 2)
    var theta: [Float] = [3, -1e-20]
    optimizer.update(&theta, along: [0, 0])
    #expect(theta == [3, -1e-20])
    #expect(optimizer.updates == 1)
  }

  @Test(arguments: OptimizerCatalogue.all.map { $0.id })
  func noParametersAreFine(id: String) throws {
    var optimizer = try OptimizerSpecification("\(id)||CONSTANT1").makeOptimizer(count: 0)
    var theta: [Float] = []
    optimizer.update(&theta, along: [])
    #expect(optimizer.updates == 1 && theta.isEmpty)
  }
}
