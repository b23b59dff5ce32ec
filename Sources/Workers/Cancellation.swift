/// Asks whether work is to end before it is done.
///
/// What takes long asks between pieces that take less than a second, and passes the error on. Results
/// that are not thrown away never depend on it.
public struct Cancellation: Sendable {
  @usableFromInline let isRequested: (@Sendable () -> Bool)?

  /// Of work that always runs to its end.
  public static let never = Cancellation(nil)

  private init(_ isRequested: (@Sendable () -> Bool)?) { self.isRequested = isRequested }

  /// - Parameter isRequested: Asked often, from many threads.
  public init(_ isRequested: @escaping @Sendable () -> Bool) { self.isRequested = isRequested }

  /// - Throws: `CancellationError` where the work is to end.
  @inlinable
  public func check() throws { if isRequested?() == true { throw CancellationError() } }
}
