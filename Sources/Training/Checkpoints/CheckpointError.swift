internal import ConvNet
internal import Foundation
internal import ImageLoading
internal import Optimization
internal import Support
internal import Tensors

/// Why a checkpoint cannot be used.
public enum CheckpointError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no such file.
  case missing(path: String)
  /// The file cannot be opened, or it is not a plain file.
  case unreadable(path: String, reason: String)
  /// The file is shorter or longer than its header says.
  case wrongSize(path: String, expectedBytes: Int, actualBytes: Int)
  /// The content is not what was written.
  case damaged(path: String)
  /// The file is not in the safetensors format.
  case malformed(path: String, reason: String)
  /// The file is a safetensors file, but not written by Marbles.
  case foreign(path: String)
  /// The file was written by a newer version.
  case newerFormat(path: String, version: Int)
  /// An array that the network needs is missing.
  case missingTensor(path: String, name: String)
  /// The network has no place for an array.
  case unknownTensor(path: String, name: String)
  /// An array has another shape than the network's.
  case wrongShape(path: String, name: String, expected: [Int], actual: [Int])
  /// An array has elements that are not read.
  case unsupportedElements(path: String, name: String, kind: String, expected: String)
  /// An array holds what cannot be used: NaN, infinity, or a negative variance.
  case unusableElement(path: String, name: String, element: Float)
  /// The description inside is inconsistent.
  case inconsistent(path: String, reason: String)

  /// Why a file could not be opened or read.
  init(_ path: String, _ refusal: PlainFile.Refusal) {
    self =
      refusal.isMissing ? .missing(path: path) : .unreadable(path: path, reason: refusal.reason)
  }

  /// What keeps texts from being decoded: a choice that no catalogue has, or `reason`.
  static func undecodable(
    _ path: String, _ error: any Error, of texts: Data..., otherwise reason: String
  ) -> CheckpointError {
    // Numbers of a text are read when they are wanted, and then it is said to be no JSON.
    let isJSON = texts.allSatisfy { (try? jsonDecoder().decode(AnyJSON.self, from: $0)) != nil }
    let detail: String? =
      switch error {
      case let error as ChoiceError: error.description
      case DecodingError.typeMismatch(_, let context): "\(place(context)) has another type"
      case DecodingError.valueNotFound(_, let context): "\(place(context)) has no value"
      case DecodingError.keyNotFound(let key, let context):
        "\(place(context, key)) is missing"
      case DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty && isJSON:
        "a number is out of range, or is not whole"
      case DecodingError.dataCorrupted(let context):
        (context.codingPath.isEmpty ? "" : "\(place(context)): ")
          + clause(context)
      default: nil
      }
    return .inconsistent(path: path, reason: detail.map { "\(reason): \($0)" } ?? reason)
  }

  private struct AnyJSON: Decodable { init(from decoder: any Decoder) {} }

  /// What is wrong with a value, as the end of a sentence.
  private static func clause(_ context: DecodingError.Context) -> String {
    // Of a number that does not fit, only what is below knows.
    let cause = (context.underlyingError as? NSError)?.userInfo["NSDebugDescription"] as? String
    let sentence = cause ?? context.debugDescription
    if let found = sentence.wholeMatch(
      of: /Cannot initialize (\w+) from invalid String value (.*)/),
      let (kind, known) = choices(String(found.1))
    {
      return ChoiceError.unknown(kind: kind, name: String(found.2), known: known).description
    }
    let words = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
    return words.prefix(1).lowercased() + words.dropFirst()
  }

  /// What the values of a type are called, and which there are.
  private static func choices(_ type: String) -> (String, [String])? {
    switch type {
    case "\(Precision.self)": ("precision", Precision.allCases.map(\.rawValue))
    case "\(ImageGeometry.Fit.self)": ("fit", ImageGeometry.Fit.allCases.map(\.rawValue))
    case "\(ConvolutionAlgorithm.self)":
      ("way to compute convolutions", ConvolutionAlgorithm.allCases.map(\.rawValue))
    case "\(DivergenceAction.self)":
      ("answer to divergence", DivergenceAction.allCases.map(\.rawValue))
    default: nil
    }
  }

  /// The names on the way to a value as the file has them: `configuration.batch_size`.
  private static func place(
    _ context: DecodingError.Context, _ key: (any CodingKey)? = nil
  )
    -> String
  {
    (context.codingPath + (key.map { [$0] } ?? [])).map { key in
      key.intValue.map(String.init)
        ?? key.stringValue.map { $0.isUppercase ? "_\($0.lowercased())" : String($0) }.joined()
    }.joined(separator: ".")
  }

  public var description: String {
    switch self {
    case .missing(let path):
      "\(path): no such file; give a .safetensors checkpoint or a run directory"
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .wrongSize(let path, let expected, let actual):
      "\(path): the checkpoint has \(actual) bytes, not the \(expected) its header "
        + "promises; it was truncated or damaged, use another one"
    case .damaged(let path):
      "\(path): damaged: its checksum differs from the one it was written with; use another one"
    case .malformed(let path, let reason):
      "\(path): not a safetensors file: \(reason)"
    case .foreign(let path):
      "\(path): a safetensors file without Marbles' description of the network; only "
        + "checkpoints written by marbles can be used"
    case .newerFormat(let path, let version):
      "\(path): checkpoint format \(version) is newer than this marbles understands "
        + "(\(ModelDescription.currentFormat)); use a newer marbles"
    case .missingTensor(let path, let name):
      "\(path): the network needs '\(name)' but the checkpoint does not have it"
    case .unknownTensor(let path, let name):
      "\(path): the checkpoint has '\(name)' but the network has no place for it"
    case .wrongShape(let path, let name, let expected, let actual):
      "\(path): '\(name)' has shape \(actual), but the network needs \(expected)"
    case .unsupportedElements(let path, let name, let kind, let expected):
      "\(path): '\(name)' holds elements of kind \(kind), expected \(expected)"
    case .unusableElement(let path, let name, let element):
      "\(path): '\(name)' holds \(element), expected finite numbers, and variances of at least 0; "
        + "the network was damaged or diverged, use another checkpoint"
    case .inconsistent(let path, let reason):
      "\(path): cannot be used: \(reason)"
    }
  }
}
