internal import ImageLoading
internal import Support
internal import Training

/// What the page is told about a photo.
struct PhotoAnswer: Encodable {
  /// A class, the most probable first.
  struct Class: Encodable { var name: String, probability: Float, logit: Float }

  /// Where an answer comes from.
  struct Map: Encodable {
    var method: String, name: String
    /// A PNG file as an address: over a photo that lost its colors, the same in every theme.
    var picture: String
    /// What there is to see.
    var reading: String
  }

  /// Pixels of the photo, upright.
  var width: Int, height: Int
  var format: String
  /// What the file is, what the decoder says of it, and how long the answer took.
  var facts: String
  /// What the network sees: a PNG file as an address.
  var seen: String
  /// The label, or that it is not known.
  var answer: String
  /// answered, unsure or none.
  var verdict: AnswerRule.Verdict
  /// In a sentence.
  var sentence: String
  var classes: [Class]
  /// Nil for a network without layers that keep places.
  var map: Map?

  init(
    _ source: DecodedImage, _ prediction: Prediction, seen: String, map: Map?,
    milliseconds: Double
  ) {
    (width, height) = (source.sourceWidth, source.sourceHeight)
    format = source.format.rawValue
    facts =
      (["\(format.uppercased()), \(width)×\(height) pixels"]
      + source.remarks.map(\.description) + ["answered in \(milliseconds.decimal(0)) ms"])
      .joined(separator: " · ")
    self.seen = seen
    self.map = map
    verdict = prediction.verdict
    answer = prediction.answer
    sentence = prediction.sentence
    let probabilities = prediction.probabilities
    classes = prediction.classes.indices
      .map {
        Class(
          name: prediction.classes[$0], probability: probabilities[$0],
          logit: prediction.logits[$0])
      }.sorted { $0.logit > $1.logit }
  }
}

extension Prediction {
  /// The answer in a sentence.
  fileprivate var sentence: String {
    let label = label
    let sure = Double(probability).percentage()
    return switch verdict {
    case .answered: "It says \(label), and is \(sure) sure."
    case .unsure:
      "It is not sure enough to answer. If it had to, it would say \(label): \(sure)."
    case .none:
      "It is unlike the photos of every class. If it had to choose, it would say \(label): \(sure)."
    }
  }
}
