// swift-tools-version: 6.2
import PackageDescription

/// An example: one executable that uses libraries of Marbles.
func example(_ name: String, _ products: String...) -> Target {
  .executableTarget(
    name: name, dependencies: products.map { .product(name: $0, package: "marbles") }, path: name)
}

let package = Package(
  name: "examples",
  dependencies: [.package(name: "marbles", path: "..")],
  targets: [
    example("train", "ImageLoading", "Tensors", "Training"),
    example("optimizer", "ImageLoading", "Optimization", "Tensors", "Training"),
    example("layer", "ConvNet", "ImageLoading", "Optimization", "Tensors", "Training"),
  ],
  swiftLanguageModes: [.v6]
)
