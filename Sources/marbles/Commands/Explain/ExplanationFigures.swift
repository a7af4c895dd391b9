import ConvNet
import Foundation
import ImageLoading
import Plotting
import Support
import Tensors
import Training

/// The figures about one photo.
struct ExplanationFigures {
  let image: ExplainedImage
  let explainer: Explainer
  /// The checkpoint, as it was given.
  let checkpoint: String
  let theme: Theme

  init(_ image: ExplainedImage, _ explainer: Explainer, _ checkpoint: String, _ theme: Theme) {
    (self.image, self.explainer, self.checkpoint, self.theme) = (
      image, explainer, checkpoint, theme
    )
  }

  private var network: Network { explainer.network }
  private var size: Int { network.inputShape.width }

  private var seen: String {
    "\(image.fileName) as \(checkpoint.fitted(40)) sees it, \(size)×\(size) pixels"
  }

  // MARK: Maps

  /// The photo and all maps.
  var overview: ExplanationFigure {
    Self.overview(
      of: [image],
      title: "What speaks for \(image.className), \(image.probability)", subtitle: seen,
      explainer, theme)
  }

  /// Images with all their maps, a row for each.
  static func overview(
    of images: [ExplainedImage], title: String, subtitle: String, _ explainer: Explainer,
    _ theme: Theme
  ) -> ExplanationFigure {
    ExplanationFigure(
      title: title, subtitle: subtitle, footer: footer(images, explainer),
      rows: images.map { image in
        ExplanationFigure.Row(
          image.pixels,
          title: images.count == 1 ? "Photo" : "\(image.className.keptLeft) \(image.probability)",
          notes: image.notes(isAlone: images.count == 1),
          panels: image.explanations.map { explanation in
            ExplanationFigure.Panel(
              explanation.method.name, image.heatMap(explanation.map),
              notes: image.notes(on: explanation))
          })
      }, theme: theme)
  }

  private static func footer(_ images: [ExplainedImage], _ explainer: Explainer) -> String {
    let methods = Set(images.flatMap { $0.explanations.map(\.method) })
    var parts: [String] = []
    if methods.contains(where: \.usesLayer) {
      let layer = explainer.options.layer
      let shape = explainer.network.shapes[layer + 1]
      parts.append("CAM of layer \(layer), \(shape.height)×\(shape.width)")
    }
    if methods.contains(.occlusion) {
      let patch = explainer.options.patch
      parts.append("occlusion by \(patch)×\(patch) pixels, every \(explainer.options.stride)")
    }
    if let score = images.first?.target.score {
      parts.append(score == .logit ? "score: logit" : "score: log odds")
    }
    return parts.joined(separator: " · ")
  }

  /// The maps of the trained network beside those of networks with random weights.
  var check: ExplanationFigure {
    let passing = image.checks.count(where: \.passes)
    let total = image.checks.first?.stages.last?.layers ?? 0
    return ExplanationFigure(
      title: "\(passing) of \(image.checks.count.counted("map")) "
        + "\(passing == 1 ? "depends" : "depend") on the weights",
      subtitle: "With random weights a map should become another one: \(seen)",
      footer: "Spearman's rank correlation with the map of the network, of values or their sizes: "
        + "another map below \(RandomizationCheck.limit.short)",
      // A map of seed 1 stands for those of all seeds.
      rows: zip(image.explanations, image.checks).map { explanation, check in
        ExplanationFigure.Row(
          image.pixels, title: explanation.method.name,
          notes: [check.passes ? "becomes another" : "stays alike"],
          panels: [
            .init("own weights", image.heatMap(explanation.map), notes: ["correlation 1"])
          ]
            + check.stages.map { stage in
              .init(
                stage.name(of: total), image.heatMap(stage.map),
                notes: [stage.text])
            })
      }, theme: theme)
  }

  // MARK: Layers

  private static let mostChannels = 64, channelsInRow = 8

  /// The last layers before each layer with weights, and the last with a map.
  private var stages: [Int] {
    let (maps, learning) = (explainer.mapLayers, network.learningLayers)
    let stages = maps.filter { layer in
      layer == maps.last
        || learning.contains(layer + 1)
    }
    return stages
  }

