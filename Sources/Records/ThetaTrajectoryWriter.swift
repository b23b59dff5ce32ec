public import Parameters

/// Writes θ of every iteration into one safetensors file, row after row.
///
/// A tensor a leaf, of type F32, named like the leaf, whose leading axis counts the rows. The
/// file has its full size from the start and is valid after every call: rows to come are zero,
/// and `rows` in its `__metadata__` says how many are there. A kill loses at most one row.
public final class ThetaTrajectoryWriter {
  private let layout: ParameterLayout
  private let rowCapacity: Int
  private let headerSize: Int
  private let rowFieldOffset: Int
  private let path: String
  private var file: OpenFile?
  /// Rows written so far.
  public private(set) var rowCount = 0

  /// Makes the file; one that is there already is replaced once the new one is complete.
  ///
  /// - Parameters:
  ///   - path: the file; its folder must be there.
  ///   - layout: the leaves of θ, at least one.
  ///   - rowCount: how many rows the file has room for, at least one: iterations + 1.
  ///   - metadata: more text for `__metadata__`; the key `rows` is taken.
  /// - Throws: `RecordError`, also when the disk has too little room for all rows.
  public init(
    path: String, layout: ParameterLayout, rowCount: Int, metadata: [String: String] = [:]
  ) throws(RecordError) {
    precondition(rowCount > 0, "a trajectory has at least one row")
    precondition(!layout.leaves.isEmpty, "a trajectory has at least one leaf")
    precondition(metadata["rows"] == nil, "the key 'rows' is taken")
    precondition(layout.range(of: "__metadata__") == nil, "the name '__metadata__' is taken")
    let rowSize = layout.count.multipliedReportingOverflow(by: 4)
    let size = rowSize.partialValue.multipliedReportingOverflow(by: rowCount)
    guard !rowSize.overflow, !size.overflow, size.partialValue < Int.max / 2 else {
      throw RecordError(
        .cannotCreate, path, "\(rowCount) rows of \(layout.count) values are more than a file holds"
      )
    }
    let header = SafetensorsHeader.encoded(layout, rowCapacity: rowCount, metadata: metadata)
    self.path = path
    self.layout = layout
    rowCapacity = rowCount
    headerSize = header.bytes.count
    rowFieldOffset = header.rowFieldOffset
    file = try replaceAtomically(path) { (file) throws(RecordError) in
      try file.reserve(header.bytes.count + size.partialValue)
      try file.write(header.bytes.span.bytes, at: 0)
    }
  }

  /// Writes the next row, then the count of rows.
  ///
  /// - Parameter theta: the layout's `count` values.
  public func append(_ theta: [Float]) throws(RecordError) {
    precondition(theta.count == layout.count, "θ has another size than the layout")
    precondition(rowCount < rowCapacity, "the trajectory is full")
    guard let file else { preconditionFailure("the trajectory is closed") }
    for index in layout.leaves.indices {
      let range = layout.range(ofLeaf: index)
      let value = range.lowerBound * rowCapacity + rowCount * range.count
      try file.write(theta.span.extracting(range).bytes, at: headerSize + 4 * value)
    }
    let field = SafetensorsHeader.rowField(rowCount + 1, of: rowCapacity)
    try file.write(field.utf8.span.bytes, at: rowFieldOffset)
    rowCount += 1
  }

  /// Waits until all rows are on the disk and closes the file. Closing twice does nothing.
  public func close() throws(RecordError) {
    guard let file else { return }
    self.file = nil
    try file.synchronize()
  }
}
