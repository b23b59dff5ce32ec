import Foundation
import Tasks
import TestSupport
import Testing
import Trainer

@testable import nres

/// `nres loss-surface`.
struct LossSurfaceTests {
  private static let fewGridPoints = ["--points", "5"]
  private static let fewLinePoints = ["--line-points", "9"]

  private func run(
    _ flags: [String], _ others: String..., in folder: TemporaryFolder
  ) throws -> Command.Outcome {
    try Command.run(
      ["loss-surface", "lorenz", "--horizon-length", "20"] + flags + others, in: folder)
  }

  /// The rows of a table, numbers by column.
  private func table(_ path: String) throws -> [[String: Double]] {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let names = lines[0].split(separator: ",").map { String($0) }
    return try lines.dropFirst().map { line in
      let values = try line.split(separator: ",").map { try #require(Double($0)) }
      return Dictionary(uniqueKeysWithValues: zip(names, values))
    }
  }

  @Test("the grid goes over the ranges, and the loss is least at the truth")
  func grid() throws {
    let folder = try TemporaryFolder()
    let outcome = try run(
      Self.fewGridPoints, "--output", "grid.csv", "--log-a", "2.302585,4.302585", "--log-r",
      "2.332205,4.332205",
      in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty && outcome.output == "wrote grid.csv\n")
    let rows = try table(folder("grid.csv"))
    #expect(rows.count == 25 && rows.allSatisfy { $0.count == 3 })
    for (row, logA) in zip(rows, [2.302585, 2.802585, 3.302585, 3.802585, 4.302585]) {
      #expect(abs(try #require(row["log_a"]) - logA) < 1e-12)
    }
    #expect(Set(rows.prefix(5).map { $0["log_r"] }) == [2.332205])
    let least = try #require(rows.min { $0["loss", default: 0] < $1["loss", default: 0] })
    #expect(least["log_a"] == 2.302585 && least["log_r"] == 3.332205)
    #expect(try #require(least["loss"]) < 1e-6)
  }

  @Test("the line goes from one θ to the other, with a smoothed loss where noise is asked for")
  func line() throws {
    let folder = try TemporaryFolder()
    for (name, threads) in [("1.csv", "1"), ("2.csv", "2")] {
      let outcome = try run(
        Self.fewLinePoints, "--output", name, "--line", "--from", "3.25,3.5", "--to", "-1,3",
        "--sigma", "0.04",
        "--samples", "3", "--threads", threads, in: folder)
      #expect(outcome.status == 0 && outcome.lines.last == "wrote \(name)")
    }
    let rows = try table(folder("1.csv"))
    #expect(rows.count == 9 && rows.allSatisfy { $0.count == 4 })
    #expect(rows[0]["log_a"] == 3.25 && rows[8]["log_a"] == -1 && rows[4]["log_r"] == 3.25)
    #expect(rows.allSatisfy { $0["loss"] != $0["smoothed_loss"] })
    #expect(
      FileManager.default.contents(atPath: folder("1.csv"))
        == FileManager.default.contents(atPath: folder("2.csv")))
    // Another seed is other noise and the same loss.
    _ = try run(
      Self.fewLinePoints, "--output", "3.csv", "--line", "--from", "3.25,3.5", "--to", "-1,3",
      "--sigma", "0.04",
      "--samples", "3", "--seed", "1", in: folder)
    let others = try table(folder("3.csv"))
    #expect(others.map { $0["loss"] } == rows.map { $0["loss"] })
    #expect(zip(others, rows).allSatisfy { $0["smoothed_loss"] != $1["smoothed_loss"] })
  }

