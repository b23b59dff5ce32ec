import Figures
import Settings

extension FigureFormat {
  /// The format that the value of `--output` names.
  ///
  /// - Throws: `SettingsError` for another name.
  init(output: String) throws(SettingsError) {
    guard let format = FigureFormat(path: output) else {
      throw SettingsError("--output is '\(output)': the name must end in .png, .svg or .pdf")
    }
    self = format
  }
}
