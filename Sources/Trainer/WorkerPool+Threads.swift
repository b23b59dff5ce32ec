import Foundation
public import Workers

extension WorkerPool {
  /// The threads that `--threads` asks for; nil for one a core.
  ///
  /// - Throws: `SettingsError` for a number out of range.
  public init(threads: Int?) throws {
    if let threads, !(1...1024).contains(threads) {
      throw SettingsError("--threads is \(threads): it must be between 1 and 1024")
    }
    self.init(laneCount: threads ?? ProcessInfo.processInfo.activeProcessorCount)
  }
}
