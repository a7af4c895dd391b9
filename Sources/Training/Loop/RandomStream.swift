internal import Tensors

/// The independent sources of randomness that derive from a run's seed.
///
/// Every draw is a function of the seed, its stream and its place in the run, so there is no
/// generator state to save.
enum RandomStream: UInt64 {
  case initialization = 1
  case order = 2
  case augmentation = 3
  case dropout = 4
  case mixing = 5
  case subset = 6
  case bootstrap = 7
  case direction = 8

  /// The seed of this stream at a place in the run.
  func seed(_ runSeed: UInt64) -> UInt64 { SeededGenerator.derivedSeed(runSeed, rawValue) }

  /// The seed of this stream at a step or an epoch.
  func seed(_ runSeed: UInt64, _ place: Int) -> UInt64 {
    SeededGenerator.derivedSeed(runSeed, rawValue, UInt64(place))
  }

  /// The seed of this stream at a step of an epoch.
  func seed(_ runSeed: UInt64, epoch: Int, step: Int) -> UInt64 {
    SeededGenerator.derivedSeed(runSeed, rawValue, UInt64(epoch), UInt64(step))
  }
}
