public import Support

/// How an image of any shape becomes the square image a network takes.
public struct ImageGeometry: Hashable, Codable, Sendable {
  /// Pixels per side of the result.
  public var imageSize: Int
  /// How images that are not square are fitted.
  public var fit: Fit

  /// How an image that is not square is fitted.
  public enum Fit: String, CaseIterable, Codable, Sendable {
    /// Keeps the largest central square and discards the rest.
    case crop
    /// Keeps the whole image, between gray bars.
    case letterbox
    /// Keeps the whole image, distorted.
    case stretch
  }

  /// The side that a JPEG is decoded for: the image size, or what a perceptual hash needs, so that
  /// it is the same at all smaller sizes.
  package var decodingSide: Int { max(imageSize, PerceptualHash.sourceSide) }

  /// Creates a geometry.
  ///
  /// - Precondition: `imageSize` is positive.
  public init(imageSize: Int, fit: Fit) {
    precondition(imageSize > 0, "an image size of \(imageSize)")
    self.imageSize = imageSize
    self.fit = fit
  }

  /// Bytes of a result, three per pixel.
  public var byteCount: Int { imageSize * imageSize * 3 }

  /// Resamples `image` once, from the region that is kept to the final size.
  ///
  /// An image that already has that size is returned unchanged.
  ///
  /// - Complexity: O(region + `imageSize`²), in fixed point.
  public func apply(to image: PixelBuffer) -> PixelBuffer {
    if image.width == imageSize && image.height == imageSize { return image }
    switch fit {
    case .stretch: return Resampler.resample(image, image.bounds, imageSize, imageSize)
    case .crop: return Resampler.resample(image, image.centralSquare, imageSize, imageSize)
    case .letterbox: return letterboxed(image)
    }
  }

  private func letterboxed(_ image: PixelBuffer) -> PixelBuffer {
    let longSide = max(image.width, image.height)
    // Rounded to nearest; a very thin image keeps one pixel.
    func scaled(_ side: Int) -> Int { max(1, (side * imageSize * 2 + longSide) / (longSide * 2)) }
    let inner = Resampler.resample(
      image, image.bounds, scaled(image.width), scaled(image.height))
    let left = (imageSize - inner.width) / 2
    let top = (imageSize - inner.height) / 2
    var bytes = [UInt8](repeating: 128, count: imageSize * imageSize * 3)
    for y in 0..<inner.height {
      let source = y * inner.width * 3
      let target = ((top + y) * imageSize + left) * 3
      bytes.replaceSubrange(
        target..<(target + inner.width * 3),
        with: inner.bytes[source..<(source + inner.width * 3)])
    }
    return PixelBuffer(width: imageSize, height: imageSize, bytes: bytes)
  }
}

/// A rectangle of pixels inside an image.
struct Region {
  var left: Int
  var top: Int
  var width: Int
  var height: Int
}

extension PixelBuffer {
  /// The whole image.
  var bounds: Region { Region(left: 0, top: 0, width: width, height: height) }

  /// The largest central square, on whole pixels, so that nothing is blurred by half a pixel.
  var centralSquare: Region {
    let side = min(width, height)
    return Region(
      left: (width - side) / 2, top: (height - side) / 2, width: side, height: side)
  }
}
