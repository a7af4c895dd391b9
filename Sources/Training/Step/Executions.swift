internal import ConvNet
internal import Tensors

/// One network for images of several sizes, with memory for the current size.
///
/// All sizes share the parameters, so the shapes of parameters must not depend on the size, as
/// those of a dense layer without global pooling would.
final class Executions {
  /// The network for images of the final size.
  let network: Network

  private let networks: [Int: Network]
  private let make: (Network) -> Execution
  private var current: Execution?

  /// Checks that the network of a configuration fits all its image sizes.
  ///
  /// - Throws: `ArchitectureError` if it does not fit one, `TrainingError.fixedImageSize` if its
  ///   parameters depend on the size.
  init(
    _ configuration: TrainingConfiguration, network: Network, batchSize: Int, workers: Workers
  ) throws {
    self.network = network
    var networks = [configuration.imageSize: network]
    for size in configuration.allImageSizes where networks[size] == nil {
      let other = try Network(
        network.architecture, imageSize: size, classCount: network.classCount)
      guard other.parameterLayout == network.parameterLayout,
        other.statisticLayout == network.statisticLayout
      else { throw TrainingError.fixedImageSize(size, expected: configuration.imageSize) }
      networks[size] = other
    }
    self.networks = networks
    make = { network in
      Execution(
        network: network, batchSize: batchSize, workers: workers, trains: true,
        convolution: configuration.convolution, precision: configuration.productPrecision)
    }
  }

  /// Gives memory back to the system until the next batch.
  func releaseMemory() { current?.releaseMemory() }

  /// The memory for images of one size; that of the previous size is released.
  ///
  /// - Precondition: The configuration names the size.
  func execution(imageSize: Int) -> Execution {
    if let current, current.network.inputShape.width == imageSize { return current }
    guard let network = networks[imageSize] else {
      preconditionFailure("images of \(imageSize) pixels, prepared are \(networks.keys.sorted())")
    }
    // Released first, so that both are never reserved at the same time.
    current = nil
    let execution = make(network)
    current = execution
    return execution
  }
}
