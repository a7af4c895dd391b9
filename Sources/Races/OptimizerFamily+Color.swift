package import Optimization

extension OptimizerFamily {
  /// The number of the colors that its optimizers have in every figure; see `Palette.groups`.
  package var colorGroup: Int {
    switch self {
    case .gradientDescent: 0
    case .momentum: 1
    case .adaGrad: 2
    case .rmsProp: 3
    case .adam: 4
    case .sign: 5
    case .layerwise: 6
    case .search: 7
    }
  }
}
