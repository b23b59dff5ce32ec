import Foundation

/// A number as people write it: `0.25`, `−3`, `2·10⁻⁷`.
///
/// - Parameter digits: How many of its digits it has at most.
package func numberText(_ value: Double, digits: Int = 6) -> String {
  let text = String(format: "%.\(digits)g", value)
  guard let mark = text.firstIndex(of: "e") else { return text.replacing("-", with: "−") }
  let power = Int(text[text.index(after: mark)...]) ?? 0
  let factor = text[..<mark].replacing("-", with: "−")
  switch factor {
  case "1": return "10" + superscript(power)
  case "−1": return "−10" + superscript(power)
  default: return "\(factor)·10" + superscript(power)
  }
}

/// A number with so many digits after the point: `324.1`, `−3.0`.
package func numberText(_ value: Double, decimals: Int) -> String {
  String(format: "%.\(decimals)f", value).replacing("-", with: "−")
}

/// `number` as raised digits.
package func superscript(_ number: Int) -> String {
  let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
  return String(String(number).map { $0.wholeNumberValue.map { digits[$0] } ?? "⁻" })
}
