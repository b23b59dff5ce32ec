package import Parameters

/// θ of every iteration as a file or a folder holds it.
package protocol ThetaRows: Sendable {
  /// The file or folder, as the caller named it.
  var path: String { get }
  /// How it is written.
  var format: ThetaFormat { get }
  /// The leaves of one θ.
  var layout: ParameterLayout { get }
  /// How many θ's there are.
  var rowCount: Int { get }
  /// Which iteration each row is of.
  var iterations: KeptIterations { get }
  /// What else the file says: texts by their names.
  var metadata: [String: String] { get }

  /// θ of one row, as flat as `layout` says.
  ///
  /// - Parameter row: 0 is θ before the first update, or the only θ of a file that holds one.
  /// - Throws: `RecordError` when the row is not there or cannot be read.
  func theta(at row: Int) throws(RecordError) -> [Float]
}

extension ThetaRows {
  /// As many iterations as there are rows, from 0 on.
  package var iterations: KeptIterations { .all(rowCount) }

  package var metadata: [String: String] { [:] }

  /// The row of `iteration`.
  ///
  /// - Throws: `RecordError` with what can be chosen.
  package func row(of iteration: Int) throws(RecordError) -> Int {
    if let row = iterations.row(of: iteration) { return row }
    guard rowCount > 0 else { throw RecordError(.dataError, path, "holds no rows") }
    throw RecordError(
      .dataError, path,
      "holds no iteration \(iteration): choose \(iterations.choices(insteadOf: iteration))")
  }

  /// θ of one row, refused unless all its values are finite.
  package func finiteTheta(at row: Int) throws(RecordError) -> [Float] {
    let theta = try theta(at: row)
    guard let index = theta.firstIndex(where: { !$0.isFinite }) else { return theta }
    throw RecordError(
      .dataError, path,
      "θ of iteration \(iterations[row]) is not finite: \(printable(layout.valueName(index))) is "
        + "\(theta[index])")
  }

  /// Throws unless `row` is there and of a size that is believed.
  func check(_ row: Int) throws(RecordError) {
    guard rowCount > 0 else { throw RecordError(.dataError, path, "holds no rows") }
    guard (0..<rowCount).contains(row) else {
      throw RecordError(.dataError, path, "holds no row \(row); rows are 0 to \(rowCount - 1)")
    }
    guard layout.count <= ThetaFormat.largestFile / 4 else {
      throw RecordError(
        .dataError, path, "cannot be believed to have \(layout.count) values in one θ")
    }
  }
}

extension ParameterLayout {
  /// Each leaf and its shape, fit for a line of output: `linear/w[8, 2]`.
  package var leafSummaries: [String] {
    leaves.map { printable(String($0.name.unicodeScalars.prefix(60))) + "\($0.shape)" }
  }

  /// The first leaves and their shapes in one line, for a message.
  package var summary: String {
    let most = 8
    return leafSummaries.prefix(most).joined(separator: ", ") + (leaves.count > most ? ", …" : "")
  }
}
