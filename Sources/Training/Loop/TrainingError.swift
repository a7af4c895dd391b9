public import ImageLoading
public import Support

/// Why training cannot begin or go on.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The loss or the gradient is not finite any more.
  case diverged(step: Int, epoch: Int, loss: Float, layer: String?, files: [String], kept: String)
  /// Not enough pictures; the text says which and what to do.
  case tooFewImages(String)
  /// A run to be resumed finds other pictures than it began with.
  case dataChanged(run: String, reason: String)
  /// There is nothing left to do.
  case alreadyFinished(run: String, epochs: Int)
  /// A picture cannot be read again.
  case data(DatasetError)
  /// A file of the run cannot be written.
  case file(FileError)
  /// The saved state cannot be used.
  case checkpoint(CheckpointError)
  /// A table of the run cannot be read.
  case table(TableError)

  public var description: String {
    switch self {
    case .diverged(let step, let epoch, let loss, let layer, let files, let kept):
      "training diverged at step \(step) (epoch \(epoch)): the loss became \(loss)"
        + (layer.map { ", first in \($0)" } ?? "")
        + "; pictures \(files.prefix(3).joined(separator: ", "))\(files.count > 3 ? ", …" : "")"
        + "; try a smaller --learning-rate; the last good network is \(kept)"
    case .tooFewImages(let reason): reason
    case .dataChanged(let run, let reason):
      "\(run): cannot be resumed because its pictures changed: \(reason); start a new run"
    case .alreadyFinished(let run, let epochs):
      "\(run): has all its \(epochs) epochs; give a larger --epochs to go on"
    case .data(let error): error.description
    case .file(let error): error.description
    case .checkpoint(let error): error.description
    case .table(let error): error.description
    }
  }
}
