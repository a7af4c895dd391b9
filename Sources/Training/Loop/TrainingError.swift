public import ImageLoading
public import Support

/// Why training cannot begin or continue.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The loss or the gradient is no longer finite.
  case diverged(Divergence)
  /// Not enough images; the text says which and what to do.
  case tooFewImages(String)
  /// A size of training images would change the shapes of the network's parameters.
  case fixedImageSize(Int, expected: Int)
  /// The images of a run to be resumed have changed.
  case dataChanged(run: String, reason: String)
  /// The run has finished, and its stopping rules do not let it continue.
  case alreadyFinished(run: String, reason: String)
  /// Fewer epochs are asked of a run than it has begun.
  case tooFewEpochs(run: String, epochs: Int, begun: Int)
  /// Another process, if it is known which, is writing into the run; `lock` is a file that only
  /// names it, where the disk has no locks.
  case locked(run: String, holder: String?, lock: String?)
  /// The images cannot be used.
  case data(DatasetError)
  /// A file of the run cannot be written.
  case file(FileError)
  /// The saved state cannot be used.
  case checkpoint(CheckpointError)
  /// A table of the run cannot be read.
  case table(TableError)
  /// An observer ended the run.
  case observer(String)

  public var description: String {
    switch self {
    case .diverged(let divergence): divergence.description
    case .tooFewImages(let reason): reason
    case .fixedImageSize(let size, let expected):
      "the network's parameters depend on the image size, so it cannot be trained on images "
        + "of \(size) pixels and evaluated at \(expected); use an architecture with "
        + "'global-pool' before its dense layers"
    case .dataChanged(let run, let reason):
      "\(run): cannot be resumed because its images changed: \(reason); start a new run"
    case .alreadyFinished(let run, let reason):
      "\(run): has finished: \(reason); raise that to continue, or draw its figures with "
        + "'marbles plot \(run)'"
    case .tooFewEpochs(let run, let epochs, let begun):
      "\(run): is already in epoch \(begun), so --epochs cannot be \(epochs); give \(begun) or more"
    case .locked(let run, let holder, let lock):
      "\(run): is being trained by \(holder ?? "another process"); wait until that ends, or "
        + "stop it" + (lock.map { "; if it runs no more, remove \($0)" } ?? "")
    case .data(let error): error.description
    case .file(let error): error.description
    case .checkpoint(let error): error.description
    case .table(let error): error.description
    case .observer(let reason): reason
    }
  }

  /// Wraps the error that ends a run.
  init(_ error: any Error) {
    self =
      switch error {
      case let error as TrainingError: error
      case let error as DatasetError: .data(error)
      case let error as FileError: .file(error)
      case let error as CheckpointError: .checkpoint(error)
      case let error as TableError: .table(error)
      default: .observer("\(error)")
      }
  }
}
