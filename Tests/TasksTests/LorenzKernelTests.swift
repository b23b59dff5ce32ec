import Differentiation
import Parameters
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// Lorenz's kernels against its own transition, step by step, bit for bit.
struct LorenzKernelTests {
  /// Lorenz without its kernels.
  private struct Stepwise: DynamicalSystem {
    var base: Lorenz

    var name: String { base.name }
    var horizon: Int { base.horizon }
    var layout: ParameterLayout { base.layout }
    var valueCount: Int { base.valueCount }

    func initialParameters(key: PRNGKey) -> [Float] { base.initialParameters(key: key) }
    func initialValues(key: PRNGKey) -> [Float] { base.initialValues(key: key) }
    func prepare<T: DifferentiableNumber>(_ theta: Span<T>, into coefficients: inout MutableSpan<T>)
    {
      base.prepare(theta, into: &coefficients)
    }
    func advance<T: DifferentiableNumber>(_ values: inout MutableSpan<T>, coefficients: Span<T>) {
      base.advance(&values, coefficients: coefficients)
    }
    func loss<T: DifferentiableNumber>(_ values: Span<T>) -> T { base.loss(values) }
    func pullBack<T: DifferentiableNumber>(
      from before: Span<T>, to after: Span<T>, coefficients: Span<T>, lossAdjoint: T,
      adjoints: inout MutableSpan<T>, coefficientAdjoints: inout MutableSpan<T>, tape: Tape<T>
    ) {
      base.pullBack(
        from: before, to: after, coefficients: coefficients, lossAdjoint: lossAdjoint,
        adjoints: &adjoints, coefficientAdjoints: &coefficientAdjoints, tape: tape)
    }
  }

  private let system = Lorenz(start: .gaussian)
  private let theta: [Float] = [3.116, 3.7]

  private func states(_ count: Int) -> [DynamicalState] {
    PRNGKey(seed: UInt64(count)).split(count).map { key in
      // Twins apart, so that everything that they share is seen.
      DynamicalState(
        values: Array(system.initialValues(key: key).prefix(3) + key.split().1.normal(3)), step: 0)
    }
  }

  private func thetas(_ count: Int) -> [[Float]] {
    (0..<count).map { [3.116 + 0.02 * Float($0), 3.7 - 0.01 * Float($0)] }
  }

  /// What a task's operations leave behind, as bits.
  private func run<Task: DifferentiableTask<DynamicalState>>(
    _ task: Task, _ count: Int, _ steps: Int
  ) throws -> [[UInt32]] {
    let keys = StepKeys(shared: [], particleCount: count)
    let particles = Array(0..<count)
    var scratch = try task.makeScratch()
    var results: [[Float]] = []
    let rows = [Float](repeating: 0, count: steps * Task.blockSize)

    var states = states(count)
    var losses = rows
    try task.unroll(
      &states, thetas: thetas(count), steps: steps, keys: keys, particles: particles,
      losses: &losses, in: &scratch)
    results += [losses] + states.map(\.values)

    states = self.states(count)
    losses = rows
    var gradients = [Float](repeating: 1, count: 2 * count)
    try task.pullBack(
      &states, theta: theta, steps: steps, keys: keys, particles: particles, losses: &losses,
      gradients: &gradients, in: &scratch)
    results += [losses, gradients] + states.map(\.values)

    states = self.states(count)
    losses = rows
    var lossTangents = rows
    var tangents = PRNGKey(seed: 3).normal(6 * count)
    try task.pushForward(
      &states, tangents: &tangents, theta: theta, directions: PRNGKey(seed: 4).normal(2 * count),
      steps: steps, keys: keys, particles: particles, losses: &losses,
      lossTangents: &lossTangents, in: &scratch)
    results += [losses, lossTangents, tangents] + states.map(\.values)
    return results.map { $0.map(\.bitPattern) }
  }

  @Test(arguments: 1...16, [1, 2, 57])
  func blocks(_ count: Int, _ steps: Int) throws {
    let expected = try run(Stepwise(base: system), count, steps)
    #expect(try run(system, count, steps) == expected)
  }

  /// Each of a block's particles has the bits that it has alone.
  @Test func lanesAreIndependent() throws {
    let keys = StepKeys(shared: [], particleCount: 16)
    var scratch = system.makeScratch()
    let rows = [Float](repeating: 0, count: 100 * Lorenz.blockSize)
    var together = states(16)
    var losses = rows
    system.unroll(
      &together, thetas: thetas(16), steps: 100, keys: keys, particles: Array(0..<16),
      losses: &losses, in: &scratch)
    for lane in 0..<16 {
      var alone = [states(16)[lane]]
      var own = rows
      system.unroll(
        &alone, thetas: [thetas(16)[lane]], steps: 100, keys: keys, particles: [lane],
        losses: &own, in: &scratch)
      #expect(alone == [together[lane]])
      #expect((0..<100).allSatisfy { own[16 * $0] == losses[16 * $0 + lane] })
    }
  }

  @Test(arguments: Array(1...70), [1, 40])
  func evaluations(_ particles: Int, _ horizon: Int) throws {
    let system = Lorenz(horizon: horizon, start: .gaussian)
    let key = PRNGKey(seed: 5)
    let stepwise = try Stepwise(base: system).episodeLosses(
      theta: theta, key: key, sigma: 0.04, noisePeriod: 7, particles: particles,
      pool: WorkerPool(threadCount: 1))
    let kernel = try system.episodeLosses(
      theta: theta, key: key, sigma: 0.04, noisePeriod: 7, particles: particles,
      pool: WorkerPool(threadCount: 3))
    #expect(kernel == stepwise)
    #expect(kernel.count == particles)
  }
}
