import Parameters

/// θ's in memory.
struct LoadedTheta: ThetaRows {
  let path: String
  let format: ThetaFormat
  let layout: ParameterLayout
  let iterations: KeptIterations
  var rowCount: Int { iterations.count }
  private let values: [Float]
  /// Where each leaf's first row starts in the values, and how far its rows are apart.
  private let places: [(start: Int, stride: Int)]

  init(
    path: String, format: ThetaFormat, layout: ParameterLayout, iterations: KeptIterations,
    values: [Float], places: [(start: Int, stride: Int)]
  ) {
    self.path = path
    self.format = format
    self.layout = layout
    self.iterations = iterations
    self.values = values
    self.places = places
  }

  func theta(at row: Int) throws(RecordError) -> [Float] {
    try check(row)
    var theta: [Float] = []
    theta.reserveCapacity(layout.count)
    for (leaf, place) in zip(layout.leaves, places) {
      let start = place.start + row * place.stride
      theta += values[start..<start + leaf.count]
    }
    return theta
  }
}

// MARK: Arrays with or without an axis of iterations

/// An array of a file that does not say whether its first axis counts iterations.
struct StoredArray {
  var name: String
  var shape: [Int]
  /// Where its values start, row-major.
  var start: Int
}

extension LoadedTheta {
  /// θ's made of `arrays`, whose values are all within `values`; those without values are left out.
  init(
    path: String, format: ThetaFormat, arrays: [StoredArray], values: [Float]
  ) throws(RecordError) {
    func invalid(_ cause: String) -> RecordError { RecordError(.dataError, path, cause) }

    let all = arrays
    let arrays = all.filter { !$0.shape.contains(0) }
    if arrays.isEmpty, let empty = all.first {
      throw invalid("leaf \(quoted(empty.name)) has an empty axis: its shape is \(empty.shape)")
    }
    guard let first = arrays.first else { throw invalid("holds no leaf") }
    var names = Set<String>()
    for array in all where !names.insert(array.name).inserted {
      throw invalid("\(quoted(array.name)) occurs twice")
    }
    let rowCount: Int?
    if try Self.hasIterations(arrays, invalid) {
      for array in arrays where array.shape.first != first.shape.first {
        throw invalid(
          "leaf \(quoted(array.name)) has \(axis(of: array)), "
            + "\(quoted(first.name)) \(axis(of: first))")
      }
      rowCount = first.shape.first
    } else {
      rowCount = nil
    }
    let starts = Dictionary(uniqueKeysWithValues: arrays.map { ($0.name, $0.start) })
    let layout = ParameterLayout(
      arrays.map {
        ParameterLeaf(name: $0.name, shape: Array($0.shape.dropFirst(rowCount == nil ? 0 : 1)))
      })
    self.init(
      path: path, format: format, layout: layout, iterations: .all(rowCount ?? 1), values: values,
      places: layout.leaves.map { (starts[$0.name, default: 0], $0.count) })
  }

  /// Whether the first axis of the arrays counts iterations.
  ///
  /// Weights (`w`, and `weight` or `kernel` of other programs) have two axes and biases one in a
  /// single θ, and one more in a trajectory. Without such leaves a leading axis that all share counts
  /// the iterations.
  static func hasIterations(
    _ arrays: [StoredArray], _ invalid: (String) -> RecordError
  ) throws(RecordError) -> Bool {
    var witness: (name: String, says: Bool)?
    for array in arrays {
      guard let axes = axisCount(ofLeaf: array.name), (axes...axes + 1).contains(array.shape.count)
      else { continue }
      let says = array.shape.count > axes
      if let witness, witness.says != says {
        let (with, without) = says ? (array.name, witness.name) : (witness.name, array.name)
        throw invalid(
          "leaf \(quoted(with)) has an axis of iterations, \(quoted(without)) has none")
      }
      witness = witness ?? (array.name, says)
    }
    if let witness { return witness.says }
    return arrays.allSatisfy { $0.shape.first != nil && $0.shape.first == arrays[0].shape.first }
  }
}

/// How many axes the leaf called `name` has in a single θ, where the last part of the name tells.
private func axisCount(ofLeaf name: String) -> Int? {
  switch name.split(whereSeparator: { $0 == "/" || $0 == "." }).last {
  case "w", "weight", "kernel": 2
  case "b", "bias": 1
  default: nil
  }
}

private func axis(of array: StoredArray) -> String {
  array.shape.first.map { "\($0) iterations" } ?? "no axis of iterations"
}

/// `size` × the product of the axes; nil when that overflows.
func byteCount(of shape: [Int], size: Int = 4) -> Int? {
  var bytes = size
  for axis in shape {
    let product = bytes.multipliedReportingOverflow(by: axis)
    guard !product.overflow else { return nil }
    bytes = product.partialValue
  }
  return bytes
}
