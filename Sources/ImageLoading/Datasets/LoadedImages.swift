/// Images as they are read, with the places of their files in the listing.
struct LoadedImages {
  private(set) var images: [LoadedImage] = []
  private(set) var sums: [ChannelSums] = []
  /// The images one after another; empty if they are not kept.
  var pixels: [UInt8] = []
  private var places: [Int] = []

  /// Adds an image of the file at a place.
  mutating func add(
    _ image: ImageReader.Image, of file: ImageFile, at place: Int, keepsPixels: Bool
  ) {
    images.append(LoadedImage(file, image))
    sums.append(image.channelSums)
    places.append(place)
    if keepsPixels { pixels += image.pixels }
  }

  /// Brings images into the order of the listing, if some were read in place of others.
  mutating func sort() {
    let order = places.indices.sorted { places[$0] < places[$1] }
    guard !order.elementsEqual(places.indices) else { return }
    let size = pixels.count / max(1, images.count)
    images = order.map { images[$0] }
    sums = order.map { sums[$0] }
    places = order.map { places[$0] }
    pixels = order.flatMap { pixels[$0 * size..<($0 + 1) * size] }
  }
}
