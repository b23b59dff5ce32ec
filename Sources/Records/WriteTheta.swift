import Parameters

/// Writes `theta` as a new file at `path`; nothing is left there when that fails.
///
/// - Parameters:
///   - iteration: the only iteration to write; nil writes all. In flax a single θ has no axis of
///     iterations; in the other formats that axis is 1.
///   - period: n, to write iterations 0, n, 2n, … and the last; nil writes all.
///   - isFinite: whether only what comes before the first θ that is not finite is written.
///   - path: where nothing may be yet.
/// - Returns: The iterations that were written.
/// - Throws: `RecordError` when rows cannot be read, the format cannot hold them, the file is
///   there already or cannot be written.
@discardableResult
package func writeTheta(
  _ theta: any ThetaRows, iteration: Int? = nil, every period: Int? = nil,
  finite isFinite: Bool = false, as format: ThetaFormat, to path: String
) throws(RecordError) -> KeptIterations {
  try checkIsFree(path)
  let row = try theta.row(of: iteration ?? 0)
  try theta.check(row)
  guard theta.layout.leaves.count <= ThetaFormat.mostLeaves else {
    throw RecordError(
      .cannotCreate, path,
      "\(theta.layout.leaves.count) leaves are more than \(ThetaFormat.mostLeaves)")
  }
  for leaf in theta.layout.leaves where leaf.shape.count >= ThetaFormat.mostAxes {
    throw RecordError(
      .cannotCreate, path,
      "\(quoted(leaf.name)) has \(leaf.shape.count) axes; \(ThetaFormat.mostAxes - 1) are possible")
  }
  let all = theta.iterations
  var kept = KeptIterations(every: period ?? all.every, final: all[all.count - 1])
  let count = iteration == nil ? kept.count : 1
  guard count <= ThetaFormat.largestFile / 4 / max(theta.layout.count, 1) else {
    throw RecordError(
      .dataError, theta.path,
      "has \(count) rows of \(theta.layout.count) values: more than 1 GiB is not written")
  }
  var iterations = iteration.map { [$0] } ?? Array(kept)
  var rows: [[Float]] = []
  for iteration in iterations {
    let row = try theta.row(of: iteration)
    let values = try theta.theta(at: row)
    if isFinite, !values.allSatisfy(\.isFinite) {
      if rows.isEmpty { _ = try theta.finiteTheta(at: row) }
      break
    }
    rows.append(values)
  }
  if rows.count < iterations.count {
    iterations.removeLast(iterations.count - rows.count)
    kept = KeptIterations(every: kept.every, final: iterations[rows.count - 1])
  }
  let leaves = LeafRows(layout: theta.layout, iterations: iterations, rows: rows)
  let bytes: [UInt8] =
    switch format {
    case .flax: try FlaxWriter.encoded(leaves, isSingle: iteration != nil, for: path)
    case .npz: try NumPyArchive.encoded(leaves, for: path)
    case .csv: try ThetaTable.encoded(leaves, for: path)
    case .safetensors:
      try SafetensorsHeader.encoded(
        leaves, isSingle: iteration != nil, keeping: kept, metadata: theta.metadata, for: path)
    }
  try createAtomically(bytes, at: path)
  return kept
}
