/// How convolutions are computed.
public enum ConvolutionAlgorithm: String, CaseIterable, Codable, Sendable {
  /// The fastest that fits each layer.
  case automatic
  /// The numbers under the kernel as rows of a matrix, then one matrix product: the reference.
  case im2col
}
