/// A named tensor's shape: one leaf of θ.
public struct ParameterLeaf: Hashable, Codable, Sendable {
  /// The leaf's name, for example `linear/w`.
  public var name: String
  /// Sizes of its axes, row-major; empty for a scalar.
  public var shape: [Int]
  /// Whether noise perturbs it and an optimizer moves it. Files do not say so: leaves that differ in
  /// nothing else are equal.
  public var isTrained: Bool

  public init(name: String, shape: [Int], isTrained: Bool = true) {
    self.name = name
    self.shape = shape
    self.isTrained = isTrained
  }

  public static func == (one: ParameterLeaf, other: ParameterLeaf) -> Bool {
    one.name == other.name && one.shape == other.shape
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(shape)
  }

  /// Number of values: the product of the axes.
  public var count: Int { shape.reduce(1, *) }

  /// What to call value `index` of the row-major array: `linear/w[0,1]`, or the leaf's name where
  /// that is a scalar.
  public func valueName(_ index: Int) -> String {
    guard !shape.isEmpty else { return name }
    var rest = index
    var indices: [String] = []
    for axis in shape.reversed() {
      indices.append("\(rest % axis)")
      rest /= axis
    }
    return "\(name)[\(indices.reversed().joined(separator: ","))]"
  }
}

/// How θ, a flat vector of float32 values, divides into named tensors.
///
/// Leaves are ordered by name, which fixes the keys of their noise. The reference sorts nested
/// dictionaries level by level; for the names of its tasks the orders agree.
public struct ParameterLayout: Hashable, Codable, Sendable {
  /// The leaves, sorted by name.
  public let leaves: [ParameterLeaf]
  /// Number of values of θ.
  public let count: Int
  /// Where each leaf's values start in the flat vector.
  public let offsets: [Int]

  /// Sorts `leaves` by name; names must differ and axes must be positive.
  public init(_ leaves: [ParameterLeaf]) {
    let sorted = leaves.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    precondition(Set(sorted.map(\.name)).count == sorted.count, "two leaves share a name")
    precondition(sorted.allSatisfy { $0.shape.allSatisfy { $0 > 0 } }, "an axis is empty")
    var offsets: [Int] = []
    var count = 0
    for leaf in sorted {
      offsets.append(count)
      count += leaf.count
    }
    self.leaves = sorted
    self.offsets = offsets
    self.count = count
  }

  /// The range of the flat vector that holds leaf `index`.
  public func range(ofLeaf index: Int) -> Range<Int> {
    offsets[index]..<offsets[index] + leaves[index].count
  }

  /// What to call value `index` of the flat vector: `linear/w[0,1]`.
  public func valueName(_ index: Int) -> String {
    let leaf = (offsets.firstIndex { $0 > index } ?? leaves.count) - 1
    return leaves[leaf].valueName(index - offsets[leaf])
  }

  /// The range of the flat vector that holds the leaf called `name`, or nil.
  public func range(of name: String) -> Range<Int>? {
    leaves.firstIndex { $0.name == name }.map { range(ofLeaf: $0) }
  }
}
