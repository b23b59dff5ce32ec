import Foundation
import Testing
import Unrolls

struct MomentsTests {
  /// Vectors of three numbers: around 0, far from 0 with a small deviation, always the same.
  private static let vectors: [[Float]] = (0..<60).map { index in
    let number = Float(index * index % 17) / 8 - 1
    return [number, 4096 + number / 1024, -3.25]
  }

  private static func moments(_ vectors: some Sequence<[Float]>) -> Moments {
    var moments = Moments(numberCount: 3)
    for vector in vectors { moments.add(vector) }
    return moments
  }

  @Test("means and deviations are those of the numbers")
  func closedForms() {
    let moments = Self.moments(Self.vectors)
    #expect(moments.count == 60)
    for index in 0..<2 {
      let numbers = Self.vectors.map { Double($0[index]) }
      let mean = numbers.reduce(0, +) / 60
      let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 60
      #expect(abs(moments.means[index] - mean) < 1e-12 * 4096)
      #expect(abs(moments.deviations[index] / variance.squareRoot() - 1) < 1e-11)
    }
    #expect(moments.means[2] == -3.25 && moments.deviations[2] == 1)
    #expect(
      Moments(numberCount: 2).means == [0, 0] && Moments(numberCount: 2).deviations == [1, 1])
    #expect(Moments().means.isEmpty && Moments().count == 0)
  }

  @Test("any order and any grouping give the same, written out or not")
  func merging() throws {
    let whole = Self.moments(Self.vectors)
    for size in [1, 7, 32] {
      var merged = Moments()
      for start in stride(from: 0, to: 60, by: size).reversed() {
        let part = Self.moments(Self.vectors[start..<min(start + size, 60)].reversed())
        let data = try JSONEncoder().encode(part)
        merged.merge(try JSONDecoder().decode(Moments.self, from: data))
        merged.merge(Moments())
      }
      #expect(merged == whole)
    }
    // Columns 1, 2 and 4 of rows, small numbers and large ones.
    let samples: [[Float]] = [[1e9, -7, 0.3], [-1e5, 3, -0.001], [2, 0.1, 255]]
    for vectors in [Array(Self.vectors[..<3]), samples] {
      var columns = Moments(numberCount: 3)
      let rows = (0..<3).flatMap { index in
        [99, vectors[0][index], vectors[1][index], .nan, vectors[2][index]]
      }
      columns.add(rows: rows, stride: 5, columns: [1, 2, 4])
      #expect(columns == Self.moments(vectors))
    }
    var rounded = Moments(numberCount: 1)
    rounded.add([-0x1.8p-20])
    #expect(rounded.means == [-0x1p-19])
  }

  @Test("what is no number counts as 0, what is too large as the largest")
  func limits() {
    var moments = Moments(numberCount: 4)
    for _ in 0..<3 { moments.add([.nan, .infinity, -1e30, 0x1p-22]) }
    #expect(moments.means == [0, 0x1p20, -0x1p20, 0])
    #expect(moments.deviations == [1, 1, 1, 1])
    moments.add([4, 0, 0, 0x1.8p-21])
    #expect(moments.means == [1, 0x1.8p19, -0x1.8p19, 0x1p-22])
    #expect(moments.deviations[0] == 3.0.squareRoot())
  }

  @Test("go on from means and deviations in single precision")
  func goingOn() {
    let moments = Self.moments(Self.vectors)
    let again = Moments(
      count: moments.count, means: moments.means.map { Double(Float($0)) },
      deviations: moments.deviations.map { Double(Float($0)) })
    #expect(again.count == moments.count)
    #expect(again.means.map { Float($0) } == moments.means.map { Float($0) })
    for (found, expected) in zip(again.deviations, moments.deviations) {
      #expect(abs(found / expected - 1) < 2e-6)
    }
    // One that was always the same stays so, or becomes what it would have been.
    #expect(again.deviations[2] == 1)
    #expect(Moments(count: 0, means: [5], deviations: [2]) == Moments(numberCount: 1))
    let odd = Moments(count: .max, means: [.nan], deviations: [.infinity])
    #expect(odd.means == [0] && odd.deviations[0].isFinite)
  }
}
