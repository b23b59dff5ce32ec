import Randomness
import Tasks
import TestSupport
import Testing
import Trainer
import Unrolls
import Workers

struct LossSurfaceTests {
  static let key = PRNGKey(seed: 7)

  @Test("losses are those of single episodes, for any number of places and threads")
  func losses() throws {
    let system = Lorenz(horizon: 230)
    let thetas = (0..<37).map { (index: Int) -> [Float] in
      [2 + Float(index) / 40, 3.2 + Float(index % 5) / 10]
    }
    let expected: [Double] = try thetas.map { theta in
      var scratch = system.makeScratch()
      var state = system.start(theta: theta, key: Self.key, at: .beginning, in: &scratch)
      let step = StepKey(shared: Self.key, particle: 0, particleCount: 1)
      var sum = 0.0
      for _ in 0..<230 {
        sum += Double(try system.advance(&state, theta: theta, key: step, in: &scratch).loss)
      }
      return sum / 230
    }
    for threads in [1, 3] {
      var reports: [Int] = []
      let losses = try LossSurface(system, key: Self.key).losses(
        at: thetas, pool: WorkerPool(threadCount: threads)
      ) { reports.append($0) }
      #expect(losses == expected)
      #expect(reports.last == 37)
    }
  }

  @Test("a smoothed loss is the mean over draws that all places share")
  func smoothing() throws {
    let system = Lorenz(horizon: 20)
    let surface = LossSurface(system, key: Self.key)
    let pool = WorkerPool(threadCount: 2)
    let noise = (0..<4).map {
      system.layout.noise(key: Self.key.split3().2.split(4, at: $0), sigma: 0.1)
    }
    let thetas: [[Float]] = [[3, 3.5], [2.5, 3.25]]
    let smoothed = try surface.losses(
      at: thetas, smoothing: .init(sigma: 0.1, draws: 4), pool: pool)
    for (theta, loss) in zip(thetas, smoothed) {
      let perturbed = noise.map { [theta[0] + $0[0], theta[1] + $0[1]] }
      let losses = try surface.losses(at: perturbed, pool: pool)
      let mean = losses.reduce(0, +) / 4
      #expect(abs(loss / mean - 1) < 1e-12)
    }
  }

  @Test("an episode that overflows has no finite loss, beside others that have")
  func notFinite() throws {
    let losses = try LossSurface(Lorenz(horizon: 200), key: Self.key).losses(
      at: [[3, 3.5], [60, 3.5], [3, 3.4]], pool: WorkerPool(threadCount: 1))
    #expect(losses[0].isFinite && !losses[1].isFinite && losses[2].isFinite)
  }

  struct Enough: Error {}

  @Test("what is told of the progress may end it")
  func stops() {
    #expect(throws: Enough.self) {
      try LossSurface(Lorenz(horizon: 10), key: Self.key).losses(
        at: [[3, 3.5]], pool: WorkerPool(threadCount: 1)
      ) { _ in throw Enough() }
    }
  }
}
