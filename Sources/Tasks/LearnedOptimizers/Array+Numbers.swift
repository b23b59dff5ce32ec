extension [Float] {
  /// Calls `body` with the numbers' memory, to read.
  ///
  /// The pointer is mutable because a ``Signal`` holds what a kernel writes as well as what it reads.
  func withNumbers<Result>(_ body: (UnsafeMutablePointer<Float>) throws -> Result) rethrows
    -> Result
  {
    try withUnsafeBufferPointer { numbers in
      guard let start = numbers.baseAddress else { preconditionFailure("no numbers") }
      return try body(UnsafeMutablePointer(mutating: start))
    }
  }

  /// Calls `body` with the numbers' memory, to read and write.
  mutating func withMutableNumbers<Result>(
    _ body: (UnsafeMutablePointer<Float>) throws -> Result
  ) rethrows -> Result {
    try withUnsafeMutableBufferPointer { numbers in
      guard let start = numbers.baseAddress else { preconditionFailure("no numbers") }
      return try body(start)
    }
  }
}
