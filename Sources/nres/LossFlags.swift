import Foundation
import Settings
import Tasks
import Trainer

/// `value` without zeros after the point.
func shortest(_ value: Double) -> String { String(format: "%g", value) }

extension SystemCatalogue {
  /// The systems whose loss can be drawn.
  static var drawable: [any ListedSystem.Type] { all.filter { $0.lossMap != nil } }
}

extension LossMap {
  /// The flags of its ranges: `log-a`.
  var axisFlags: [String] { names.map { $0.replacing("_", with: "-") } }
}

/// The ranges of a grid, a flag for each parameter of each system.
enum LossAxes: SettingsDeclaring {
  static let declarations = firsts(
    SystemCatalogue.drawable.compactMap { $0.lossMap }.flatMap { map in
      zip(map.axisFlags, zip(map.labels, map.ranges)).map { flag, axis in
        let range = "\(shortest(axis.1.lowerBound)),\(shortest(axis.1.upperBound))"
        return SettingDeclaration(
          name: flag, kind: .text, help: "The grid's range of \(axis.0) (default: \(range)).",
          valueName: "from,to")
      }
    })
}

/// The settings of systems that matter here.
enum LossSettings: SettingsDeclaring {
  static let declarations = firsts(
    SystemCatalogue.drawable.flatMap { system in
      (system.lossMap?.settings ?? []).flatMap { name in
        RunSettings.declarations.filter { $0.name == name }
      }
    })
}

/// Of several with one name, the first.
private func firsts(_ declarations: [SettingDeclaration]) -> [SettingDeclaration] {
  var names: Set<String> = []
  return declarations.filter { names.insert($0.name).inserted }
}