  @Test("a folder gets everything, and pictures that other programs read")
  func folder() throws {
    let folder = try TemporaryFolder()
    let few = Self.fewGridPoints + Self.fewLinePoints
    let outcome = try run(few, "--output", "all", in: folder)
    #expect(outcome.status == 0 && outcome.lines == ["wrote all"])
    let names = try FileManager.default.contentsOfDirectory(atPath: folder("all"))
    #expect(names.sorted() == ["line.csv", "line.png", "surface.csv", "surface.png"])
    #expect(try folder.names == ["all"])
    for name in ["line", "surface"] {
      let flags = name == "line" ? Self.fewLinePoints + ["--line"] : Self.fewGridPoints
      for suffix in ["png", "csv"] {
        let alone = try run(flags, "--output", "alone.\(suffix)", in: folder)
        #expect(alone.status == 0)
        let whole = try #require(FileManager.default.contents(atPath: folder("alone.\(suffix)")))
        #expect(whole == FileManager.default.contents(atPath: folder("all/\(name).\(suffix)")))
        #expect(suffix != "png" || whole.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      }
    }
  }

  @Test("the end of the output's name says its format", arguments: ["svg", "pdf", "PNG"])
  func formats(ending: String) throws {
    let folder = try TemporaryFolder()
    for (name, flags) in [
      ("surface", Self.fewGridPoints),
      ("line", Self.fewLinePoints + ["--line", "--sigma", "0.1", "--samples", "2"]),
    ] {
      let path = "\(name).\(ending)"
      let outcome = try run(flags, "--output", path, in: folder)
      #expect(outcome.status == 0 && outcome.lines.last == "wrote \(path)")
      let content = try #require(FileManager.default.contents(atPath: folder(path)))
      let start = ["svg": "<?xml", "pdf": "%PDF-", "PNG": "\u{89}PNG"][ending] ?? ""
      #expect(content.starts(with: start.unicodeScalars.map { UInt8($0.value) }))
      _ = try run(flags, "--output", path, in: folder)
      #expect(FileManager.default.contents(atPath: folder(path)) == content)
    }
  }

  @Test("losses that overflow are numbers of the table and a colour of the picture")
  func notFinite() throws {
    let folder = try TemporaryFolder()
    let outcome = try run(
      Self.fewGridPoints + Self.fewLinePoints, "--output", "all", "--log-a", "2,60", "--to",
      "60,3", in: folder)
    #expect(outcome.status == 0)
    for name in ["surface", "line"] {
      let losses = try table(folder("all/\(name).csv")).compactMap { $0["loss"] }
      #expect(losses.contains { !$0.isFinite } && losses.contains { $0.isFinite })
    }
    let none = try run(
      Self.fewGridPoints, "--output", "none.png", "--log-a", "50,60", in: folder)
    #expect(none.status == 0)
  }

  @Test("a range is drawn or refused in one line, wherever it lies and however short it is")
  func ranges() throws {
    let folder = try TemporaryFolder()
    for _ in 0..<12 {
      let lower = Double.random(in: -80..<79) * pow(10, Double(Int.random(in: -330...0)))
      let upper = min(80, lower + pow(10, Double.random(in: -20...1.5)))
      let outcome = try run(
        ["--points", "2"], "--output", "x.png", "--log-a", "\(lower),\(upper)", "--log-r",
        "\(lower),\(upper)", in: folder)
      let isLong = upper - lower >= 1e-5
      #expect(outcome.status == (isLong ? 0 : 64), "\(lower),\(upper)")
      #expect(outcome.error.split(separator: "\n").count == (isLong ? 0 : 1))
    }
    for range in ["3,3.0001", "3,3.00001", "-80,-79.99999", "79.99999,80", "-80,80"] {
      let outcome = try run(
        ["--points", "2"], "--output", "x.png", "--log-a", range, "--log-r", range, in: folder)
      #expect(outcome.status == 0 && outcome.output == "wrote x.png\n", "\(range)")
    }
  }

  private final class Lines {
    var all: [String] = []
  }

  private func study(
    _ lorenz: Lorenz, sigma: Float? = nil, draws: Int = 1, patience: Duration = .zero,
    into lines: Lines = Lines()
  ) throws -> LossStudy<Lorenz> {
    try LossStudy(
      lorenz, #require(Lorenz.lossMap), smoothing: sigma.map { .init(sigma: $0, draws: draws) },
      seed: 7,
      threads: 1, patience: patience
    ) { lines.all.append($0) }
  }

  @Test("pictures are called after all that their losses depend on")
  func titles() throws {
    #expect(try study(Lorenz(horizon: 50, timestep: 0.01)).title == "lorenz  T 50  dt 0.01")
    let lorenz = Lorenz(horizon: 2000, timestep: 0.005)
    #expect(
      try study(lorenz, sigma: 0.04, draws: 400).title
        == "lorenz  T 2000  dt 0.005  σ 0.04  400 draws  seed 7")
    #expect(try study(lorenz, sigma: 1).title.hasSuffix("  σ 1  1 draw  seed 7"))
  }

