internal import ImageLoading
internal import LocalServer
internal import PageFrame
internal import Plotting
internal import Support
internal import Tensors
internal import Training

/// A network that is shown photos.
struct PhotoSubject {
  private let classifier: Classifier
  private let explainer: Explainer
  private let geometry: ImageGeometry
  /// The photo that was answered for last, as the network sees it: what else is asked about it
  /// does not decode and classify it again.
  private var last: (sha256: String, seen: Seen)?

  /// A photo, small, and what the network says of it.
  private struct Seen { var pixels: PixelBuffer, prediction: Prediction }

  init(_ checkpoint: Checkpoint, workers: Workers) throws {
    classifier = try Classifier(checkpoint, workers: workers, batchSize: 1)
    explainer = try Explainer(checkpoint, workers: workers)
    geometry = checkpoint.description.geometry
  }

  // MARK: Answers

  /// What the network says of a photo, and the places of a layer that speak for it.
  mutating func answer(_ bytes: [UInt8]) throws(FieldError) -> PhotoAnswer {
    let start = ContinuousClock.now
    let photo = try decoded(bytes)
    let prediction = try prediction(for: photo.pixels)
    last = (ContentHash.sha256(bytes), Seen(pixels: photo.pixels, prediction: prediction))
    let hasMap = explainer.mapLayers.contains(explainer.options.layer)
    let map = hasMap ? picture(photo.pixels, prediction, by: .gradCAM) : nil
    return PhotoAnswer(
      photo.source, prediction, seen: Self.url(photo.pixels), map: map,
      milliseconds: (ContinuousClock.now - start).seconds * 1000)
  }

  /// What the answer depends on: how much less is said where a patch covers the photo.
  func occlusion(_ bytes: [UInt8]) throws(FieldError) -> PhotoAnswer.Map {
    let seen = try seen(bytes)
    return picture(seen.pixels, seen.prediction, by: .occlusion)
  }

  // MARK: Parts

  private func seen(_ bytes: [UInt8]) throws(FieldError) -> Seen {
    if let last, last.sha256 == ContentHash.sha256(bytes) { return last.seen }
    let photo = try decoded(bytes)
    return Seen(pixels: photo.pixels, prediction: try prediction(for: photo.pixels))
  }

  /// A photo as the network sees it, and what it was before.
  private func decoded(
    _ bytes: [UInt8]
  ) throws(FieldError) -> (pixels: PixelBuffer, source: DecodedImage) {
    let side = geometry.decodingSide
    let need = ImageDecoder().pixelBytes(of: bytes, atLeast: side)
    let result = DecodingGate.shared.holding(need) {
      Result { () throws(ImageDecodingError) in
        try ImageDecoder().decode(bytes, atLeast: side)
      }
    }
    switch result {
    case .success(let image): return (geometry.apply(to: image.pixels), image)
    case .failure(let error): throw FieldError(photo: error.description)
    }
  }

  private func prediction(for pixels: PixelBuffer) throws(FieldError) -> Prediction {
    let prediction = classifier.predictions(of: [pixels.bytes])[0]
    guard prediction.logits.allSatisfy(\.isFinite) else {
      throw FieldError(
        photo: "the network's answers are not numbers; its file is damaged, or it diverged")
    }
    return prediction
  }

  private func picture(
    _ pixels: PixelBuffer, _ prediction: Prediction, by method: ExplanationMethod
  ) -> PhotoAnswer.Map {
    let target = ExplanationTarget(classIndex: prediction.index)
    let found = explainer.explain(explainer.input(of: pixels.bytes), target, by: method)
    let map = found.map.resized(height: pixels.height, width: pixels.width)
    let drawn = HeatMap(width: map.width, height: map.height, values: map.values)
    let label = prediction.label
    let central = map.centralFraction.map {
      "\($0.percentage(decimals: 0)) of what speaks for \(label) lies in the central half."
    }
    return PhotoAnswer.Map(
      method: method.rawValue, name: method.name,
      picture: Self.url(drawn.bitmap(over: pixels, .light)),
      reading: central ?? "Nothing in the photo speaks for \(label).")
  }

  private static func url(_ image: PixelBuffer) -> String {
    dataAddress(ImageEncoder.png(image, level: 6), type: "image/png")
  }
}
