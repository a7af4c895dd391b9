package import Optimization

extension Roll.Outcome {
  /// For programs.
  package var name: String {
    switch self {
    case .minimum: "minimum"
    case .localMinimum: "local minimum"
    case .saddle: "saddle"
    case .flat: "flat"
    case .left: "left the map"
    case .diverged: "diverged"
    case .slow: "slow"
    case .rolling: "rolling"
    }
  }

  /// For people.
  package var words: String {
    switch self {
    case .minimum(let step): "minimum, step \(step)"
    case .localMinimum: "local minimum"
    case .saddle: "stuck on saddle"
    case .flat: "stuck on flat"
    case .left(let step): "left map, step \(step)"
    case .diverged(let step): "diverged, step \(step)"
    case .slow: "hardly moving"
    case .rolling: "still rolling"
    }
  }
}
