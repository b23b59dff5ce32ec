package import Parameters

/// Writes θ of a run's iterations, of all or of every n-th, into one safetensors file, row after
/// row.
///
/// A tensor a leaf, of type F32, named like the leaf, whose leading axis counts the rows. The
/// file has its full size from the start and is valid after every call: rows to come are zero,
/// and `rows` in its `__metadata__` says how many are there; `theta-every` and `last-iteration` say
/// which iterations they are of, where not all have one. A kill loses at most one row. Closed, it has
/// the rows that were written and no others.
package final class ThetaTrajectoryWriter {
  private let layout: ParameterLayout
  private let headerSize: Int
  private let progressOffset: Int
  private let path: String
  private var file: OpenFile?
  /// What the file has room for.
  package let whole: KeptIterations
  /// What is written so far.
  package private(set) var iterations: KeptIterations
  /// The latest θ, where its iteration is not kept: the last row if the run ends with it.
  private var latest: (theta: [Float], iteration: Int)?

  /// Makes the file; one that is there already is replaced once the new one is complete.
  ///
  /// - Parameters:
  ///   - path: the file; its folder must be there.
  ///   - layout: the leaves of θ, at least one.
  ///   - whole: the iterations to be written, all of them in the end.
  ///   - metadata: more text for `__metadata__`; the keys `rows`, `theta-every` and
  ///     `last-iteration` are taken.
  /// - Throws: `RecordError`, also when the disk has too little room for all rows.
  package init(
    path: String, layout: ParameterLayout, keeping whole: KeptIterations,
    metadata: [String: String] = [:]
  ) throws(RecordError) {
    let (header, size) = try Self.header(path, layout, keeping: whole, metadata)
    self.path = path
    self.layout = layout
    self.whole = whole
    iterations = whole.first(0)
    headerSize = header.bytes.count
    progressOffset = header.progressOffset
    file = try replaceAtomically(path) { (file) throws(RecordError) in
      try file.reserve(size)
      try file.write(header.bytes.span.bytes, at: 0)
    }
  }

  /// The file's first bytes, and its size.
  private static func header(
    _ path: String, _ layout: ParameterLayout, keeping whole: KeptIterations,
    _ metadata: [String: String]
  ) throws(RecordError) -> (header: (bytes: [UInt8], progressOffset: Int), size: Int) {
    precondition(!whole.isEmpty, "a trajectory has at least one row")
    precondition(!layout.leaves.isEmpty, "a trajectory has at least one leaf")
    precondition(
      SafetensorsHeader.ownKeys.isDisjoint(with: metadata.keys), "keys of the metadata are taken")
    precondition(layout.range(of: "__metadata__") == nil, "the name '__metadata__' is taken")
    let rowSize = layout.count.multipliedReportingOverflow(by: 4)
    let size = rowSize.partialValue.multipliedReportingOverflow(by: whole.count)
    guard !rowSize.overflow, !size.overflow, size.partialValue < Int.max / 2 else {
      throw RecordError(
        .cannotCreate, path,
        "\(whole.count) rows of \(layout.count) values are more than a file holds"
      )
    }
    let header = SafetensorsHeader.encoded(layout, keeping: whole, metadata: metadata)
    return (header, header.bytes.count + size.partialValue)
  }

  /// Goes on with the trajectory of a run that ended, however, after `iteration` or later: rows of
  /// later iterations are rows to come.
  ///
  /// - Parameters:
  ///   - whole: The iterations to be written, more or fewer than the file has room for.
  ///   - theta: θ of `iteration`.
  /// - Throws: `RecordError` where the file has another layout, or lacks rows that were written.
  package init(
    continuing path: String, layout: ParameterLayout, keeping whole: KeptIterations,
    metadata: [String: String] = [:], after iteration: Int, theta: [Float]
  ) throws(RecordError) {
    let (header, size) = try Self.header(path, layout, keeping: whole, metadata)
    let done = whole.through(iteration)
    let source = try OpenFile.reading(path)
    let old = try SafetensorsHeader(of: source)
    guard old.layout == layout, old.iterations.every == whole.every || done.count <= 1,
      done.allSatisfy({ old.iterations.contains($0) })
    else {
      throw RecordError(
        .dataError, path, "has not the rows of iterations \(done.summary) that the run has done")
    }
    self.path = path
    self.layout = layout
    self.whole = whole
    iterations = done
    headerSize = header.bytes.count
    progressOffset = header.progressOffset
    latest = done.contains(iteration) || iteration < 0 ? nil : (theta, iteration)
    let progress = SafetensorsHeader.progress(done, of: whole)
    var start = header.bytes
    start.replaceSubrange(
      header.progressOffset..<header.progressOffset + progress.utf8.count, with: progress.utf8)
    if try source.size() == size, old.rowCapacity == whole.count {
      let file = try OpenFile.updating(path)
      try file.write(start.span.bytes, at: 0)
      self.file = file
    } else {
      file = try replaceAtomically(path) { (file) throws(RecordError) in
        try file.reserve(size)
        try file.write(start.span.bytes, at: 0)
        for (index, offset) in old.tensorOffsets.enumerated() {
          let range = layout.range(ofLeaf: index)
          try file.copy(
            4 * range.count * done.count, from: source, at: offset,
            to: header.bytes.count + 4 * range.lowerBound * whole.count)
        }
        try file.synchronize()
      }
    }
  }

  /// Writes the next row, then the count of rows.
  ///
  /// - Parameter theta: the layout's `count` values.
  package func append(_ theta: [Float]) throws(RecordError) {
    precondition(iterations.count < whole.count, "the trajectory is full")
    try write(theta, of: whole.first(iterations.count + 1))
  }

  /// Takes θ of the next iteration: the next row, or, where `iteration` is not kept, the last one of a
  /// file that is closed then.
  package func add(_ theta: [Float], of iteration: Int) throws(RecordError) {
    let isKept = whole.contains(iteration)
    latest = isKept ? nil : (theta, iteration)
    if isKept { try append(theta) }
  }

  /// Writes the last row of a run that ends at `iteration`, before its time.
  ///
  /// - Parameters:
  ///   - theta: the layout's `count` values.
  ///   - iteration: after the last one written and before the next one to be written.
  func end(_ theta: [Float], at iteration: Int) throws(RecordError) {
    let ended = KeptIterations(every: whole.every, final: iteration)
    precondition(ended.count == iterations.count + 1, "an iteration between two that are kept")
    try write(theta, of: ended)
  }

  /// Writes the last row of `iterations`.
  private func write(_ theta: [Float], of iterations: KeptIterations) throws(RecordError) {
    precondition(theta.count == layout.count, "θ has another size than the layout")
    guard let file else { preconditionFailure("the trajectory is closed") }
    for index in layout.leaves.indices {
      let range = layout.range(ofLeaf: index)
      let value = range.lowerBound * whole.count + (iterations.count - 1) * range.count
      try file.write(theta.span.extracting(range).bytes, at: headerSize + 4 * value)
    }
    let progress = SafetensorsHeader.progress(iterations, of: whole)
    try file.write(progress.utf8.span.bytes, at: progressOffset)
    self.iterations = iterations
  }

  /// Waits until what was written is on the disk.
  package func synchronize() throws(RecordError) { try file?.synchronize() }

  /// Throws unless the file is still where it was made.
  package func checkIsInPlace() throws(RecordError) { try file?.checkIsInPlace() }

  /// Writes the last row, waits until all are on the disk, closes the file and cuts it to the rows
  /// that were written. Closing twice does nothing.
  package func close() throws(RecordError) {
    guard let file else { return }
    defer { self.file = nil }
    if let latest { try end(latest.theta, at: latest.iteration) }
    try file.synchronize()
    // Another run may have taken the place of one whose folder was moved.
    try file.checkIsInPlace()
    if iterations.count < whole.count { try trimTrajectory(path) }
  }
}
