package import Parameters
package import Records
import Tasks

/// θ of a saved run: a run folder, the reference's included, or a θ file of any format.
package struct SavedTheta: Sendable {
  private let rows: any ThetaRows

  /// Opens the file at `path`, or the one in the folder `path`. That of a run that was killed is first
  /// cut to its rows, where this process may write there.
  package init(path: String) throws {
    trimKilledRun(in: RunFolder.containing(path)?.path ?? path)
    rows = try openTheta(path)
  }

  /// The file; the folder where θ's are in a file each.
  package var path: String { rows.path }

  /// How the file is written.
  package var format: ThetaFormat { rows.format }

  package var layout: ParameterLayout { rows.layout }

  /// The iterations whose θ was written.
  package var iterations: KeptIterations { rows.iterations }

  /// The environment that θ was trained in and its parameters, as far as the file says so.
  package var labels: RunSettings {
    RunSettings(rows.metadata.filter { ["gym-env-name", "env-option"].contains($0.key) })
  }

  /// θ of `iteration`, which must have the given layout and, unless anything will do, finite values and
  /// deviations that can be divided by.
  package func theta(
    at iteration: Int, layout: ParameterLayout, finite: Bool = true
  ) throws -> [Float] {
    guard rows.layout == layout else {
      if rows.layout.hasStatistics != layout.hasStatistics,
        rows.layout.withoutStatistics == layout.withoutStatistics
      {
        throw RecordError(
          .dataError, path,
          layout.hasStatistics
            ? "has no statistics of observations, which --normalize-observations needs: leave it "
              + "out or use a run that has it"
            : "has statistics of observations, which are of no use without "
              + "--normalize-observations: give it")
      }
      throw RecordError(
        .dataError, path,
        "holds \(rows.layout.summary), but this task needs \(layout.summary): "
          + "use a run of the same task")
    }
    let row = try rows.row(of: iteration)
    guard finite else { return try rows.theta(at: row) }
    let theta = try rows.finiteTheta(at: row)
    if let flaw = Policy.flaw(inStatisticsOf: theta, layout: layout) {
      throw RecordError(.dataError, path, "θ of iteration \(iteration) is of no use: \(flaw)")
    }
    return theta
  }

  /// Writes θ of one iteration, of every n-th, or of all, as a new file: those before the first that is
  /// not finite.
  ///
  /// - Returns: The iterations that were written.
  /// - Throws: `RecordError`, also when there is none or `path` is there already; then nothing new is
  ///   left.
  package func write(
    iteration: Int?, every period: Int? = nil, as format: ThetaFormat, to path: String
  ) throws -> KeptIterations {
    try writeTheta(
      rows, iteration: iteration, every: period, finite: true, as: format, to: path)
  }
}
