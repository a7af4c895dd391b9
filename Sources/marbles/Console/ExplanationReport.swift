import ConvNet
import Foundation
import Support
import Tensors
import Training

/// What explanations say, as text and for programs.
struct ExplanationReport {
  private let images: [ExplainedImage]
  private let explainer: Explainer
  private let checkpoint: String
  private let score: ExplanationTarget.Score

  init(
    _ images: [ExplainedImage], _ explainer: Explainer, _ checkpoint: String,
    _ score: ExplanationTarget.Score
  ) {
    self.images = images
    self.explainer = explainer
    self.checkpoint = checkpoint
    self.score = score
  }

  /// What `--json` prints.
  struct Summary: Encodable {
    struct Layer: Encodable { var number: Int, text: String, height: Int, width: Int }
    struct Completeness: Encodable {
      var steps: Int, score: Double, baselineScore: Double, sum: Double, error: Double
    }
    struct Stage: Encodable { var randomLayers: Int, correlations: [Double?], similarity: Double }
    struct Check: Encodable { var similarity: Double, passes: Bool, stages: [Stage] }
    struct Map: Encodable {
      var method: String, height: Int, width: Int, lowest: Float, highest: Float
      var centralFraction: Double?, centerX: Double?, centerY: Double?, onSubject: Double?
      var completeness: Completeness?, randomWeights: Check?
    }
    struct Image: Encodable {
      var path: String, label: String?, prediction: String
      var probabilities: [Float], logits: [Float]
      var `class`: String, subjectArea: Double?, maps: [Map]
    }
    var checkpoint: String, classes: [String], score: String
    var layer: Layer?, patch: Int, stride: Int
    var images: [Image], subjects: SubjectShares?, files: [String]
  }

  func summary(files: [String]) -> Summary {
    Summary(
      checkpoint: checkpoint, classes: explainer.classes, score: score.rawValue,
      layer: layer.map { number, shape in
        .init(
          number: number, text: explainer.network.layers[number].text, height: shape.height,
          width: shape.width)
      }, patch: explainer.options.patch, stride: explainer.options.stride,
      images: images.map(entry), subjects: SubjectShares(images), files: files)
  }

  private var layer: (number: Int, shape: Shape)? {
    let number = explainer.options.layer
    return explainer.mapLayers.contains(number)
      ? (number, explainer.network.shapes[number + 1]) : nil
  }

  private func entry(_ image: ExplainedImage) -> Summary.Image {
    Summary.Image(
      path: image.path, label: image.label, prediction: image.prediction.label,
      probabilities: image.prediction.probabilities, logits: image.prediction.logits,
      class: image.prediction.classes[image.target.classIndex],
      subjectArea: image.subjectArea,
      maps: image.explanations.enumerated().map { index, explanation in
        let (map, whole) = (explanation.map, image.whole(explanation.map))
        return Summary.Map(
          method: explanation.method.rawValue, height: map.height, width: map.width,
          lowest: map.values.min() ?? 0, highest: map.values.max() ?? 0,
          centralFraction: whole.centralFraction, centerX: whole.centerOfMass?.x,
          centerY: whole.centerOfMass?.y, onSubject: image.fractionOnSubject(explanation),
          completeness: explanation.completeness.map {
            .init(
              steps: $0.steps, score: $0.score, baselineScore: $0.baselineScore, sum: $0.sum,
              error: $0.error)
          },
          randomWeights: image.checks.isEmpty ? nil : Summary.Check(image.checks[index]))
      })
  }

  // MARK: Words

  /// A table for each image, and what the columns mean.
  var text: String {
    var lines: [String] = []
    for image in images { lines += table(image) + [""] }
    if let (number, shape) = layer {
      lines.append(
        "layer   \(number) \(explainer.network.layers[number].text.fitted(40)), "
          + "\(shape.height)×\(shape.width)")
    }
    lines.append("middle  of what speaks for it, the fraction in the central half of the area")
    lines.append("center  its mean place, from the left and from the top")
    if images.contains(where: { !$0.checks.isEmpty }) {
      lines.append(
        "random  rank correlation with maps of \(RandomizationCheck.seeds) networks with random "
          + "weights")
    }
    if images.contains(where: { $0.explanations.contains { $0.completeness != nil } }) {
      lines.append("error   how far the map is from adding up to the score it explains")
    }
    if let subjects = SubjectShares(images) { lines += [""] + subjects.lines }
    return (lines + verdicts).joined(separator: "\n")
  }

  private func table(_ image: ExplainedImage) -> [String] {
    let predicted = Double(image.prediction.probability).percentage()
    var head = ["\(image.path.fitted(44)): \(image.prediction.label.fitted(24)) \(predicted)"]
    if let label = image.label { head.append("  labeled \(label.fitted(24))") }
    if image.prediction.index != image.target.classIndex {
      head.append("  explained as \(image.className), \(image.probability)")
    }
    let hasChecks = !image.checks.isEmpty
    let hasErrors = image.explanations.contains { $0.completeness != nil }
    return head
      + [row("", "middle", "center", hasChecks ? "random" : "", hasErrors ? "error" : "")]
      + image.explanations.enumerated().map { index, explanation in
        let map = image.whole(explanation.map)
        return row(
          explanation.method.name, map.centralFraction?.percentage() ?? "none",
          map.centerOfMass.map { "\($0.x.digits(2)), \($0.y.digits(2))" } ?? "",
          hasChecks ? image.checks[index].similarity.digits(2) : "",
          explanation.completeness.map {
            "\($0.error.percentage(decimals: 2)) after \($0.steps.grouped) steps"
          } ?? "")
      }
  }

  private func row(
    _ method: String, _ middle: String, _ center: String, _ random: String, _ error: String
  ) -> String {
    let line =
      "  \(method.left(20)) \(middle.right(7))  \(center.left(10)) \(random.right(7))  \(error)"
    return String(line.reversed().drop { $0 == " " }.reversed())
  }

  /// Whether the maps can be believed.
  private var verdicts: [String] {
    let checks = images.flatMap(\.checks)
    var lines: [String] = []
    if checks.isEmpty {
      lines.append("Mistakes are not compared with random weights; give one as a photo for that.")
    } else {
      let failing = Set(checks.filter { !$0.passes }.map(\.method.name)).sorted()
      let areSeveral = failing.count > 1
      lines +=
        failing.isEmpty
        ? ["With random weights every map is another one: they depend on the weights."]
        : """
        With random weights \(failing.joined(separator: " and ")) \
        \(areSeveral ? "stay" : "stays") much the same (at least \
        \(RandomizationCheck.limit.short)): \(areSeveral ? "they show" : "it shows") the photo \
        more than what was learned.
        """.split(separator: " ").map(String.init).lines(width: 80, separator: " ")
    }
    let errors = images.flatMap { $0.explanations.compactMap(\.completeness) }
    if let worst = errors.max(by: { $0.error < $1.error }), worst.error >= Completeness.limit {
      lines.append(
        "Integrated gradients do not add up: off by \(worst.error.percentage()) of a difference of "
          + "\((worst.score - worst.baselineScore).digits(3)).")
    }
    return lines.isEmpty ? [] : [""] + lines
  }
}

extension ExplanationReport.Summary.Check {
  fileprivate init(_ check: RandomizationCheck) {
    self.init(
      similarity: check.similarity, passes: check.passes,
      stages: check.stages.map {
        .init(
          randomLayers: $0.layers, correlations: $0.correlations, similarity: $0.similarity)
      })
  }
}