  @Test("what takes long is told of, smoothed or not")
  func progress() throws {
    let lorenz = Lorenz(horizon: 3)
    let grid = (xs: [1.0, 2], ys: [1.0, 2, 3])
    let lines = Lines()
    _ = try study(lorenz, patience: .seconds(600), into: lines).losses(over: grid)
    #expect(lines.all == [])
    _ = try study(lorenz, into: lines).losses(over: grid)
    #expect(lines.all == ["computing the grid: 6/6"])
    _ = try study(lorenz, sigma: 1, into: lines).losses(
      from: Place(x: 3, y: 3), to: Place(x: 2, y: 3), count: 4)
    #expect(
      lines.all.dropFirst() == ["computing the line: 4/4", "smoothing the line: 4/4"])
  }

  @Test("a file that is there is replaced")
  func replaces() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("x.csv", Array("old".utf8))
    let outcome = try run(Self.fewGridPoints, "--output", "x.csv", in: folder)
    #expect(outcome.status == 0)
    #expect(try table(path).count == 25)
  }

  static let refusals =
    [
      Refusal(
        "loss-surface lorentz --output x.png",
        "unknown system 'lorentz', did you mean 'lorenz'? choose from: lorenz"),
      Refusal(
        "loss-surface lorenz",
        "Missing expected argument '--output <path>'. "
          + "See 'nres loss-surface --help' for more information."),
      Refusal(
        "loss-surface lorenz --output x.jpg",
        "--output is 'x.jpg': the name must end in .png, .svg, .pdf or .csv, or be a folder's without a "
          + "point"),
      Refusal(
        "loss-surface lorenz --output x --line",
        "--line needs a file as --output: a folder gets grid and line"),
      Refusal(
        "loss-surface lorenz --output x.png --log-a 3,2",
        "--log-a is '3,2': give two numbers between -80 and 80, the smaller first, 2,3.5"),
      Refusal(
        "loss-surface lorenz --output x.png --log-r 3,nan",
        "--log-r is '3,nan': give two numbers between -80 and 80, the smaller first, 2,3.5"),
      Refusal(
        "loss-surface lorenz --output x.png --points 4 --log-a 0,5e-324",
        "--log-a is '0,5e-324': θ is float32, give numbers at least 0.00001 apart, 2,3.5"),
      Refusal(
        "loss-surface lorenz --output x.png --log-r 2,2.0000000000000004",
        "--log-r is '2,2.0000000000000004': θ is float32, give numbers at least 0.00001 apart, 2,3.5"
      ),
      Refusal(
        "loss-surface lorenz --output x.png --line --from 3",
        "--from is '3': give log a and log r, two numbers between -80 and 80, 3.1,3.7"),
      Refusal(
        "loss-surface lorenz --output x.png --line --to 3,81",
        "--to is '3,81': give log a and log r, two numbers between -80 and 80, 3.1,3.7"),
      Refusal(
        "loss-surface lorenz --output x.png --points 1",
        "--points is 1: it must be between 2 and 2000"),
      Refusal(
        "loss-surface lorenz --output x.png --line --line-points 0",
        "--line-points is 0: it must be between 2 and 1000000"),
      Refusal(
        "loss-surface lorenz --output x.png --sigma 1 --samples 0",
        "--samples is 0: it must be between 1 and 1000000"),
      Refusal(
        "loss-surface lorenz --output x.png --sigma -1", "--sigma is -1.0: it must be positive"),
      Refusal(
        "loss-surface lorenz --output x.png --lorenz-dt 0",
        "--lorenz-dt is 0.0: it must be positive"
      ),
      Refusal(
        "loss-surface lorenz --output x.png --horizon-length 0",
        "--horizon-length is 0: it must be between 1 and 10000000"),
      Refusal(
        "loss-surface lorenz --output x.png --threads 0",
        "--threads is 0: it must be between 1 and 1024"),
      Refusal(
        "loss-surface lorenz --output nowhere/x.png", status: 73,
        "nowhere/x.png: no such file or directory"),
      Refusal(
        "loss-surface lorenz --output nowhere/x", status: 73, "nowhere/x: no such file or directory"
      ),
    ] + unusedFlags

  /// Flags that would change nothing.
  static let unusedFlags =
    ["--points 4", "--log-a 2,3", "--log-r 2,3"].map { flag in
      Refusal(
        "loss-surface lorenz --output x.csv --line \(flag)",
        "\(flag.split(separator: " ")[0]) is of the grid: leave it out with --line")
    }
    + ["--from 3,3", "--to 3,3", "--line-points 5"].map { flag in
      Refusal(
        "loss-surface lorenz --output x.png \(flag)",
        "\(flag.split(separator: " ")[0]) is of the line: add --line, or give a folder as --output")
    }
    + ["--samples 100", "--seed 0"].map { flag in
      Refusal(
        "loss-surface lorenz --output x \(flag)",
        "\(flag.split(separator: " ")[0]) is of the noise: add --sigma")
    }

  @Test("what cannot be drawn is refused in one line", arguments: refusals)
  func refused(refusal: Refusal) throws {
    let folder = try TemporaryFolder()
    let outcome = try refusal.run(in: folder)
    #expect(outcome.status == refusal.status)
    #expect(outcome.error == "nres: \(refusal.error)\n")
    #expect(try folder.names == [])
  }
}
