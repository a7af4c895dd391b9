internal import ConvNet
internal import ImageLoading
internal import Tensors

/// Training images without augmentation, for weights that are fitted to images.
struct TrainingImages {
  let source: BatchSource
  /// A region of one image.
  let region: FloatRegion

  /// As many as give a stable covariance of patches.
  private static let count = 256

  /// Sets the filters of a first layer that asks for images.
  ///
  /// - Throws: `DatasetError.changed` when a file is not what it was.
  func whiten(
    _ network: Network, _ values: inout InitialWeights.Values
  ) throws(DatasetError) {
    let images = try source.data.loaded.images(
      at: Array(source.order(ofEpoch: 0).prefix(Self.count)))
    network.whiten(
      parameters: &values.parameters, statistics: &values.statistics,
      imageCount: images.places.count
    ) { index in
      source.assemble(images, place: index, into: region)
      return region[0..<network.inputShape.count]
    }
  }
}
