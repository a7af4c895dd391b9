internal import Foundation
internal import ImageLoading
internal import Support
internal import Tensors

/// Named float arrays in one file, readable by Python's `safetensors`; no code runs on load.
///
/// Layout: the length of the header (8 bytes, little-endian), a JSON header padded with spaces to a
/// multiple of 8 bytes, then the elements, little-endian, without gaps, in the order of the
/// offsets.
struct SafeTensors: Equatable {
  struct Tensor: Equatable {
    var name: String
    var shape: [Int]
    /// How the elements are stored.
    fileprivate let kind: ElementKind
    /// The elements, little-endian, as in the file; after reading, a slice of the file.
    fileprivate let bytes: Data

    init(name: String, shape: [Int], values: [Float]) {
      self.init(
        name: name, shape: shape, kind: .F32,
        bytes: unsafe values.withUnsafeBytes { unsafe Data($0) })
    }

    fileprivate init(name: String, shape: [Int], kind: ElementKind, bytes: Data) {
      (self.name, self.shape, self.kind, self.bytes) = (name, shape, kind, bytes)
    }

    var values: [Float] {
      guard kind == .F32 else { return kind.floats(bytes) }
      return unsafe [Float](unsafeUninitializedCapacity: bytes.count / 4) { buffer, count in
        count = unsafe bytes.copyBytes(to: buffer) / 4
      }
    }

    /// Copies the elements to a region, without an array in between.
    func copy(to region: FloatRegion) {
      guard kind == .F32 else { return region.copy(from: kind.floats(bytes)) }
      unsafe region.withUnsafeMutablePointer { base in
        _ = unsafe bytes.copyBytes(to: UnsafeMutableBufferPointer(start: base, count: region.count))
      }
    }
  }

  /// Kinds of elements that are read; only F32 is written.
  fileprivate enum ElementKind: String, CaseIterable {
    case F32, F16, BF16, F64

    var size: Int {
      switch self {
      case .F32: 4
      case .F16, .BF16: 2
      case .F64: 8
      }
    }

    /// The elements, rounded to nearest.
    func floats(_ bytes: Data) -> [Float] {
      stride(from: bytes.startIndex, to: bytes.endIndex, by: size).map { start in
        let bits = bytes[start..<start + size].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return switch self {
        case .F32: Float(bitPattern: UInt32(truncatingIfNeeded: bits))
        case .F16: Self.half(UInt32(truncatingIfNeeded: bits))
        case .BF16: Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16)
        case .F64: Float(Double(bitPattern: bits))
        }
      }
    }

