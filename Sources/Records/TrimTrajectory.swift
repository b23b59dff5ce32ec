import Parameters

/// Replaces the trajectory at `path` by one that has room for the rows it holds and no more; a file
/// that is full, or holds none, stays.
///
/// Nobody may be writing to it. Who reads it meanwhile goes on with what was there.
///
/// - Throws: `RecordError`; then the file is as it was.
package func trimTrajectory(_ path: String) throws(RecordError) {
  let file = try OpenFile.reading(path)
  let header = try SafetensorsHeader(of: file)
  let done = header.iterations
  guard let last = done.last, done.count < header.rowCapacity else { return }
  let kept = KeptIterations(every: done.every, final: last)
  let start = SafetensorsHeader.encoded(
    header.layout, keeping: kept, rows: kept, metadata: header.metadata)
  _ = try replaceAtomically(path) { (trimmed) throws(RecordError) in
    try trimmed.write(start.span.bytes)
    for (leaf, offset) in zip(header.layout.leaves, header.tensorOffsets) {
      try trimmed.copy(4 * leaf.count * kept.count, from: file, at: offset)
    }
    try trimmed.synchronize()
  }
}

/// Trims θ of a run that was killed in `folder`, where this process may; else does nothing.
package func trimKilledRun(in folder: String) {
  let path = "\(folder)/\(ThetaFormat.safetensors.fileName())"
  guard let lock = FolderLock.takeOver(folder) else { return }
  do throws(RecordError) {
    try trimTrajectory(path)
    lock.end()
  } catch {
    // It can be read as it is. The lock's file stays, so that the next one tries again.
  }
}
