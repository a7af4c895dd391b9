import ImageLoading
import TestSupport
import Testing

@Suite struct FoldTests {
  /// Images without pixels, of which some have the same content.
  private func dataset(_ contents: [(content: String, classIndex: Int)]) -> LoadedDataset {
    let images = contents.enumerated().map { index, image in
      LoadedImage(
        path: "\(index).png", sha256: image.content, classIndex: image.classIndex,
        assignedPart: nil, width: 8, height: 8, format: .png)
    }
    let listing = DatasetListing(
      root: "", layout: .flatNames, classNames: ["cat", "dog"], files: [])
    return LoadedDataset(
      classNames: ["cat", "dog"], images: images, pixels: [],
      report: DataReport.Log().report(listing, images, seconds: 0))
  }

  private let many = (0..<90).map { ("content \($0)", $0 % 3 == 0 ? 0 : 1) }

  @Test func `folds are of the same size and the same classes`() {
    let folds = dataset(many).folds(3, seed: 1)
    for fold in 0..<3 {
      #expect(folds.indices.count { folds[$0] == fold && many[$0].1 == 0 } == 10)
      #expect(folds.indices.count { folds[$0] == fold && many[$0].1 == 1 } == 20)
    }
    #expect(folds != dataset(many).folds(3, seed: 2))
    #expect(folds == dataset(many).folds(3, seed: 1))
  }

  @Test func `copies of an image are in one fold, also with another label`() {
    let copies = (0..<60).map { ("content \($0 / 3)", $0 % 2) }
    let folds = dataset(copies).folds(4, seed: 5)
    for start in stride(from: 0, to: 60, by: 3) {
      #expect(Set(folds[start..<start + 3]).count == 1)
    }
    #expect(Set(folds) == [0, 1, 2, 3])
  }
}
