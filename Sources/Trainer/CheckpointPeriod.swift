package import Settings

/// How often a run leaves a checkpoint.
package enum CheckpointPeriod: Hashable, Sendable {
  case seconds(Double)
  case iterations(Int)
}

extension CheckpointPeriod: SettingValue {
  package static var settingKind: SettingKind { .text }

  package init(text: String, of name: String) throws(SettingsError) {
    if let count = Int(whole: text), count > 0 {
      self = .iterations(count)
    } else if let seconds = Trainer.seconds(text) {
      self = .seconds(seconds)
    } else {
      throw SettingsError(
        "--\(name) is '\(text)': give a time such as 90s or 10m, or a number of iterations")
    }
  }

  package var settingText: String? {
    switch self {
    case .seconds(let seconds): (Int(exactly: seconds).map(String.init) ?? "\(seconds)") + "s"
    case .iterations(let count): "\(count)"
    }
  }
}

/// The seconds that a time such as `3h50m`, `90s` or `1.5h` has; nil for what is none.
package func seconds(_ text: String) -> Double? {
  let units: [Character: Double] = ["d": 86400, "h": 3600, "m": 60, "s": 1]
  var rest = text[...]
  var (sum, last) = (0.0, Double.infinity)
  while !rest.isEmpty {
    let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let number = Double(digits), let unit = rest.dropFirst(digits.count).first,
      let scale = units[unit], scale < last
    else { return nil }
    sum += number * scale
    last = scale
    rest = rest.dropFirst(digits.count + 1)
  }
  return sum > 0 && sum <= 1e9 ? sum : nil
}
