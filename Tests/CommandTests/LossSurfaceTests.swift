import Foundation
import TestSupport
import Testing

@testable import nres

/// `nres loss-surface`.
struct LossSurfaceTests {
  private static let small = ["--horizon-length", "20", "--points", "5", "--line-points", "9"]

  private func run(_ flags: String..., in folder: TemporaryFolder) throws -> Command.Outcome {
    try Command.run(["loss-surface", "lorenz"] + Self.small + flags, in: folder)
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
      "--output", "grid.csv", "--log-a", "2.302585,4.302585", "--log-r", "2.332205,4.332205",
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
        "--output", name, "--line", "--from", "3.25,3.5", "--to", "-1,3", "--sigma", "0.04",
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
      "--output", "3.csv", "--line", "--from", "3.25,3.5", "--to", "-1,3", "--sigma", "0.04",
      "--samples", "3", "--seed", "1", in: folder)
    let others = try table(folder("3.csv"))
    #expect(others.map { $0["loss"] } == rows.map { $0["loss"] })
    #expect(zip(others, rows).allSatisfy { $0["smoothed_loss"] != $1["smoothed_loss"] })
  }

  @Test("a folder gets everything, and pictures that other programs read")
  func folder() throws {
    let folder = try TemporaryFolder()
    let outcome = try run("--output", "all", in: folder)
    #expect(outcome.status == 0 && outcome.lines == ["wrote all"])
    let names = try FileManager.default.contentsOfDirectory(atPath: folder("all"))
    #expect(names.sorted() == ["line.csv", "line.png", "surface.csv", "surface.png"])
    #expect(try folder.names == ["all"])
    for name in ["line", "surface"] {
      let flags = name == "line" ? ["--line"] : []
      for suffix in ["png", "csv"] {
        let alone = try Command.run(
          ["loss-surface", "lorenz", "--output", "alone.\(suffix)"] + Self.small + flags,
          in: folder)
        #expect(alone.status == 0)
        let whole = try #require(FileManager.default.contents(atPath: folder("alone.\(suffix)")))
        #expect(whole == FileManager.default.contents(atPath: folder("all/\(name).\(suffix)")))
        #expect(suffix != "png" || whole.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      }
    }
  }

  @Test("losses that overflow are numbers of the table and a colour of the picture")
  func notFinite() throws {
    let folder = try TemporaryFolder()
    let outcome = try run("--output", "all", "--log-a", "2,60", "--to", "60,3", in: folder)
    #expect(outcome.status == 0)
    for name in ["surface", "line"] {
      let losses = try table(folder("all/\(name).csv")).compactMap { $0["loss"] }
      #expect(losses.contains { !$0.isFinite } && losses.contains { $0.isFinite })
    }
    let none = try run("--output", "none.png", "--log-a", "50,60", in: folder)
    #expect(none.status == 0)
  }

  static let refusals = [
    Refusal(
      "loss-surface lorentz --output x.png",
      "unknown system 'lorentz', did you mean 'lorenz'? choose from: lorenz"),
    Refusal(
      "loss-surface lorenz",
      "Missing expected argument '--output <path>'. "
        + "See 'nres loss-surface --help' for more information."),
    Refusal(
      "loss-surface lorenz --output x.jpg",
      "--output is 'x.jpg': the name must end in .png or .csv, or be a folder's without a point"),
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
      "loss-surface lorenz --output x.png --from 3",
      "--from is '3': give log a and log r, two numbers between -80 and 80, 3.1,3.7"),
    Refusal(
      "loss-surface lorenz --output x.png --to 3,81",
      "--to is '3,81': give log a and log r, two numbers between -80 and 80, 3.1,3.7"),
    Refusal(
      "loss-surface lorenz --output x.png --points 1",
      "--points is 1: it must be between 2 and 2000"),
    Refusal(
      "loss-surface lorenz --output x.png --line-points 0",
      "--line-points is 0: it must be between 2 and 1000000"),
    Refusal(
      "loss-surface lorenz --output x.png --sigma 1 --samples 0",
      "--samples is 0: it must be between 1 and 1000000"),
    Refusal(
      "loss-surface lorenz --output x.png --sigma -1", "--sigma is -1.0: it must be positive"),
    Refusal(
      "loss-surface lorenz --output x.png --lorenz-dt 0", "--lorenz-dt is 0.0: it must be positive"
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
      "loss-surface lorenz --output nowhere/x", status: 73, "nowhere/x: no such file or directory"),
  ]

  @Test("what cannot be drawn is refused in one line", arguments: refusals)
  func refused(refusal: Refusal) throws {
    let folder = try TemporaryFolder()
    let outcome = try refusal.run(in: folder)
    #expect(outcome.status == refusal.status)
    #expect(outcome.error == "nres: \(refusal.error)\n")
    #expect(try folder.names == [])
  }
}
