internal import ConvNet
internal import ImageLoading
internal import Tensors

/// Training images without augmentation, for initial weights that depend on images.
struct TrainingImages {
  let source: BatchSource
  /// A region of one image.
  let region: FloatRegion

  /// Enough for a stable covariance of patches.
  private static let count = 256

  /// Sets the filters of a first layer with `initial whitening`.
  ///
  /// - Throws: `DatasetError.changed` if a file has changed.
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
