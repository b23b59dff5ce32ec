import Foundation

/// How the program was started: alone, or with others by a launcher of MPI programs.
package enum Launcher {
  /// Whether the program may be one of several that were started together. MPI is started only then.
  ///
  /// - Parameter environment: The process's, in which launchers leave their marks.
  package static func isPresent(in environment: [String: String]) -> Bool {
    if let count = count(in: environment) { return count != 1 }
    return environment["PMIX_RANK"] != nil
  }

  /// How many it says that it has started together; nil where it says nothing.
  package static func count(in environment: [String: String]) -> Int? {
    // mpirun of Open MPI and of MPICH (Hydra, also srun --mpi=pmi2) say it.
    if let count = environment["OMPI_COMM_WORLD_SIZE"] ?? environment["PMI_SIZE"] {
      return Int(count)
    }
    // srun --mpi=pmix does not, but Slurm does.
    return environment["PMIX_RANK"] == nil
      ? nil : environment["SLURM_STEP_NUM_TASKS"].flatMap { Int($0) }
  }

  /// The number among them, before MPI is started; 0 for the first and where it is not known.
  package static func rank(in environment: [String: String]) -> Int {
    let names = ["OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK"]
    return names.lazy.compactMap { environment[$0].flatMap { Int($0) } }.first ?? 0
  }

  /// The file that calls MPI: `NRES_MPI`, else the one beside the program.
  package static func libraryPath(
    in environment: [String: String], program: String
  ) -> String {
    if let path = environment["NRES_MPI"], !path.isEmpty { return path }
    let folder = URL(filePath: program).resolvingSymlinksInPath().deletingLastPathComponent()
    return folder.appending(path: "libnres-mpi.so").path
  }
}
