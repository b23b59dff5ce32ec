import Parameters

/// Rows of θ on their way into a file that keeps all rows of a leaf together.
struct LeafRows {
  let layout: ParameterLayout
  /// The iterations that the rows are of.
  let iterations: [Int]
  let rows: [[Float]]

  var count: Int { rows.count }

  /// All rows of leaf `index`, little-endian float32.
  func bytes(ofLeaf index: Int) -> [UInt8] {
    let range = layout.range(ofLeaf: index)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * range.count * rows.count)
    for row in rows {
      row[range].withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
    return bytes
  }
}
