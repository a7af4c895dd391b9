internal import CMessagePassing

/// The program that started this process together with others.
package struct Launcher: Equatable, Sendable {
  package enum Kind: Equatable, Sendable { case openMPI, mpich }

  /// The implementation of MPI it belongs to.
  package let kind: Kind
  /// The number of this process among those it started, from 0 on.
  package let rank: Int
  /// Processes it started, and how many of them on this host.
  package let count: Int, countOnHost: Int

  /// Recognizes the launcher by what it says in the environment; nil if there is none.
  package init?(environment: [String: String]) {
    func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
    if let count = number("OMPI_COMM_WORLD_SIZE") {
      (kind, self.count) = (.openMPI, count)
      rank = number("OMPI_COMM_WORLD_RANK") ?? 0
      countOnHost = number("OMPI_COMM_WORLD_LOCAL_SIZE") ?? 1
    } else if let count = number("PMI_SIZE") {
      (kind, self.count) = (.mpich, count)
      rank = number("PMI_RANK") ?? 0
      countOnHost = number("MPI_LOCALNRANKS") ?? 1
    } else {
      return nil
    }
  }

  /// The name of the implementation, and the file of its library.
  package var name: String { kind == .openMPI ? "Open MPI" : "MPICH" }
  /// See `name`.
  package var library: String {
    #if os(macOS)
    kind == .openMPI ? "libmpi.40.dylib" : "libmpi.12.dylib"
    #else
    kind == .openMPI ? "libmpi.so.40" : "libmpich.so.12"
    #endif
  }

  var mpiKind: mrb_mpi_kind { kind == .openMPI ? mrb_open_mpi : mrb_mpich }
}
