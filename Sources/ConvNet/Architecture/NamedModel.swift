/// Architectures that have a name.
public enum NamedModel: String, CaseIterable, Codable, Sendable {
  case kitten, tabby, panther, lecture, resnet9, linear, lenet

  /// The layers.
  ///
  /// `kitten`, `tabby` and `panther` halve the image in a small stem and pool before they
  /// normalize, so that most of the work runs on maps a quarter as large, and average over the
  /// image instead of flattening it: few parameters, and any image size. `panther` adds a residual
  /// block to each group and a last convolution. `lecture` is the plain stack shown in lectures:
  /// convolution, rectifier, pooling, four times, then two dense layers. `resnet9` is David Page's
  /// small residual network for CIFAR-10 (2018), ending in a maximum over the whole map. `linear`
  /// has no hidden layer. `lenet` is LeNet-5 (LeCun et al., 1998, "Gradient-based learning applied
  /// to document recognition") without the learned scales of its pooling and its Gaussian outputs.
  public var architectureText: String {
    switch self {
    case .kitten: Self.cat([32, 64, 128].map { [Self.pooled($0), Self.plain($0)] })
    case .tabby: Self.cat([64, 128, 256].map { [Self.pooled($0), Self.plain($0)] })
    case .panther:
      Self.cat([64, 128, 256].map { [Self.pooled($0), Self.residual($0)] } + [[Self.plain(384)]])
    case .lecture:
      ([32, 64, 128, 128].map { "conv \($0) 3x3, relu, pool 2" }
        + ["flatten, dropout 0.5, dense 512, relu, dense"]).joined(separator: ", ")
    case .resnet9:
      [
        Self.plain(64), Self.plain(128), "pool 2", Self.residual(128), Self.plain(256), "pool 2",
        Self.plain(512), "pool 2", Self.residual(512), "global-max-pool, flatten, dense",
      ].joined(separator: ", ")
    case .linear: "flatten, dense"
    case .lenet:
      ([6, 16].map { "conv \($0) 5x5, tanh, average-pool 2" }
        + ["flatten, dense 120, tanh, dense 84, tanh, dense"]).joined(separator: ", ")
    }
  }

  private static func cat(_ groups: [[String]]) -> String {
    (["conv 24 2x2 stride 2 no-bias, batchnorm, relu"] + groups.flatMap(\.self)
      + ["global-pool, flatten, dense"]).joined(separator: ", ")
  }

  private static func plain(_ channels: Int) -> String {
    "conv \(channels) 3x3 no-bias, batchnorm, relu"
  }

  private static func pooled(_ channels: Int) -> String {
    "conv \(channels) 3x3 no-bias, pool 2, batchnorm, relu"
  }

  private static func residual(_ channels: Int) -> String {
    "residual (\(plain(channels)), \(plain(channels)))"
  }

  /// What the model is for, in a line.
  public var summary: String {
    switch self {
    case .kitten: "small and quick: seven convolutions"
    case .tabby: "kitten, twice as wide"
    case .panther: "tabby with residual blocks, wider at the end"
    case .lecture: "the plain stack shown in lectures"
    case .resnet9: "residual network of CIFAR-10 benchmarks"
    case .linear: "no hidden layer"
    case .lenet: "LeCun's network for digits, 1998"
    }
  }
}
