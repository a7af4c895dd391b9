public import ArgumentParser
import ConvNet
import Foundation
import ImageLoading
import Support
import Tensors
public import Training

/// What is explained, and how.
struct ExplainOptions: ParsableArguments {
  @Option(
    name: .customLong("method"),
    help: ArgumentHelp(
      "grad-cam, layer-cam, integrated-gradients or occlusion; several are separated by commas "
        + "(default: all).", valueName: "methods"),
    transform: methods)
  var chosen: [ExplanationMethod]?

  @Option(
    help: ArgumentHelp(
      "The class to explain (default: the predicted one).", valueName: "name"))
  var `class`: String?

  @Option(
    help: ArgumentHelp(
      "The layer whose channels are drawn and make class activation maps, by the number that "
        + "'inspect' prints (default: the last with a map of 4×4 or more).", valueName: "number"))
  var layer: Int?

  @Option(
    help: ArgumentHelp(
      "What is explained: logit, that of the class; or log-odds, how far it is above the others.",
      valueName: "score"))
  var score: ExplanationTarget.Score = .logit

  @Option(
    help: ArgumentHelp(
      "Rows and columns of the patch that occludes (default: an eighth of the image).",
      valueName: "pixels"))
  var patch: Int?

  @Option(
    help: ArgumentHelp("Step of the patch (default: half of it).", valueName: "pixels"))
  var stride: Int?

  @Option(
    help: ArgumentHelp(
      "A folder of masks, white where the subject is, named as the photos or their folders and "
        + "names: says how much lies on the subject.", valueName: "folder"),
    completion: .directory, transform: inputPath)
  var masks: String?

  /// Reads names separated by commas.
  private static func methods(_ text: String) throws -> [ExplanationMethod] {
    var methods: [ExplanationMethod] = []
    for name in text.components(separatedBy: ",") {
      guard let method = ExplanationMethod(rawValue: name) else {
        let names = ExplanationMethod.allCases.map(\.rawValue)
        let hint = closest(to: name, in: names).map { "did you mean '\($0)'?" }
        throw ValidationError(
          "there is no method '\(name)'; " + (hint ?? "there are \(names.joined(separator: ", "))"))
      }
      guard !methods.contains(method) else {
        throw ValidationError("the method '\(name)' is given twice")
      }
      methods.append(method)
    }
    return methods
  }

  func validate() throws {
    if let chosen, !chosen.contains(.occlusion) {
      try GivenOptions.refuse("--patch", "--stride", because: "without the method occlusion")
    }
  }

  /// Takes the choices over, and gives the methods to use.
  ///
  /// - Throws: `Failure` for a layer without a map and for a patch that is larger than the image.
  func apply(to explainer: Explainer) throws -> [ExplanationMethod] {
    let size = explainer.network.inputShape.width
    if let patch {
      try check(patch, in: 1...size, "--patch")
      explainer.options.patch = patch
      explainer.options.stride = max(1, patch / 2)
    }
    if let stride {
      // A larger step would leave pixels that are never covered.
      try check(stride, in: 1...explainer.options.patch, "--stride")
      explainer.options.stride = stride
    }
    if let layer { try choose(layer, in: explainer) }
    guard explainer.mapLayers.isEmpty else { return chosen ?? ExplanationMethod.allCases }
    if let method = chosen?.first(where: \.usesLayer) {
      throw Failure(
        .usage,
        "--method \(method.rawValue): no layer of the network has a map; take "
          + "integrated-gradients or occlusion")
    }
    return chosen ?? ExplanationMethod.allCases.filter { !$0.usesLayer }
  }

  private func choose(_ layer: Int, in explainer: Explainer) throws {
    let (layers, maps) = (explainer.network.layers, explainer.mapLayers)
    guard let first = maps.first, let last = maps.last else {
      throw Failure(.usage, "--layer \(layer): no layer of the network has a map; leave it out")
    }
    guard layers.indices.contains(layer) else {
      throw Failure(
        .usage,
        "--layer is \(layer), expected a number from \(first) to \(last), as 'marbles inspect' "
          + "prints them")
    }
    guard maps.contains(layer) else {
      throw Failure(
        .usage,
        "--layer \(layer): '\(layers[layer].text)' has no map, a single place; layers \(first) to "
          + "\(last) have one")
    }
    explainer.options.layer = layer
  }

  /// The index of the class to explain; nil for the predicted one.
  ///
  /// - Throws: `Failure` if there is no such class.
  func classIndex(in classes: [String]) throws -> Int? {
    guard let name = self.class else { return nil }
    guard let index = classes.firstIndex(of: name) else {
      let hint = closest(to: name, in: classes).map { "did you mean '\($0)'?" }
      let known = classes.prefix(12).map { $0.fitted(24) }
      throw Failure(
        .usage,
        "--class '\(name)' is not one of the checkpoint's classes; "
          + (hint ?? "there are \(known.joined(separator: ", "))")
      )
    }
    return index
  }
}

extension ExplanationTarget.Score: ExpressibleByArgument {}

/// Which mistakes of a run are explained.
struct MistakeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Explain the run's most confident mistakes on its test images, or on those for validation "
        + "if it has none.", valueName: "n"))
  var worst: Int?

  @Option(
    help: ArgumentHelp("Where the run's own images are now.", valueName: "folder"),
    completion: .dataset, transform: inputPath)
  var data: String?

  @OptionGroup var cache: CacheOptions

  func validate() throws {
    if let worst { return try check(worst, in: 1...50, "--worst") }
    try GivenOptions.refuse(
      "--data", "--cache", "--cache-folder", "--cache-limit", because: "without --worst: add it")
  }
}
