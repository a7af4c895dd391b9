/// A quantity measured per pixel.
public enum PixelQuantity: String, CaseIterable, Codable, Sendable {
  /// 0.299 red + 0.587 green + 0.114 blue, as in ITU-R BT.601.
  case brightness
  case red, green, blue

  /// 0…255.
  func level(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
    switch self {
    case .brightness: Luma.rounded(red, green, blue)
    case .red: Int(red)
    case .green: Int(green)
    case .blue: Int(blue)
    }
  }
}

// Colors and brightness of images, regardless of what they show.
extension LoadedDataset {
  /// The fraction of the pixels of some images at each of 256 levels; zeros for no image.
  ///
  /// Images have equal weight, because all have been resized to the same size.
  public func histogram(of quantity: PixelQuantity, indices: [Int]) -> [Double] {
    var counts = [Int](repeating: 0, count: 256)
    let size = pixels.count / max(1, images.count)
    for index in indices {
      for start in stride(from: index * size, to: (index + 1) * size, by: 3) {
        counts[quantity.level(pixels[start], pixels[start + 1], pixels[start + 2])] += 1
      }
    }
    let total = Double(max(1, counts.reduce(0, +)))
    return counts.map { Double($0) / total }
  }

  /// Mean red, green and blue of one image, 0…255; zeros for an image that was not decoded.
  public func meanColor(of index: Int) -> [Double] { channelSums[index].means }

  /// Mean brightness of one image, 0…255, as in ITU-R BT.601.
  public func meanBrightness(of index: Int) -> Double { Luma.mean(meanColor(of: index)) }
}
