import ConvNet
import Tensors
import Testing

/// An architecture may come from a file of somebody else.
@Suite struct UntrustedArchitectureTests {
  func refusal(_ text: String, imageSize: Int = 64) -> String {
    let error = #expect(throws: ArchitectureError.self) {
      try Network(Architecture(text), imageSize: imageSize, classCount: 2)
    }
    return error?.description ?? ""
  }

  func nested(_ depth: Int) -> String {
    String(repeating: "residual (", count: depth) + "relu" + String(repeating: ")", count: depth)
      + ", global-pool, flatten, dense"
  }

  @Test func `blocks nested without end are refused`() {
    for depth in [17, 14_000] { #expect(refusal(nested(depth)).contains("more than 16 deep")) }
  }

  @Test func `blocks nested as deep as allowed are fitted once each`() throws {
    #expect(try Network(Architecture(nested(16)), imageSize: 8, classCount: 2).layers.count == 4)
  }

  @Test(arguments: [
    "flatten, dense 1048576, dense 1048576, dense",
    "conv 65536 64x64, conv 65536 64x64, global-pool, flatten, dense",
    "residual (flatten, dense 1048576, dense 1048576), dense",
  ])
  func `more elements than can be counted are refused before they are`(text: String) {
    #expect(refusal(text).contains("would take more than 8.6 GB"))
  }

  @Test func `an image of more elements than can be counted is refused`() {
    #expect(refusal("global-pool, flatten, dense", imageSize: 100_000).contains("100000×100000×3"))
  }

  @Test func `a long text is refused`() {
    #expect(
      refusal(String(repeating: "x", count: 2_000_000)).contains("more than 1.0 MB"))
    #expect(refusal(String(repeating: "x", count: 900_000)).count < 1000)
  }

  @Test func `memory that nobody has is refused with the number of bytes`() {
    let error = #expect(throws: ArchitectureError.self) {
      try Network.requireMemory(1 << 60, workers: Workers(count: 1), remedy: "use less")
    }
    #expect(error?.description.contains("1.2 EB of memory (1152921504606846976 bytes)") == true)
  }
}