    /// A number of five bits of exponent and ten of fraction (IEEE 754 binary16).
    private static func half(_ bits: UInt32) -> Float {
      let (exponent, fraction) = (bits >> 10 & 0x1F, bits & 0x3FF)
      let size: Float =
        switch exponent {
        case 0: Float(fraction) * 0x1p-24
        case 0x1F: fraction == 0 ? .infinity : .nan
        default: Float(bitPattern: (exponent + 112) << 23 | fraction << 13)
        }
      return bits & 0x8000 == 0 ? size : -size
    }
  }

  var metadata: [String: String]
  var tensors: [Tensor]

  /// Larger headers are not written by Marbles.
  private static let largestHeader = 16 << 20
  private static let lengthSize = 8
  private static let metadataKey = "__metadata__"
  /// The key of the checksum among the metadata.
  private static let checksumKey = "marbles_sha256"

  private struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]
  }

  /// Every key except one is the name of a tensor.
  private struct Header: Decodable {
    var metadata: [String: String] = [:]
    var entries: [String: Entry] = [:]

    /// Names in all objects together; a file with more of them has one twice, or one unknown.
    var nameCount: Int {
      4 * entries.count + (metadata.isEmpty ? 0 : 1 + metadata.count)
    }

    private struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      for key in container.allKeys {
        if key.stringValue == metadataKey {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
      }
    }
  }

  // MARK: Writing

  func write(to path: String) throws(FileError) {
    try AtomicFile.write(to: path) { output throws(FileError) in
      try output.write(beginning)
      for tensor in tensors { try output.write(tensor.bytes) }
    }
  }

  /// The bytes of a file, which ends with the elements.
  var encoded: Data { tensors.reduce(into: beginning) { $0.append($1.bytes) } }

  /// The bytes before the elements.
  private var beginning: Data {
    var metadata = metadata
    metadata[Self.checksumKey] = Self.checksum(metadata, tensors.map(\.bytes))
    var header: [String: Any] = [Self.metadataKey: metadata]
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.bytes.count
      header[tensor.name] =
        ["dtype": "F32", "shape": tensor.shape, "data_offsets": [offset, end]] as [String: Any]
      offset = end
    }
    // It contains only strings and integers, so this cannot fail.
    var json =
      (try? JSONSerialization.data(withJSONObject: header, options: [.sortedKeys])) ?? Data()
    json.append(Data(repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8))
    var data = Data(capacity: Self.lengthSize + json.count)
    unsafe withUnsafeBytes(of: UInt64(json.count).littleEndian) {
      unsafe data.append(contentsOf: $0)
    }
    data.append(json)
    return data
  }

  /// The SHA-256 of the metadata, sorted by key, each key and each value followed by a zero byte,
  /// and then of the elements.
  private static func checksum(_ metadata: [String: String], _ elements: [Data]) -> String {
    let texts = metadata.sorted { $0.key < $1.key }
      .map { Data("\($0.key)\0\($0.value)\0".utf8) }
    return ContentHash.sha256(of: texts + elements)
  }

  // MARK: Reading

  init(metadata: [String: String], tensors: [Tensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// Reads a file; sizes are checked against each other before they are used.
  init(contentsOf path: String) throws(CheckpointError) {
    let data: Data
    do {
      data = try PlainFile.mapped(path)
    } catch {
      throw CheckpointError(path, error)
    }
    if let reason = Self.otherFormat(data.prefix(64)) {
      throw .malformed(path: path, reason: reason)
    }
    guard data.count > Self.lengthSize else {
      throw .malformed(
        path: path, reason: data.isEmpty ? "it is empty" : "it is too short to have a header")
    }
    let length = data.prefix(Self.lengthSize).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length > 1, length <= Self.largestHeader else {
      throw .malformed(
        path: path, reason: "it begins with no header")
    }
    let start = Self.lengthSize + Int(length)
    guard start <= data.count else {
      throw .wrongSize(path: path, expectedBytes: start, actualBytes: data.count)
    }
    let header = data[Self.lengthSize..<start]
    let parsed = try Self.parse(header, path)
    let sorted = parsed.entries.sorted { $0.value.data_offsets[0] < $1.value.data_offsets[0] }
    var end = 0
    for (name, entry) in sorted {
      guard entry.data_offsets[0] == end else {
        throw .malformed(path: path, reason: "'\(name)' does not start where the one before ends")
      }
      end = entry.data_offsets[1]
    }
    guard data.count == start + end else {
      throw .wrongSize(path: path, expectedBytes: start + end, actualBytes: data.count)
    }
    metadata = parsed.metadata
    if let recorded = metadata.removeValue(forKey: Self.checksumKey),
      recorded != Self.checksum(metadata, [data[start...]])
    {
      throw .damaged(path: path)
    }
    tensors = sorted.compactMap { name, entry in
      guard let kind = ElementKind(rawValue: entry.dtype) else { return nil }
      return Tensor(
        name: name, shape: entry.shape, kind: kind,
        bytes: data[start + entry.data_offsets[0]..<start + entry.data_offsets[1]])
    }
  }

  private static func parse(
    _ header: Data, _ path: String
  ) throws(CheckpointError) -> Header {
    let decoded: Header
    do {
      decoded = try JSONDecoder().decode(Header.self, from: header)
    } catch {
      throw .malformed(path: path, reason: "its header does not describe tensors")
    }
    guard Self.nameCount(header) == decoded.nameCount else {
      throw .malformed(
        path: path, reason: "a name occurs twice in its header, or an array has an unknown property"
      )
    }
    for (name, entry) in decoded.entries {
      guard entry.data_offsets.count == 2, entry.data_offsets[0] >= 0,
        entry.data_offsets[1] >= entry.data_offsets[0]
      else { throw .malformed(path: path, reason: "'\(name)' has impossible offsets") }
      guard let size = Self.elementSize(entry.dtype, of: name) else {
        let known = ElementKind.allCases.map(\.rawValue).joined(separator: ", ")
        throw .unsupportedElements(
          path: path, name: name, kind: entry.dtype, expected: "one of \(known)")
      }
      var count = size
      for extent in entry.shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: extent)
        guard extent >= 0, !overflow else {
          throw .malformed(path: path, reason: "'\(name)' has the impossible shape \(entry.shape)")
        }
        count = product
      }
      guard count == entry.data_offsets[1] - entry.data_offsets[0] else {
        throw .malformed(
          path: path, reason: "the offsets of '\(name)' do not match its shape \(entry.shape)")
      }
    }
    return decoded
  }

  /// Bytes of one element; nil if arrays of this name cannot have such elements.
  private static func elementSize(_ kind: String, of name: String) -> Int? {
    // PyTorch counts the batches its normalizations have seen; nothing uses the count.
    if kind == "I64", name.hasSuffix("num_batches_tracked") { return 8 }
    return ElementKind(rawValue: kind)?.size
  }

  /// Names of a JSON text that could be decoded: what stands before colons outside of strings.
  private static func nameCount(_ json: Data) -> Int {
    var (count, isInString, isEscaped) = (0, false, false)
    for byte in json {
      if isEscaped {
        isEscaped = false
      } else if isInString {
        isEscaped = byte == UInt8(ascii: "\\")
        isInString = byte != UInt8(ascii: "\"")
      } else if byte == UInt8(ascii: "\"") {
        isInString = true
      } else if byte == UInt8(ascii: ":") {
        count += 1
      }
    }
    return count
  }

  /// What a file is that is often taken for a checkpoint; nil for any other.
  private static func otherFormat(_ start: Data) -> String? {
    if LargeFilePointer.isOne(start) {
      return "it is a Git LFS pointer, not the file itself; fetch that with 'git lfs pull'"
    }
    if start.starts(with: Data("PK".utf8)) {
      return "it is an archive, as PyTorch and Keras write them; save it as safetensors"
    }
    let format = ImageFormat.detect(Array(start))
    return format == .unknown ? nil : "it is an image (\(format.name)); give a checkpoint"
  }
}
