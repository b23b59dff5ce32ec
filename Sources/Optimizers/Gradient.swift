/// Limits every coordinate of `gradient` to −threshold…threshold, before an optimizer sees it.
///
/// A NaN stays one; an infinity becomes the threshold of its sign. `threshold` is not negative.
package func clip(_ gradient: inout [Float], to threshold: Float) {
  precondition(threshold >= 0, "a threshold of \(threshold)")
  for index in gradient.indices {
    if gradient[index] > threshold {
      gradient[index] = threshold
    } else if gradient[index] < -threshold {
      gradient[index] = -threshold
    }
  }
}

/// Replaces every infinity and NaN in `gradient` by 0; returns how many there were.
package func sanitize(_ gradient: inout [Float]) -> Int {
  var count = 0
  for index in gradient.indices where !gradient[index].isFinite {
    gradient[index] = 0
    count += 1
  }
  return count
}
