import MessagePassing
import Testing

@Suite struct LauncherTests {
  @Test func `a process that mpirun did not start joins nobody`() throws {
    #expect(try Ranks.join(environment: ["PATH": "/bin"]) == nil)
    #expect(try Ranks.join(environment: ["PMI_SIZE": "1"]) == nil)
    #expect(try Ranks.join(environment: ["OMPI_COMM_WORLD_SIZE": "1"]) == nil)
  }

  @Test func `the launcher decides which library is opened`() throws {
    let open = try #require(
      Launcher(environment: [
        "OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_LOCAL_SIZE": "2", "OMPI_COMM_WORLD_RANK": "3",
      ]))
    #expect(open.kind == .openMPI && open.count == 4 && open.countOnHost == 2 && open.rank == 3)
    let mpich = try #require(
      Launcher(environment: ["PMI_SIZE": "3", "MPI_LOCALNRANKS": "3", "PMI_RANK": "1"]))
    #expect(mpich.kind == .mpich && mpich.count == 3 && mpich.countOnHost == 3 && mpich.rank == 1)
    #expect(open.library != mpich.library)
  }

  @Test func `more processes than shards are refused before a library is opened`() {
    #expect(throws: MessagePassingError.tooMany(9, limit: 8)) {
      try Ranks.join(environment: ["PMI_SIZE": "9"])
    }
  }
}
