import Foundation
import ImageLoading
import Support
import Tensors
import Training

/// What an evaluation in a folder is of, as its `metrics.json` says.
struct EvaluationSubject: Decodable {
  private var checkpoint: String, data: String, part: Split.Part?
  private var tta: Bool?, precision: Precision?
  private var slices: [Slice]?

  private struct Slice: Decodable { var quantity: String }

  /// What a report is of.
  init(_ report: EvaluationReport) {
    checkpoint = report.checkpoint
    data = report.source
    part = report.part
    tta = report.averagesMirrored
    precision = report.precision
    slices = report.slices?.map { Slice(quantity: $0.quantity) }
  }

  /// What the folder holds; nil if that is no evaluation.
  init?(folder: String) {
    guard let bytes = try? fileBytes(KeptEvaluation.metrics(folder)),
      let subject = try? jsonDecoder().decode(Self.self, from: Data(bytes))
    else { return nil }
    self = subject
  }

  /// Whether it is of the same network and images, measured in the same way.
  func isSame(as other: EvaluationSubject) -> Bool {
    (checkpoint == other.checkpoint || isSameFile(other)) && data == other.data
      && part == other.part && options == other.options
  }

  private func isSameFile(_ other: EvaluationSubject) -> Bool {
    FileIdentity(checkpoint).map { $0 == FileIdentity(other.checkpoint) } ?? false
  }

  /// The options that chose how it was measured, as they are written.
  var options: [String] {
    let names = (slices ?? []).reduce(into: [String]()) { names, slice in
      if names.last != slice.quantity { names.append(slice.quantity) }
    }
    var options = tta == true ? ["--tta"] : []
    if let precision, precision != .float32 { options += ["--precision", precision.rawValue] }
    if !names.isEmpty { options += ["--slices", names.joined(separator: ",")] }
    return options
  }

  /// In words.
  var text: String {
    let way = options.isEmpty ? "" : " with \(options.joined(separator: " "))"
    return "\(checkpoint) on \(data)\(way)".printable
  }
}
