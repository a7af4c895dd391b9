import ConvNet
import Foundation
import ImageLoading
import Support
import Tensors
import TestSupport
import Testing
import Training

@Suite struct CheckpointTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = "\(folder.path)/a.safetensors"
  }

  func checkpoint(
    _ architecture: String = "conv 4 3x3, batchnorm, relu, global-pool, flatten, dense"
  ) throws -> Checkpoint {
    let description = ModelDescription(
      architecture: architecture, model: nil, classes: ["Kätzchen", "big dog"], imageSize: 8,
      fit: .letterbox,
      normalization: Normalization(mean: [0.5, 0.4, 0.3], standardDeviation: [0.2, 0.2, 0.1]),
      epoch: 3, step: 40, validationLoss: 0.25, run: "a run")
    let values = try description.makeNetwork().initialValues(seed: 7)
    return Checkpoint(
      description: description, parameters: values.parameters, statistics: values.statistics)
  }

  @Test func `what was written is read back`() throws {
    let written = try checkpoint()
    try written.write(to: path)
    #expect(try Checkpoint(contentsOf: path) == written)
  }

  @Test func `nothing but the checkpoint is left behind`() throws {
    try checkpoint().write(to: path)
    try checkpoint().write(to: path)
    #expect(folder.contents == ["a.safetensors"])
  }

  @Test func `the header is what the format asks for`() throws {
    try checkpoint().write(to: path)
    let bytes = try folder.read("a.safetensors")
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(length % 8 == 0)
    let header = try #require(
      JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length])) as? [String: Any])
    let weight = try #require(header["0.weight"] as? [String: Any])
    #expect(weight["dtype"] as? String == "F32")
    #expect(weight["shape"] as? [Int] == [4, 3, 3, 3])
    #expect(header["1.running_var"] != nil)
    #expect((header["__metadata__"] as? [String: String])?["marbles"] != nil)
  }

  @Test func `a flipped bit is noticed wherever it is`() throws {
    try checkpoint().write(to: path)
    let bytes = try folder.read("a.safetensors")
    let name = try #require(Data(bytes).firstRange(of: Data("big dog".utf8))).lowerBound
    for place in [name, bytes.count - 4, bytes.count - 200] {
      var damaged = bytes
      damaged[place] ^= 1
      let copy = try folder.write(damaged, to: "b.safetensors")
      #expect(throws: CheckpointError.damaged(path: copy)) { try Checkpoint(contentsOf: copy) }
    }
  }

  @Test func `a checkpoint without a checksum is read, as those of earlier versions`() throws {
    let written = try checkpoint()
    try written.write(to: path)
    let bytes = try folder.read("a.safetensors")
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    var header = try #require(
      JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length])) as? [String: Any])
    var metadata = try #require(header["__metadata__"] as? [String: String])
    #expect(metadata.removeValue(forKey: "marbles_sha256")?.count == 64)
    header["__metadata__"] = metadata
    let text = try JSONSerialization.data(withJSONObject: header)
    let size = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    try folder.write(size + Array(text) + bytes[(8 + length)...], to: "a.safetensors")
    #expect(try Checkpoint(contentsOf: path) == written)
  }

  @Test func `a missing file is missing`() {
    #expect(throws: CheckpointError.missing(path: path)) { try Checkpoint(contentsOf: path) }
  }

  /// Cut after every 53rd byte: always refused, never crashed.
  @Test func `a checkpoint cut anywhere is refused`() throws {
    try checkpoint().write(to: path)
    let bytes = try folder.read("a.safetensors")
    for length in stride(from: 0, to: bytes.count, by: 53) {
      let cut = try folder.write(bytes.prefix(length), to: "cut.safetensors")
      #expect(throws: CheckpointError.self, "cut after \(length) bytes") {
        try Checkpoint(contentsOf: cut)
      }
    }
  }

  @Test func `a checkpoint cut in half says how many bytes are missing`() throws {
    try checkpoint().write(to: path)
    let bytes = try folder.read("a.safetensors")
    let cut = try folder.write(bytes.prefix(bytes.count - 100), to: "cut.safetensors")
    #expect(
      throws: CheckpointError.wrongSize(
        path: cut, expectedBytes: bytes.count, actualBytes: bytes.count - 100)
    ) { try Checkpoint(contentsOf: cut) }
  }

  @Test func `a header that promises more than the file holds is refused before it is believed`()
    throws
  {
    let huge = try folder.write([0, 0, 0, 0, 0, 0, 0, 0x7F, 1, 2], to: "huge.safetensors")
    #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: huge) }
  }

  /// A safetensors file from hand-written JSON.
  func file(_ header: String, _ count: Int) throws -> String {
    var bytes = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
    bytes += Array(header.utf8) + [UInt8](repeating: 0, count: count)
    return try folder.write(bytes, to: "made.safetensors")
  }

  @Test(arguments: [
    (#"[1]"#, 0), (#"{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 4), (#"{"a":3}"#, 4),
  ])
  func `a header that does not add up is malformed`(header: String, count: Int) throws {
    let path = try file(header, count)
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: path) }
    guard case .malformed? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `a safetensors file of somebody else is foreign`() throws {
    let path = try file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4)
    #expect(throws: CheckpointError.foreign(path: path)) { try Checkpoint(contentsOf: path) }
  }

  /// The same parameters under the description of another network.
  @Test func `arrays of another shape are refused with both shapes`() throws {
    var other = try checkpoint("conv 5, batchnorm, relu, global-pool, flatten, dense")
    other.description.architecture = "conv 4 3x3, batchnorm, relu, global-pool, flatten, dense"
    try other.write(to: path)
    #expect(
      throws: CheckpointError.wrongShape(
        path: path, name: "0.weight", expected: [4, 3, 3, 3], actual: [5, 3, 3, 3])
    ) { try Checkpoint(contentsOf: path) }
  }

  @Test func `a missing and a surplus array are named`() throws {
    var other = try checkpoint()
    other.description.architecture =
      "conv 4 3x3 no-bias, batchnorm, relu, global-pool, flatten, dense"
    try other.write(to: path)
    #expect(throws: CheckpointError.unknownTensor(path: path, name: "0.bias")) {
      try Checkpoint(contentsOf: path)
    }
    other = try checkpoint("conv 4 3x3 no-bias, batchnorm, relu, global-pool, flatten, dense")
    other.description.architecture = "conv 4 3x3, batchnorm, relu, global-pool, flatten, dense"
    try other.write(to: path)
    #expect(throws: CheckpointError.missingTensor(path: path, name: "0.bias")) {
      try Checkpoint(contentsOf: path)
    }
  }

  @Test func `a checkpoint of a later format asks for a newer marbles`() throws {
    var newer = try checkpoint()
    newer.description.format = 2
    try newer.write(to: path)
    #expect(throws: CheckpointError.newerFormat(path: path, version: 2)) {
      try Checkpoint(contentsOf: path)
    }
  }

  @Test func `a folder that cannot be written is named with the reason`() throws {
    let error = #expect(throws: FileError.self) {
      try checkpoint().write(to: "\(folder.path)/no/such/folder.safetensors")
    }
    #expect(error?.reason == "No such file or directory")
  }
}
