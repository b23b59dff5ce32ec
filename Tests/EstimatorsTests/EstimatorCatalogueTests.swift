import Estimators
import Foundation
import Settings
import TestSupport
import Testing

struct EstimatorCatalogueTests {
  /// An estimator's file declares its name as `enum Name: EstimatorAlgorithm`, or `DifferentiatingAlgorithm`.
  @Test func everyEstimatorFileIsListed() throws {
    let folder = Golden.folder.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/Estimators")
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    let declared = try files.flatMap {
      try String(contentsOf: $0, encoding: .utf8)
        .matches(
          of: /(?:enum|struct|class)\s+(\w+)\s*:[^{]*\b(?:Differentiating|Estimator)Algorithm\s*\{/
        )
        .map { String($0.1) }
    }
    #expect(declared.sorted() == EstimatorCatalogue.all.map { String(describing: $0) }.sorted())
    #expect(declared.count >= 17)
  }

  @Test func familiesArePartsOfTheCatalogue() {
    #expect(EstimatorCatalogue.differentiating.count >= 9)
    #expect(EstimatorCatalogue.differentiating.allSatisfy { !$0.smoothsObjective })
    #expect(EstimatorCatalogue.perturbing.allSatisfy { $0.smoothsObjective })
  }

  @Test func namesAndSummariesDiffer() {
    let all = EstimatorCatalogue.all
    #expect(Set(all.map { $0.id.lowercased() }).count == all.count)
    #expect(Set(all.map { $0.summary }).count == all.count)
    #expect(all.allSatisfy { !$0.summary.isEmpty && !$0.summary.contains("\n") })
  }

  @Test(arguments: EstimatorCatalogue.all.map { $0.id })
  func aNameFindsItsEstimator(_ name: String) throws {
    #expect(try EstimatorCatalogue.named(name).id == name)
    #expect(try EstimatorCatalogue.named(name.lowercased()).id == name)
    #expect(try EstimatorCatalogue.named(name.uppercased()).id == name)
  }

  @Test func anUnknownNameMeetsTheNearest() {
    let error = #expect(throws: UnknownName.self) {
      try EstimatorCatalogue.named("TruncatedNRS")
    }
    #expect(error?.nearest == "TruncatedNRES")
    #expect(error?.description.contains("unknown gradient estimator 'TruncatedNRS'") == true)
    #expect(error?.choices == EstimatorCatalogue.all.map { $0.id })
  }
}
