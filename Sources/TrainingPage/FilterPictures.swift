internal import ImageLoading
internal import LocalServer
internal import PageFrame
internal import Tensors
internal import Training

/// The filters of the first convolution of a run's last network.
struct FilterPictures: Encodable {
  /// Filters that are shown.
  static let most = 64

  var layer: Int, step: Int, count: Int
  /// As in 3×3×3: height, width, channels.
  var shape: String
  /// Each on its own scale, gray is zero: PNG files as addresses.
  var pictures: [String]

  /// - Throws: `FieldError` if there is no network yet, or none with a convolution.
  init(of run: RunDirectory) throws(FieldError) {
    do {
      try run.requireOwnFolders()
      let file = [run.lastCheckpoint, run.bestCheckpoint].first { FileStamp($0) != nil }
      guard let file else {
        throw FieldError(
          field: "run", message: "it has saved no network yet; wait for the end of an epoch")
      }
      let checkpoint = try Checkpoint(contentsOf: file)
      let network = try checkpoint.description.makeNetwork()
      guard let first = FirstConvolution(of: network, NetworkValues(checkpoint)) else {
        throw FieldError(field: "run", message: "its network has no convolution over all channels")
      }
      (layer, step, count) = (first.layer, checkpoint.description.step, first.kernelCount)
      let window = first.window
      shape = "\(window.height)×\(window.width)×\(window.input.channels)"
      pictures = (0..<min(count, Self.most)).map { filter in
        dataAddress(ImageEncoder.png(first.picture(ofKernel: filter), level: 6), type: "image/png")
      }
    } catch let problem as FieldError {
      throw problem
    } catch {
      throw FieldError(field: "run", message: "\(error)")
    }
  }
}
