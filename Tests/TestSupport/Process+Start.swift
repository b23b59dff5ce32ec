public import Foundation

extension Process {
  /// Runs the process with no signal blocked. The threads of tests block them, and a child
  /// inherits that.
  public func start() throws {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_UNBLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try run()
  }
}
