import Dispatch
import Randomness
import Synchronization
import Testing
import Unrolls

struct DeferredTests {
  @Test func computedOnceAndWhenAskedFor() {
    let calls = Counter()
    let value = Deferred {
      calls.add()
      return [1, 2, 3]
    }
    #expect(calls.count == 0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      #expect(value.value == [1, 2, 3])
    }
    #expect(calls.count == 1)
    #expect(Deferred(ready: 7).value == 7)
  }

  /// Keys of steps are rows of splits, wherever one begins to count.
  @Test func keysOfStepsAreRows() {
    let shared = PRNGKey(seed: 3).split(5)
    let keys = StepKeys(shared: Deferred { shared }, particleCount: 4)
    let given = StepKeys(shared: shared, from: 1, particleCount: 4)
    for step in 0..<4 {
      let expected = shared[step + 1].split(4, at: 2)
      #expect(keys.dropping(1).key(step: step, particle: 2).derive() == expected)
      #expect(given.key(step: step, particle: 2).derive() == expected)
    }
  }

  private final class Counter: Sendable {
    private let calls = Atomic(0)
    func add() { calls.add(1, ordering: .relaxed) }
    var count: Int { calls.load(ordering: .relaxed) }
  }
}
