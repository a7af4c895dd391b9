/// Architectures that have a name.
public enum NamedModel: String, CaseIterable, Codable, Sendable {
  case kitten, lecture

  /// The layers.
  ///
  /// `lecture` is the plain stack a lecture draws: convolution, rectifier, pooling, four times, then
  /// two dense layers. `kitten` pools before it normalizes, so that most of the work runs on maps a
  /// quarter as large, and averages over the image instead of flattening it: a tenth of the numbers,
  /// and any image size.
  public var architectureText: String {
    switch self {
    case .kitten:
      (["conv24,kernel=2,stride=2,bias=no batchnorm relu"]
        + [32, 64, 128].map {
          "conv\($0),bias=no maxpool2 batchnorm relu conv\($0),bias=no batchnorm relu"
        } + ["globalpool flatten dense"]).joined(separator: " ")
    case .lecture:
      ([32, 64, 128, 128].map { "conv\($0) relu maxpool2" }
        + ["flatten dropout0.5 dense512 relu dense"]).joined(separator: " ")
    }
  }

  /// What the model is for, in a line.
  public var summary: String {
    switch self {
    case .kitten: "small and quick: seven convolutions with batch normalization, global pooling"
    case .lecture: "the plain stack a lecture draws: four convolutions, dense 512, dropout"
    }
  }
}
