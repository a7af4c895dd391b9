import Foundation
import ImageLoading
import Support
import Training

/// Where the subjects of photos are, as files of white on black.
struct MaskFolder {
  let path: String

  /// The mask of a photo, at the places that a network sees of it.
  ///
  /// It is the PNG file of the photo's name, in the folder or in its part of the name of the
  /// photo's folder: `cat/cat-0001.png` for `photos/cat/cat-0001.jpg`.
  ///
  /// - Throws: `Failure` if there is none, or if it cannot be read.
  func mask(of photo: String, _ geometry: ImageGeometry) throws -> [Bool] {
    let file = URL(filePath: photo).deletingPathExtension()
    let name = "\(file.lastPathComponent).png"
    let folder = file.deletingLastPathComponent().lastPathComponent
    let candidates = ["\(path)/\(folder)/\(name)", "\(path)/\(name)"]
    guard let found = candidates.first(where: { FileIdentity($0) != nil }) else {
      throw Failure(
        .inputMissing,
        "\(candidates[0]): no such mask, and none in \(path); give a folder with the mask of "
          + photo)
    }
    let pixels = try decodeImage(found, geometry: geometry).pixels
    return stride(from: 0, to: pixels.bytes.count, by: 3).map { pixels.bytes[$0] >= 128 }
  }
}

extension ExplainedImage {
  /// Of what speaks for the class by a method, the fraction on the subject; nil without a mask.
  func fractionOnSubject(_ explanation: Explanation) -> Double? {
    mask.flatMap { whole(explanation.map).fraction(inside: $0) }
  }

  /// The fraction of the image that is subject; nil without a mask.
  var subjectArea: Double? { mask.map { Double($0.count(where: \.self)) / Double($0.count) } }
}

/// How much of what speaks for the class lies on the subjects, on average over images.
struct SubjectShares: Encodable {
  /// A method, and the mean fraction of its maps that lies on the subjects, 0…1.
  struct Share: Encodable { var method: String, fraction: Double }

  /// Images with a mask.
  let images: Int
  /// The mean fraction of the area that is subject: what a map that is the same everywhere has.
  let area: Double
  let methods: [Share]

  /// - Returns: Nil if no image has a mask.
  init?(_ images: [ExplainedImage]) {
    let areas = images.compactMap(\.subjectArea)
    guard !areas.isEmpty else { return nil }
    self.images = areas.count
    area = areas.reduce(0, +) / Double(areas.count)
    let methods = images[0].explanations.map(\.method)
    self.methods = methods.enumerated().compactMap { index, method in
      let fractions = images.compactMap { $0.fractionOnSubject($0.explanations[index]) }
      guard !fractions.isEmpty else { return nil }
      return Share(
        method: method.rawValue, fraction: fractions.reduce(0, +) / Double(fractions.count))
    }
  }

  /// A line for each method, one for the area, and a remark where most lies elsewhere.
  var lines: [String] {
    methods.map {
      "\($0.method.left(20)) \($0.fraction.percentage().right(6)) of what speaks for the class is "
        + "on the subject"
    } + [
      "\("area".left(20)) \(area.percentage().right(6)) of \(images.counted("image")) "
        + "\(images == 1 ? "is" : "are") subject"
    ]
      + methods.filter { $0.fraction < 0.5 }.map {
        "\($0.method): most of it lies elsewhere"
          + ($0.fraction < area ? ", more than if it were spread evenly" : "")
      }
  }
}
