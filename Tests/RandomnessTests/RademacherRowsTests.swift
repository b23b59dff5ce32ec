import Randomness
import Testing

/// Signs of some rows of a draw, without the others.
struct RademacherRowsTests {
  /// Every split of the rows, every width, odd and even numbers of words.
  @Test(arguments: [1, 2, 7, 16, 33, 200], [1, 2, 5])
  func rowsOfTheWholeDraw(_ rowCount: Int, _ width: Int) {
    let key = PRNGKey(seed: UInt64(rowCount))
    let whole = key.rademacher(rowCount * width)
    for first in stride(from: 0, to: rowCount, by: 5) {
      for last in [first + 1, min(first + 16, rowCount)] {
        var rows = [Float](repeating: 0, count: (last - first) * width)
        key.fillRademacher(
          &rows, rows: first..<last, of: rowCount, columns: 0..<width, width: width)
        #expect(rows == Array(whole[first * width..<last * width]))
      }
    }
  }

  @Test func columnsAreWrittenAndNoOthers() {
    let key = PRNGKey(seed: 1)
    let whole = key.rademacher(40)
    var matrix = [Float](repeating: 9, count: 6 * 5)
    key.fillRademacher(&matrix, rows: 3..<9, of: 20, columns: 2..<4, width: 5)
    for row in 0..<6 {
      #expect(Array(matrix[row * 5..<row * 5 + 2]) == [9, 9])
      #expect(
        Array(matrix[row * 5 + 2..<row * 5 + 4])
          == Array(whole[(row + 3) * 2..<(row + 4) * 2]))
      #expect(matrix[row * 5 + 4] == 9)
    }
  }
}
