internal import ConvNet
package import Foundation
public import Support
public import Tensors

/// A trained network in one file: its parameters and statistics, and how to use them.
public struct Checkpoint: Equatable, Sendable {
  /// Architecture, classes and preprocessing.
  public var description: ModelDescription
  /// What the optimizer changed.
  public var parameters: ParameterVector
  /// Running statistics.
  public var statistics: ParameterVector

  /// The safetensors metadata key of the description.
  static let metadataKey = "marbles"

  /// Creates a checkpoint from its parts.
  public init(
    description: ModelDescription, parameters: ParameterVector, statistics: ParameterVector
  ) {
    self.description = description
    self.parameters = parameters
    self.statistics = statistics
  }

  /// Reads a checkpoint and checks that every array has its place in the network it describes.
  ///
  /// - Parameter catalogues: Where its layers and its objective are looked up.
  /// - Throws: `CheckpointError` naming the file, the array, what was expected and what is there.
  public init(
    contentsOf path: String, catalogues: Catalogues = .standard
  ) throws(CheckpointError) {
    self = try Checkpoint.read(SafeTensors(contentsOf: path), path, catalogues).checkpoint
  }

  /// Why a file is not one that was written whole, by its sizes and its checksum; nil if it is.
  package static func damage(of path: String) -> CheckpointError? {
    do throws(CheckpointError) {
      _ = try SafeTensors(contentsOf: path)
      return nil
    } catch {
      return error
    }
  }

  /// The bytes of a file.
  package var encoded: Data { safeTensors.encoded }

  /// Writes the checkpoint, whole or not at all.
  ///
  /// - Throws: `FileError` if the file cannot be written, also for what is not a plain file.
  public func write(to path: String) throws(FileError) {
    try safeTensors.write(to: path)
  }

  var safeTensors: SafeTensors {
    var tensors: [SafeTensors.Tensor] = []
    for vector in [parameters, statistics] {
      for (index, slot) in vector.layout.slots.enumerated() {
        tensors.append(.init(name: slot.name, shape: slot.shape, values: vector[slot: index]))
      }
    }
    return SafeTensors(metadata: [Self.metadataKey: jsonText(description)], tensors: tensors)
  }

  /// The checkpoint in a file, and the arrays that do not belong to the network.
  static func read(
    _ file: SafeTensors, _ path: String, _ catalogues: Catalogues, extraPrefix: String? = nil
  ) throws(CheckpointError) -> (checkpoint: Checkpoint, extra: [SafeTensors.Tensor]) {
    guard let text = file.metadata[metadataKey] else { throw .foreign(path: path) }
    struct Version: Decodable { var format: Int }
    if let version = try? jsonDecoder().decode(Version.self, from: Data(text.utf8)),
      version.format > ModelDescription.currentFormat
    {
      throw .newerFormat(path: path, version: version.format)
    }
    let description: ModelDescription
    do {
      description = try catalogues.decoder().decode(ModelDescription.self, from: Data(text.utf8))
    } catch {
      throw .undecodable(path, error, of: Data(text.utf8), otherwise: "it cannot be read")
    }
    if let reason = description.problem { throw .inconsistent(path: path, reason: reason) }
    let network: Network
    do {
      network = try description.makeNetwork(catalogues: catalogues)
    } catch {
      throw .inconsistent(path: path, reason: error.description)
    }
    let features = network.shapes[network.layers.count - 1].count
    if let own = description.answering?.directions.first?.count, own != features {
      throw .inconsistent(
        path: path,
        reason: "answering has directions of \(own) features, and the network \(features)")
    }
    var rest = Dictionary(file.tensors.map { ($0.name, $0) }) { first, _ in first }
    // Before memory is reserved, so that no more is than the file has.
    try check([network.parameterLayout, network.statisticLayout], against: rest, path)
    var parameters = ParameterVector(network.parameterLayout)
    var statistics = ParameterVector(network.statisticLayout)
    try fill(&parameters, from: &rest, path)
    try fill(&statistics, from: &rest, path)
    let unknown = rest.keys.sorted().first { name in
      extraPrefix.map { !name.hasPrefix($0) } ?? true
    }
    if let unknown, unknown.hasPrefix(TrainingState.prefix) {
      throw .inconsistent(
        path: path,
        reason: "it is the state that a run resumes from; give best.safetensors or last.safetensors"
      )
    }
    if let unknown { throw .unknownTensor(path: path, name: unknown) }
    return (
      Checkpoint(description: description, parameters: parameters, statistics: statistics),
      Array(rest.values)
    )
  }

  /// Compares names and shapes.
  private static func check(
    _ layouts: [ParameterLayout], against tensors: [String: SafeTensors.Tensor], _ path: String
  ) throws(CheckpointError) {
    for slot in layouts.flatMap(\.slots) {
      guard let tensor = tensors[slot.name] else {
        throw .missingTensor(path: path, name: slot.name)
      }
      guard tensor.shape == slot.shape else {
        throw .wrongShape(
          path: path, name: slot.name, expected: slot.shape, actual: tensor.shape)
      }
    }
  }

  private static func fill(
    _ vector: inout ParameterVector, from tensors: inout [String: SafeTensors.Tensor],
    _ path: String
  ) throws(CheckpointError) {
    for (index, slot) in vector.layout.slots.enumerated() {
      guard let tensor = tensors.removeValue(forKey: slot.name) else { continue }
      vector.fill(slot: index) { tensor.copy(to: $0) }
      let lowest: Float = slot.name.hasSuffix("running_var") ? 0 : -.infinity
      let element = vector.scalars[vector.layout.ranges[index]].first {
        !$0.isFinite || $0 < lowest
      }
      if let element { throw .unusableElement(path: path, name: slot.name, element: element) }
    }
  }
}
