import Settings
package import Workers

extension WorkerPool {
  /// The threads that `--threads` asks for; nil for one for each processor that the
  /// program may use.
  ///
  /// - Throws: `SettingsError` for a number out of range.
  package init(threads: Int?, cancellation: Cancellation = .never) throws {
    self.init(
      threadCount: try threads.map { try inRange($0, "threads", 1...1024) }
        ?? ProcessorCount.usable,
      cancellation: cancellation)
  }
}
