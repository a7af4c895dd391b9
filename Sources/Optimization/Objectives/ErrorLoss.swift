internal import Foundation

/// A loss of regression: how far one number is from another.
///
/// e is the prediction minus the target.
enum ErrorLoss: Hashable, Sendable {
  /// e².
  case squared
  /// |e|.
  case absolute
  /// ½e² up to δ, δ(|e| − ½δ) beyond. Source: Huber, 1964, "Robust estimation of a location
  /// parameter".
  case huber(delta: Double)
  /// Huber's loss divided by its β: e²/2β up to β, |e| − ½β beyond.
  case smoothAbsolute(beta: Double)
  /// log cosh e: about ½e² near 0, |e| − log 2 far away.
  case logCosh
  /// −τe below 0, (1−τ)e above: smallest at the τ-quantile. Source: Koenker & Bassett, 1978,
  /// "Regression quantiles".
  case quantile(tau: Double)

  /// The loss and its derivative with respect to the prediction; 0 at a corner.
  func evaluate(_ e: Double) -> (value: Double, slope: Double) {
    let sign = e > 0 ? 1.0 : e < 0 ? -1.0 : 0
    switch self {
    case .squared: return (e * e, 2 * e)
    case .absolute: return (abs(e), sign)
    case .huber(let delta):
      return abs(e) <= delta
        ? (0.5 * e * e, e) : (delta * (abs(e) - 0.5 * delta), delta * sign)
    case .smoothAbsolute(let beta):
      return abs(e) <= beta ? (0.5 * e * e / beta, e / beta) : (abs(e) - 0.5 * beta, sign)
    case .logCosh: return (abs(e) + softplus(-2 * abs(e)) - log(2), tanh(e))
    case .quantile(let tau):
      return e >= 0 ? ((1 - tau) * e, e == 0 ? 0 : 1 - tau) : (-tau * e, -tau)
    }
  }
}
