internal import Support

/// The eight orientations of an image, numbered as in Exif.
enum Orientation: Int {
  case upright = 1
  case mirrored, halfTurn, mirroredHalfTurn
  case transposed, quarterTurn, transversed, threeQuarterTurn

  /// Whether width and height are swapped.
  var swapsSides: Bool { rawValue >= 5 }

  /// Returns the image upright.
  func applied(to image: PixelBuffer) -> PixelBuffer {
    if self == .upright { return image }
    let width = image.width
    let height = image.height
    // The source position of the result's pixel (0, 0), and the steps right and down from it.
    let (origin, right, down): (Int, Int, Int) =
      switch self {
      case .upright: (0, 1, width)
      case .mirrored: (width - 1, -1, width)
      case .halfTurn: (height * width - 1, -1, -width)
      case .mirroredHalfTurn: ((height - 1) * width, 1, -width)
      case .transposed: (0, width, 1)
      case .quarterTurn: ((height - 1) * width, -width, 1)
      case .transversed: (height * width - 1, -width, -1)
      case .threeQuarterTurn: (width - 1, width, -1)
      }
    let newWidth = swapsSides ? height : width
    let newHeight = swapsSides ? width : height
    let count = image.bytes.count
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
      unsafe image.bytes.withUnsafeBufferPointer { input in
        var target = 0
        for y in 0..<newHeight {
          var source = (origin + y * down) * 3
          for _ in 0..<newWidth {
            unsafe output[target] = input[source]
            unsafe output[target + 1] = input[source + 1]
            unsafe output[target + 2] = input[source + 2]
            target += 3
            source += right * 3
          }
        }
      }
      initialized = count
    }
    return PixelBuffer(width: newWidth, height: newHeight, bytes: bytes)
  }
}
