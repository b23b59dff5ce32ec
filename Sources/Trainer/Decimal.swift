import Foundation

/// `value` with `places` digits after the point.
package func decimal(_ value: Double, _ places: Int) -> String {
  // The sign of what is not a number says nothing.
  value.isNaN ? "nan" : String(format: "%.\(places)f", value)
}
