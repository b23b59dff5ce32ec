extension Launcher {
  /// An environment without a launcher's marks, for programs that are to be alone.
  package static func withoutMarks(_ environment: [String: String]) -> [String: String] {
    let beginnings = ["OMPI_", "PMIX_", "PMI_", "PRTE_", "HYDRA_", "SLURM_STEP_NUM_TASKS"]
    return environment.filter { name, _ in !beginnings.contains { name.hasPrefix($0) } }
  }
}
