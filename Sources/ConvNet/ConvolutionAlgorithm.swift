/// How convolutions are computed.
public enum ConvolutionAlgorithm: String, CaseIterable, Codable, Sendable {
  /// The fastest that fits each layer; neighbouring layers may run as one.
  case automatic
  /// The numbers under the kernel as rows of a matrix, then one matrix product: the reference. Every
  /// layer runs by itself.
  case im2col
  /// Products of the image's own rows, without a matrix of columns; im2col where the gradient of the
  /// input of a larger stride is needed.
  case indirect
  /// Winograd's F(4×4, 3×3) for kernels of 3×3 and stride 1; im2col for others.
  case winograd
}
