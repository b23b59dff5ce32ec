package import Parameters

/// Reads a trajectory of θ: a safetensors file whose tensors, all F32, share their leading axis.
///
/// The file may be one that is still written: `rowCount` is what was there when it was opened.
/// A file of another program, without `rows` in its metadata, counts as complete.
package struct ThetaTrajectoryFile: ThetaRows {
  /// The file, as the caller named it.
  package var path: String { file.path }
  /// Always safetensors.
  package var format: ThetaFormat { .safetensors }
  /// The leaves of one θ: the tensors without their leading axis.
  package var layout: ParameterLayout { header.layout }
  /// Rows that are there.
  package var rowCount: Int { header.iterations.count }
  /// Which iterations the rows are of.
  package var iterations: KeptIterations { header.iterations }
  /// Rows that the file has room for: the tensors' leading axis.
  package var rowCapacity: Int { header.rowCapacity }
  /// The text in `__metadata__` except what says the rows and their iterations.
  package var metadata: [String: String] { header.metadata }

  private let file: OpenFile
  private let header: SafetensorsHeader

  /// Opens the file and checks its header against its size; reads no values.
  ///
  /// - Throws: `RecordError` that says what is wrong with the file.
  package init(path: String) throws(RecordError) { try self.init(.reading(path)) }

  init(_ file: OpenFile, isOwn: Bool = true) throws(RecordError) {
    self.file = file
    header = try SafetensorsHeader(of: file, isOwn: isOwn)
  }

  /// θ of one row, as flat as `layout` says; reads no other row.
  ///
  /// - Parameter row: 0 is θ before the first update.
  /// - Throws: `RecordError` when the row is not there or cannot be read.
  package func theta(at row: Int) throws(RecordError) -> [Float] {
    try check(row)
    var failure: RecordError?
    let theta = [Float](unsafeUninitializedCapacity: layout.count) { values, initialized in
      do throws(RecordError) {
        for index in layout.leaves.indices {
          let leaf = layout.range(ofLeaf: index)
          let part = UnsafeMutableRawBufferPointer(
            UnsafeMutableBufferPointer(rebasing: values[leaf]))
          try file.read(into: part, at: header.tensorOffsets[index] + row * part.count)
        }
        initialized = layout.count
      } catch { failure = error }
    }
    if let failure { throw failure }
    return theta
  }
}
