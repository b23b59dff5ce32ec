import Figures
import Foundation
import Playback
import Trainer

/// What a report shows that has to be worked out anew: how policies move, how networks learn.
struct ReportStudy {
  private let hasVideo: Bool
  private let hasInnerCurves: Bool
  /// Told what is being done; what it throws ends the work.
  private let progress: (_ doing: String) throws -> Void
  /// What could not be shown and why, a line each.
  private(set) var notes: [String] = []

  /// Videos, or networks, of a task at most.
  private static let most = 3

  init(
    hasVideo: Bool, hasInnerCurves: Bool, progress: @escaping (_ doing: String) throws -> Void
  ) {
    (self.hasVideo, self.hasInnerCurves, self.progress) = (hasVideo, hasInnerCurves, progress)
  }

  // MARK: Policies

  /// Videos of the best run of each group; nil for a task without policies.
  mutating func clips(of task: ReportTask) throws -> HTML? {
    guard hasVideo, task.family == ControlApplication.family else { return nil }
    let parts = try task.bestRows(Self.most).map { try clip(of: $0, in: task) }
    return "<div class=\"figures\">\n\(parts)\n</div>"
  }

  private mutating func clip(of row: ReportTask.Row, in task: ReportTask) throws -> HTML {
    let path = row.run.folder.path
    do {
      try progress("filming \(path)")
      let show = progress
      let clip = try PolicyClip(
        of: try SavedPolicies(path: path), isCancelled: { Interrupt.wasRequested },
        progress: { try? show("filming \(path): \($0)") })
      return figure(clip, row, in: task)
    } catch let error as Interrupt.Requested {
      throw error
    } catch is CancellationError {
      throw Interrupt.Requested()
    } catch {
      notes.append("no picture of \(path): \(error)")
      return "<p>There is no picture of \(path): \(errorLine("\(error)")).</p>"
    }
  }

  private mutating func figure(
    _ clip: PolicyClip, _ row: ReportTask.Row, in task: ReportTask
  ) -> HTML {
    let path = row.run.folder.path
    let reward = decimal(clip.reward, 1).replacing("-", with: "−")
    let alt =
      "The policy of iteration \(clip.iteration) of \(path) in \(task.subject)"
    let caption: HTML = """
      <figcaption>\(task.groups[row.group].label), \(path): iteration \(clip.iteration), the first \
      \(decimal(clip.seconds, 1)) s from seed \(Int(clip.seed)), reward \(reward)</figcaption>
      """
    let size: HTML = "width=\"\(PolicyClip.width)\" height=\"\(PolicyClip.height)\""
    guard let video = clip.video else {
      let problem = clip.problem ?? "?"
      notes.append("no video of \(path): \(problem)")
      return """
        <figure>
        <img class="still" \(size) src="\(data: clip.picture, type: "image/png")" alt="\(alt)">
        \(caption)
        <p>There is no video: \(errorLine(problem)).</p>
        </figure>
        """
    }
    return """
      <figure>
      <video \(size) controls muted loop playsinline preload="metadata" aria-label="\(alt)" \
      poster="\(data: clip.picture, type: "image/png")" src="\(data: video, type: "video/mp4")">\
      </video>
      \(caption)
      </figure>
      """
  }

  // MARK: Learned optimizers

  /// How a network learns under the best learned optimizer of each group, and under others; nil for
  /// another task.
  mutating func innerCurves(of task: ReportTask) throws -> HTML? {
    guard hasInnerCurves, task.family == LearnedOptimizerApplication.family else { return nil }
    let parts = try task.bestRows(Self.most).map { row -> HTML in
      let path = row.run.folder.path
      do {
        let curves = try InnerCurves(of: path) { done in
          try progress("training networks for \(path): \(done)")
        }
        return try Self.figure(curves, task.groups[row.group].label, path)
      } catch let error as Interrupt.Requested {
        throw error
      } catch is CancellationError {
        throw Interrupt.Requested()
      } catch {
        notes.append("no inner curves of \(path): \(error)")
        return "<p>There are no curves of \(path): \(errorLine("\(error)")).</p>"
      }
    }
    return "<div class=\"figures\">\n\(parts)\n</div>"
  }

  private static func figure(
    _ curves: InnerCurves, _ label: String, _ path: String
  ) throws -> HTML {
    let width = max(1, curves.learned.count / 100)
    func line(_ name: String, _ index: Int, _ losses: [Double]) -> Line {
      let points = stride(from: 0, to: losses.count, by: width).map { start in
        let part = losses[start..<min(start + width, losses.count)]
        return Line.Point(
          Double(start) + Double(part.count + 1) / 2, part.reduce(0, +) / Double(part.count))
      }
      return Line(name, Palette.stroke(index), points: points)
    }
    let others = curves.baselines.enumerated().map { index, baseline in
      line("\(baseline.optimizer), rate \(numberText(baseline.rate))", index + 1, baseline.steps)
    }
    let images = curves.isOfValidation ? "validation" : "training"
    let loss = "\(images) \(curves.isAccuracy ? "accuracy, negated" : "loss")"
    var chart = LineChart(
      title: "", xTitle: "inner steps", yTitle: loss,
      lines: [line("learned optimizer", 0, curves.learned)] + others)
    chart.showSizes()
    let mean = width > 1 ? ", means of \(width) steps" : ""
    return try ReportFigures.figure(
      chart,
      caption: """
        \(label), \(path): the \(loss) of a network after each step under the θ of iteration \
        \(curves.iteration), and under other optimizers with the best of \(InnerCurves.rates.count) \
        rates; the same first network and batches for all\(mean)
        """)
  }
}
