internal import CKernels

/// What the products of a network multiply; their sums, and everything else, are float32.
public enum Precision: String, CaseIterable, Codable, Sendable {
  /// 24 significant bits.
  case float32
  /// The upper half of a float32: its range, with 8 significant bits.
  ///
  /// Values are rounded to the nearest, of two to the even one; those below 2⁻¹²⁶ are zero.
  case bfloat16

  /// Whether the processor multiplies this way; otherwise products are made of others, with the
  /// same results, in several times the time.
  public var isNative: Bool { self == .float32 || mrb_multiplies_bfloat16() != 0 }

  /// As kernels know it.
  ///
  /// - Parameter usesInstructions: Whether kernels use the processor's products.
  func format(usesInstructions: Bool = true) -> mrb_format {
    switch self {
    case .float32: MRB_FLOAT32
    case .bfloat16: usesInstructions ? MRB_BFLOAT16 : MRB_BFLOAT16_PORTABLE
    }
  }
}