  private func sheetRow(_ layer: Int, most: Int, hasCaptions: Bool) -> ContactSheet.Row {
    let shape = network.shapes[layer + 1]
    let means = image.trace.channelMeans(ofLayer: layer, in: network)
    let order = means.indices.sorted { means[$0] > means[$1] }.prefix(most)
    let title =
      "layer \(layer): \(network.layers[layer].text.fitted(40)), \(shape.height)×\(shape.width) · "
      + (shape.channels > most
        ? "the \(most) of \(shape.channels) channels with the highest mean"
        : "all \(shape.channels.counted("channel"))")
    return ContactSheet.Row(
      title,
      order.map { channel in
        let map = image.trace.channel(channel, ofLayer: layer, in: network)
        return ContactSheet.Thumbnail(
          HeatMap(map).bitmap(theme).sharp, caption: hasCaptions ? "\(channel)" : "")
      })
  }

  /// What each stage makes of the photo.
  var activations: ContactSheet {
    let rows = stages.map {
      sheetRow($0, most: Self.channelsInRow, hasCaptions: false)
    }
    return ContactSheet(
      title: "What the layers make of the photo",
      subtitle: "\(image.fileName): \(theme.mapReading)", rows: rows,
      columns: Self.channelsInRow, theme: theme)
  }

  /// The channels of the layer that is explained.
  var channels: ContactSheet {
    let layer = explainer.options.layer
    return ContactSheet(
      title: "The channels of layer \(layer)",
      subtitle: "\(image.fileName): \(theme.mapReading)",
      rows: [sheetRow(layer, most: Self.mostChannels, hasCaptions: true)], columns: 12,
      theme: theme)
  }

  /// Mean, lowest and highest value of every channel of every layer.
  var channelRows: [[String]] {
    let header = ["layer", "text", "height", "width", "channel", "mean", "lowest", "highest"]
    return [header]
      + explainer.mapLayers.flatMap { layer in
        let shape = network.shapes[layer + 1]
        let means = image.trace.channelMeans(ofLayer: layer, in: network)
        return means.indices.map { channel in
          let values = image.trace.channel(channel, ofLayer: layer, in: network).values
          return ["\(layer)", network.layers[layer].text, "\(shape.height)", "\(shape.width)"]
            + ["\(channel)"]
            + [means[channel], values.min() ?? 0, values.max() ?? 0].map { Double($0).text }
        }
      }
  }
}

extension ExplainedImage {
  /// A map at the size of the image, to be drawn.
  func heatMap(_ map: AttributionMap) -> HeatMap { HeatMap(whole(map)) }

  /// What is said below a map.
  fileprivate func notes(on explanation: Explanation) -> [String] {
    let place = whole(explanation.map).centralFraction.map {
      "\($0.percentage(decimals: 0)) in the central half"
    }
    let sum = explanation.completeness.map {
      "adds up within \($0.error.percentage(decimals: 2))"
    }
    return [place ?? "nothing speaks for it"] + (sum.map { [$0] } ?? [])
  }

  /// What is said below the image.
  fileprivate func notes(isAlone: Bool) -> [String] {
    let predicted = "predicted \(prediction.label.fitted(24))"
    let isOther = prediction.index != target.classIndex
    if isAlone {
      return isOther ? ["\(className.keptLeft) \(probability)", predicted] : [predicted]
    }
    return [fileName] + (label.map { ["labeled \($0.fitted(24))"] } ?? [])
  }
}

extension HeatMap {
  init(_ map: AttributionMap) {
    self.init(width: map.width, height: map.height, values: map.values)
  }
}

extension PixelBuffer {
  /// With pixels that have sharp edges in a sheet.
  var sharp: PixelBuffer { magnified(max(1, 160 / max(width, height))) }
}

extension RandomizationCheck.Stage {
  /// Which layers are random.
  func name(of total: Int) -> String {
    switch layers {
    case total: "all \(total.counted("layer")) random"
    case 1: "last layer random"
    default: "last \(layers) layers random"
    }
  }

  /// Its rank correlation.
  var text: String {
    let known = correlations.compactMap(\.self)
    guard let first = known.first else { return "no correlation: an empty map" }
    return correlations.count == 1
      ? "correlation \(first.decimal(2))"
      : "correlation \(similarity.decimal(2)), of \(correlations.count)"
  }
}
