/// The extent of a batch of images or feature maps, in memory order: batch, height, width,
/// channels.
///
/// A vector of features is a map of one pixel: height and width are 1.
public struct Shape: Hashable, Sendable, CustomStringConvertible {
  /// Images in the batch.
  public var batch: Int
  /// Rows and columns, pixels.
  public var height: Int, width: Int
  /// Elements per pixel; they lie next to each other.
  public var channels: Int

  /// Creates a shape.
  ///
  /// - Precondition: No extent is negative.
  public init(batch: Int = 1, height: Int, width: Int, channels: Int) {
    precondition(
      batch >= 0 && height >= 0 && width >= 0 && channels >= 0,
      "a shape of \(batch)×\(height)×\(width)×\(channels)")
    self.batch = batch
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// Elements of the batch.
  public var count: Int { batch * imageCount }

  /// Elements of one image.
  public var imageCount: Int { height * width * channels }

  /// Pixels of one image.
  public var pixelCount: Int { height * width }

  /// The same extent for another number of images.
  public func batch(_ batch: Int) -> Shape {
    Shape(batch: batch, height: height, width: width, channels: channels)
  }

  /// Height × width × channels; the batch is not part of it.
  public var description: String { "\(height)×\(width)×\(channels)" }
}
