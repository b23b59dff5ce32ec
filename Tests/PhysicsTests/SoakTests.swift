import Foundation
import Physics
import Testing

/// Lanes beside `mj_step` over all models and all ways to drive them, for as long as wanted:
/// `scripts/soak-physics`.
@Suite(.serialized) struct SoakTests {
  private static func number(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment["NRES_SOAK_\(name)"].flatMap { Int($0) }
  }
  private static let isLong = number("STEPS") != nil || number("SECONDS") != nil

  @Test(arguments: isLong ? Body.allCases : Body.features)
  func lanesHaveTheBitsOfMuJoCo(_ body: Body) throws {
    let (isLong, number) = (Self.isLong, Self.number)
    let steps = number("STEPS") ?? (isLong ? .max : Excitement.kinds * 4)
    let end = ContinuousClock.now + .seconds(number("SECONDS") ?? 1_000_000_000)
    var soak = try Soak(body, firstSeed: number("SEED") ?? 0)
    while soak.steps < steps, ContinuousClock.now < end {
      // A long one stays long enough with each start to fall, land and rest.
      soak.run(length: isLong ? 300 : 4)
    }
    if isLong { print(soak.summary) }
    #expect(soak.differences == 0, "\(soak.first ?? "")")
    #expect(soak.fallbacks < soak.steps / 100)
    #expect(soak.constrained > soak.steps / 100)
  }
}
