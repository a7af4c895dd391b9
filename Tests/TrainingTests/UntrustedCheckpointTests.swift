import Foundation
import ImageLoading
import Tensors
import TestSupport
import Testing
import Training

/// What a checkpoint says is checked before it is believed.
@Suite struct UntrustedCheckpointTests {
  let folder: TemporaryFolder
  let path: String
  let header: [String: Any]
  let values: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    path = "\(folder.path)/a.safetensors"
    let description = ModelDescription(
      architecture: "conv 4 3x3, batchnorm, relu, global-pool, flatten, dense", model: nil,
      classes: ["cat", "dog"], imageSize: 8, fit: .crop,
      normalization: Normalization(mean: [0.5, 0.4, 0.3], standardDeviation: [0.2, 0.2, 0.1]),
      epoch: 3, step: 40, validationLoss: 0.25, run: "a run")
    let initial = try description.makeNetwork().initialValues(seed: 7)
    try Checkpoint(
      description: description, parameters: initial.parameters, statistics: initial.statistics
    ).write(to: path)
    let bytes = try folder.read("a.safetensors")
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    var header = try #require(
      JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length])) as? [String: Any])
    // Who forges a file leaves the checksum out.
    let metadata = try #require(header["__metadata__"] as? [String: String])
    header["__metadata__"] = metadata.filter { $0.key == "marbles" }
    self.header = header
    values = Array(bytes[(8 + length)...])
  }

  /// Writes a file from the text of its header and its values.
  @discardableResult
  func write(_ header: some Collection<UInt8>, _ values: [UInt8]) throws -> String {
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return try folder.write(length + Array(header) + values, to: "a.safetensors")
  }

  /// Changes the description in the checkpoint.
  func describe(_ change: (inout [String: Any]) -> Void) throws {
    var header = header
    let metadata = try #require(header["__metadata__"] as? [String: String])
    let text = Data(try #require(metadata["marbles"]).utf8)
    var description = try #require(
      JSONSerialization.jsonObject(with: text) as? [String: Any])
    change(&description)
    let changed = try JSONSerialization.data(withJSONObject: description)
    header["__metadata__"] = ["marbles": String(decoding: changed, as: UTF8.self)]
    try write(JSONSerialization.data(withJSONObject: header), values)
  }

  /// The message with which the checkpoint is refused.
  func refusal(sourceLocation: SourceLocation = #_sourceLocation) -> String {
    let error = #expect(throws: CheckpointError.self, sourceLocation: sourceLocation) {
      try Checkpoint(contentsOf: path)
    }
    return error?.description ?? ""
  }

  @Test(arguments: [-1, 0, 4097, 100_000, 1 << 31, .max])
  func `an image size outside its range is refused`(size: Int) throws {
    try describe { $0["image_size"] = size }
    #expect(refusal().contains("image_size is \(size), expected 1 to 4096"))
  }

  @Test(arguments: [
    ("channels", "1"), ("epoch", "-1"), ("step", "-9"), ("classes", "[]"), ("classes", #"["a"]"#),
    ("classes", #"["a","a"]"#), ("classes", #"["a",""]"#), ("validation_accuracy", "7"),
    ("normalization", #"{"mean":[0,0],"standard_deviation":[1,1]}"#),
    ("normalization", #"{"mean":[0,0,0],"standard_deviation":[1,0,1]}"#),
    ("normalization", #"{"mean":[0,0,0],"standard_deviation":[1,1e-45,1]}"#),
    ("normalization", #"{"mean":[0,0,"nan"],"standard_deviation":[1,1,1]}"#),
    ("image_size", #""large""#), ("architecture", #""flatten, dense 1048576, dense""#),
  ])
  func `a description that cannot be is refused`(name: String, value: String) throws {
    let json = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
    try describe { $0[name] = json }
    #expect(refusal().contains(path))
  }

  @Test(arguments: [
    ("precision", #""float17""#, "precision: 'float17' is not a precision; "),
    ("fit", #""oval""#, "fit: 'oval' is not a fit; there are crop, "),
    ("temperature", "1e308", "a number is out of range, or is not whole"),
    ("step", "1e30", "a number is out of range, or is not whole"),
    ("step", "1.5", "a number is out of range, or is not whole"),
  ])
  func `what a description cannot hold is said in words`(
    name: String, value: String, words: String
  ) throws {
    let json = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
    try describe { $0[name] = json }
    #expect(refusal().contains(words), "\(refusal())")
  }

  @Test func `shapes are compared before memory is reserved for them`() throws {
    try describe { $0["architecture"] = "flatten, dense 1048576, relu, dense" }
    #expect(refusal().contains("'1.weight' has shape [4]"))
  }

  @Test func `a network that holds what is no number is refused by the name of the array`()
    throws
  {
    var checkpoint = try Checkpoint(contentsOf: path)
    checkpoint.parameters.scalars[3] = .nan
    try checkpoint.write(to: path)
    #expect(refusal().contains("'0.weight' holds nan"))
    checkpoint.parameters.scalars[3] = 0
    checkpoint.statistics.scalars[5] = -1
    try checkpoint.write(to: path)
    #expect(refusal().contains("'1.running_var' holds -1.0"))
  }

  /// The values of the checkpoint in another precision, with a count of batches beside them.
  func convert(_ kind: String, _ bytes: (Float) -> [UInt8]) throws {
    var (changed, made, offset) = (header, [UInt8](), 0)
    for name in header.keys.filter({ $0 != "__metadata__" }).sorted() {
      let entry = try #require(header[name] as? [String: Any])
      let offsets = try #require(entry["data_offsets"] as? [Int])
      for start in stride(from: offsets[0], to: offsets[1], by: 4) {
        let bits = values[start..<start + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        made += bytes(Float(bitPattern: bits))
      }
      changed[name] = [
        "dtype": kind, "shape": entry["shape"] ?? [], "data_offsets": [offset, made.count],
      ]
      offset = made.count
    }
    changed["1.num_batches_tracked"] = [
      "dtype": "I64", "shape": [Int](), "data_offsets": [offset, offset + 8],
    ]
    try write(
      JSONSerialization.data(withJSONObject: changed), made + [UInt8](repeating: 1, count: 8))
  }

  func littleEndian(_ bits: some FixedWidthInteger) -> [UInt8] {
    (0..<bits.bitWidth / 8).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
  }

  @Test func `arrays in double and in half precision are read`() throws {
    let original = try Checkpoint(contentsOf: path)
    try convert("F64") { littleEndian(Double($0).bitPattern) }
    #expect(try Checkpoint(contentsOf: path) == original)
    try convert("BF16") { littleEndian(UInt16(truncatingIfNeeded: $0.bitPattern >> 16)) }
    let coarse = try Checkpoint(contentsOf: path)
    #expect(
      zip(coarse.parameters.scalars, original.parameters.scalars).allSatisfy {
        abs($0 - $1) <= abs($1) / 128
      })
    // 0.1, 1, −2, the largest and the smallest numbers of half precision, in turn.
    let halves: [UInt16] = [0x2E66, 0x3C00, 0xC000, 0x7BFF, 0x0001]
    var next = 0
    try convert("F16") { value in
      defer { next += 1 }
      return littleEndian(value == 1 ? 0x3C00 : halves[next % 5])
    }
    let read = Set(try Checkpoint(contentsOf: path).parameters.scalars)
    #expect(read.isSuperset(of: [0x1.998p-4, 1, -2, 65504, 0x1p-24]))
  }

  @Test func `elements of another kind are named`() throws {
    try convert("I32") { _ in [0, 0, 0, 0] }
    #expect(refusal().contains("holds elements of kind I32, expected one of F32, F16, BF16, F64"))
  }

  @Test func `a name that occurs twice in a header is refused`() throws {
    let text = String(
      decoding: try JSONSerialization.data(withJSONObject: header), as: UTF8.self)
    try write((text.dropLast() + #","__metadata__":{"marbles":"{}"}}"#).utf8, values)
    #expect(refusal().contains("a name occurs twice"))
  }

  @Test func `a pointer of Git LFS is recognized`() throws {
    try folder.write(
      "version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 9\n".utf8,
      to: "a.safetensors")
    #expect(refusal().contains("git lfs pull"))
  }

  @Test func `a rule for answers that does not fit is refused`() throws {
    let rule: [String: Any] = [
      "directions": [[1, 0, 0, 0], [0, 1, 0, 0]], "least_similarity": 0.5,
      "least_probability": 0.6, "coverage": 0.95, "image_count": 60,
    ]
    try describe { $0["answering"] = rule }
    #expect(try Checkpoint(contentsOf: path).description.answering?.imageCount == 60)
    for (name, value, words) in [
      ("directions", [[1, 0, 0, 0]], "do not fit 2 classes"),
      ("directions", [[1], [1]], "directions of 1 features, and the network 4"),
      ("least_probability", 7, "answering.least_probability is 7.0, expected 0.0 to 1.0"),
      ("image_count", 0, "answering.image_count is 0, expected 1 to"),
      ("image_count", 1.5, "it cannot be read: "),
      ("directions", [[], []], "do not fit"),
      ("directions", [[0, 0, 0, 0], [0, 1, 0, 0]], "do not"),
      ("least_similarity", 2, "answering.least_similarity is 2.0, expected -1.0 to 1.0"),
    ] as [(String, Any, String)] {
      var changed = rule
      changed[name] = value
      try describe { $0["answering"] = changed }
      #expect(refusal().contains(words), "\(name): \(refusal())")
    }
  }
}
