/// The lower factor L of a positive definite matrix L·Lᵀ, a row a dof.
struct CholeskyFactor {
  private var rows: [[Double]]

  /// - Parameter matrix: Its lower triangle counts.
  init(_ matrix: [[Double]]) {
    rows = matrix
    for column in rows.indices {
      let diagonal = rows[column][column] - dot(rows[column], rows[column], column)
      rows[column][column] = max(diagonal, smallest).squareRoot()
      let inverse = 1 / rows[column][column]
      for row in rows.indices.dropFirst(column + 1) {
        rows[row][column] =
          (rows[row][column] - dot(rows[row], rows[column], column)) * inverse
      }
    }
  }

  func solve(_ vector: [Double]) -> [Double] {
    var x = vector
    for row in x.indices {
      x[row] = (x[row] - dot(rows[row], x, row)) / rows[row][row]
    }
    for row in x.indices.reversed() {
      for below in x.indices.dropFirst(row + 1) { x[row] -= rows[below][row] * x[below] }
      x[row] /= rows[row][row]
    }
    return x
  }

  /// Turns L·Lᵀ into L·Lᵀ ± vector·vectorᵀ; false where that is no longer positive definite.
  mutating func update(_ vector: [Double], isAdded: Bool) -> Bool {
    var x = vector
    var isDefinite = true
    for column in x.indices where x[column] != 0 {
      let pivot = rows[column][column]
      let square = x[column] * x[column]
      var changed = pivot * pivot + (isAdded ? square : -square)
      if changed < smallest {
        changed = smallest
        isDefinite = false
      }
      let root = changed.squareRoot()
      let cosine = root / pivot
      let inverse = 1 / cosine
      let sine = x[column] / pivot
      rows[column][column] = root
      for row in x.indices.dropFirst(column + 1) {
        let product = sine * x[row]
        rows[row][column] =
          (isAdded ? rows[row][column] + product : rows[row][column] - product) * inverse
        x[row] = cosine * x[row] - sine * rows[row][column]
      }
    }
    return isDefinite
  }
}

/// The sum of the first `count` products, grouped as MuJoCo does.
func dot(_ left: [Double], _ right: [Double], _ count: Int? = nil) -> Double {
  let count = count ?? left.count
  let grouped = count / 4 * 4
  var sums = SIMD4<Double>.zero
  for index in stride(from: 0, to: grouped, by: 4) {
    for offset in 0..<4 { sums[offset] += left[index + offset] * right[index + offset] }
  }
  var total = (sums[0] + sums[2]) + (sums[1] + sums[3])
  if grouped < count {
    var rest = left[grouped] * right[grouped]
    for index in grouped + 1..<max(count, grouped + 1) { rest += left[index] * right[index] }
    total += rest
  }
  return total
}
