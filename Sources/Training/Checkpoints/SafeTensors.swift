internal import Foundation
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
    /// The elements as little-endian floats, as in the file; after reading, a slice of the file.
    fileprivate let bytes: Data

    init(name: String, shape: [Int], values: [Float]) {
      self.init(name: name, shape: shape, bytes: unsafe values.withUnsafeBytes { unsafe Data($0) })
    }

    fileprivate init(name: String, shape: [Int], bytes: Data) {
      (self.name, self.shape, self.bytes) = (name, shape, bytes)
    }

    var values: [Float] {
      unsafe [Float](unsafeUninitializedCapacity: bytes.count / 4) { buffer, count in
        count = unsafe bytes.copyBytes(to: buffer) / 4
      }
    }

    /// Copies the elements to a region, without an array in between.
    func copy(to region: FloatRegion) {
      unsafe region.withUnsafeMutablePointer { base in
        _ = unsafe bytes.copyBytes(to: UnsafeMutableBufferPointer(start: base, count: region.count))
      }
    }
  }

  var metadata: [String: String]
  var tensors: [Tensor]

  /// Larger headers are not written by Marbles.
  private static let largestHeader = 16 << 20
  private static let lengthSize = 8
  private static let metadataKey = "__metadata__"

  private struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]
  }

  /// Every key except one is the name of a tensor.
  private struct Header: Decodable {
    var metadata: [String: String] = [:]
    var entries: [String: Entry] = [:]

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
    var data = Data(capacity: Self.lengthSize + json.count + offset)
    unsafe withUnsafeBytes(of: UInt64(json.count).littleEndian) {
      unsafe data.append(contentsOf: $0)
    }
    data.append(json)
    for tensor in tensors { data.append(tensor.bytes) }
    try AtomicFile.write(data, to: path)
  }

  // MARK: Reading

  init(metadata: [String: String], tensors: [Tensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// Reads a file; sizes are checked against each other before they are used.
  init(contentsOf path: String) throws(CheckpointError) {
    guard let data = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped) else {
      throw .missing(path: path)
    }
    guard data.count > Self.lengthSize else {
      throw .wrongSize(path: path, expectedBytes: Self.lengthSize + 2, actualBytes: data.count)
    }
    let length = data.prefix(Self.lengthSize).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length > 1, length <= Self.largestHeader else {
      throw .malformed(path: path, reason: "its header would have \(length) bytes")
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
    tensors = sorted.map { name, entry in
      Tensor(
        name: name, shape: entry.shape,
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
    for (name, entry) in decoded.entries {
      guard entry.data_offsets.count == 2, entry.data_offsets[0] >= 0,
        entry.data_offsets[1] >= entry.data_offsets[0]
      else { throw .malformed(path: path, reason: "'\(name)' has impossible offsets") }
      guard entry.dtype == "F32" else {
        throw .malformed(path: path, reason: "'\(name)' holds \(entry.dtype), expected F32")
      }
      var count = MemoryLayout<Float>.size
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
}
