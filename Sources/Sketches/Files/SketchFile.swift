internal import ImageLoading
package import Support
internal import Tensors

/// How a sketch is stored.
public enum SketchFormat: Hashable, Sendable {
  /// `quality` is libjpeg's, `0...100`.
  case jpeg(quality: Int)
  case png

  package func encode(_ image: PixelBuffer) -> [UInt8] {
    switch self {
    case .jpeg(let quality): ImageEncoder.jpeg(image, quality: quality)
    case .png: ImageEncoder.png(image, level: 6)
    }
  }

  var fileExtension: String { self == .png ? "png" : "jpg" }
}

/// The name and format of one sketch of a set.
package struct SketchFile: Hashable, Sendable {
  package let animal: Animal
  package let number: Int
  package let format: SketchFormat

  /// File number `index` of a set, in which cats and dogs alternate.
  package init(index: Int, seed: UInt64) {
    animal = Animal.allCases[index % Animal.allCases.count]
    number = index / Animal.allCases.count + 1
    // A separate stream, so that the file format does not change what is drawn.
    var generator = SeededGenerator(seed: seed, stream: animal.stream, UInt64(number), 1)
    format = generator.chance(0.2) ? .png : .jpeg(quality: .random(in: 70...95, using: &generator))
  }

  /// The file name, such as `cat-0001.jpg`.
  package var name: String { "\(stem).\(format.fileExtension)" }

  /// Its path in the folder of a set.
  var path: String { "\(animal.rawValue)/\(name)" }

  /// The name of the file that says where the animal is.
  package var maskName: String { "\(stem).png" }

  private var stem: String { "\(animal.rawValue)-\(number.padded(to: 4))" }
}
