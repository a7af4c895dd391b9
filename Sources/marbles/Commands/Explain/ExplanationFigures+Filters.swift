import ConvNet
import Foundation
import Plotting
import Support
import Tensors
import Training

/// The filters of the first convolution.
extension ExplanationFigures {
  private static let mostFilters = 64, filtersInRow = 12, mostMoments = 6

  /// The network at a moment of its training.
  private struct Moment {
    let name: String
    let convolution: FirstConvolution
  }

  /// The filters of a checkpoint; before them, those of the snapshots of its run, if it has some.
  ///
  /// - Returns: The sheet and its table; nil if no layer is a convolution.
  static func filters(
    of checkpoint: CheckpointArgument, _ model: Checkpoint, _ explainer: Explainer, _ theme: Theme
  ) throws -> (sheet: ContactSheet, rows: [[String]])? {
    guard let last = FirstConvolution(of: explainer.network, explainer.values) else { return nil }
    var moments = try snapshots(of: checkpoint, model).compactMap { step, values in
      FirstConvolution(of: explainer.network, values).map {
        Moment(name: "step \(step.grouped)", convolution: $0)
      }
    }
    let isAlone = moments.isEmpty
    moments.append(
      Moment(
        name: isAlone
          ? "" : "this checkpoint, step \(model.description.step.grouped)", convolution: last))
    let shown = min(last.kernelCount, isAlone ? mostFilters : filtersInRow)
    let window = last.window
    let all =
      shown < last.kernelCount
      ? "the first \(shown) of \(last.kernelCount)" : "all \(last.kernelCount)"
    let sheet = ContactSheet(
      title: "The filters of the first convolution" + (isAlone ? "" : " over training"),
      subtitle: "Layer \(last.layer), \(window.height)×\(window.width)"
        + "×\(window.input.channels), \(all): each on its own scale, gray is zero",
      rows: moments.map { moment in
        ContactSheet.Row(
          moment.name,
          (0..<shown).map { filter in
            ContactSheet.Thumbnail(
              moment.convolution.picture(ofKernel: filter).sharp,
              caption: isAlone ? "\(filter)" : "")
          })
      }, columns: filtersInRow, theme: theme)
    return (sheet, table(moments))
  }

  /// Some networks of the path of the run that a checkpoint is from, evenly spaced.
  private static func snapshots(
    of checkpoint: CheckpointArgument, _ model: Checkpoint
  ) throws -> [(step: Int, values: NetworkValues)] {
    guard let run = checkpoint.run, run.isRun else { return [] }
    let snapshots = PathSnapshots(of: run)
    let steps = snapshots.steps.filter { $0 < model.description.step }
    let count = min(steps.count, mostMoments)
    return try (0..<count).compactMap { index in
      let step = steps[index * steps.count / count]
      let snapshot = try Checkpoint(contentsOf: snapshots.path(ofStep: step))
      // Of another run, or of another image size as training begins with.
      guard snapshot.description.run == model.description.run,
        snapshot.description.architecture == model.description.architecture
      else { return nil }
      return (step, NetworkValues(snapshot))
    }
  }

  private static func table(_ moments: [Moment]) -> [[String]] {
    [["moment", "filter", "row", "column", "channel", "weight"]]
      + moments.flatMap { moment in
        moment.convolution.kernels.enumerated().flatMap { filter, kernel in
          kernel.enumerated().map { index, weight in
            let window = moment.convolution.window
            let place = index / window.input.channels
            return [moment.name, "\(filter)", "\(place / window.width)"]
              + ["\(place % window.width)", "\(index % window.input.channels)"]
              + [Double(weight).text]
          }
        }
      }
  }
}
