import Synchronization

/// A value that is computed when it is first asked for, once, on whichever thread asks.
public final class Deferred<Value: Sendable>: Sendable {
  private enum State {
    case waiting(@Sendable () -> Value)
    case ready(Value)
  }

  private let state: Mutex<State>

  /// - Parameter make: Computes the value; other threads that ask meanwhile wait.
  public init(_ make: @escaping @Sendable () -> Value) { state = Mutex(.waiting(make)) }

  /// A value that is there already.
  public init(ready value: Value) { state = Mutex(.ready(value)) }

  public var value: Value {
    state.withLock { state in
      switch state {
      case .ready(let value): return value
      case .waiting(let make):
        let value = make()
        state = .ready(value)
        return value
      }
    }
  }
}
