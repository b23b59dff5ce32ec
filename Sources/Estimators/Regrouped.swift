/// Rows of particles in blocks of other sizes.
///
/// - Parameters:
///   - arrays: Each block's rows: one a particle, then the particles' second ones, and so on.
///   - sides: How many rows a particle has.
///   - sizes: The particles of each block to make; all that there are together.
package func regrouped<Row>(_ arrays: [[Row]], sides: Int = 1, into sizes: [Int]) -> [[Row]] {
  let ofSides = (0..<sides).map { side in
    arrays.flatMap { rows in
      let count = rows.count / sides
      return rows[side * count..<(side + 1) * count]
    }
  }
  var first = 0
  return sizes.map { size in
    defer { first += size }
    return ofSides.flatMap { $0[first..<first + size] }
  }
}
