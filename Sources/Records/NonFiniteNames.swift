package import Foundation

/// The names of numbers that are not finite, in JSON as in `scalars.csv`.
private let (infinity, minusInfinity, notANumber) = ("inf", "-inf", "nan")

extension JSONEncoder.NonConformingFloatEncodingStrategy {
  /// Writes `"inf"`, `"-inf"` and `"nan"`.
  package static var byName: Self {
    .convertToString(
      positiveInfinity: infinity, negativeInfinity: minusInfinity, nan: notANumber)
  }
}

extension JSONDecoder.NonConformingFloatDecodingStrategy {
  /// Reads the same.
  package static var byName: Self {
    .convertFromString(
      positiveInfinity: infinity, negativeInfinity: minusInfinity, nan: notANumber)
  }
}
