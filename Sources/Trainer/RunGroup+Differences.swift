import Settings

extension [RunGroup] {
  /// The settings that groups do not share, each with its value in every group; nil for one that is not set.
  package var differences: [(name: String, values: [String?])] {
    RunSettings.compared.compactMap { declaration in
      let values = map { $0.runs.first?.configuration?.settings[declaration.name] }
      return Set(values).count > 1 ? (declaration.name, values) : nil
    }
  }
}
