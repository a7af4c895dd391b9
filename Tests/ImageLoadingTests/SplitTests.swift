import ImageLoading
import TestSupport
import Testing

@Suite struct SplitTests {
  func images(_ counts: [Int], part: (Int) -> Split.Part? = { _ in nil }) -> [LoadedImage] {
    counts.enumerated().flatMap { classIndex, count in
      (0..<count).map { number in
        LoadedImage(
          path: "\(classIndex)/\(number).jpg", sha256: "\(classIndex) \(number)",
          classIndex: classIndex, assignedPart: part(number), width: 1, height: 1, format: .jpeg)
      }
    }
  }

  func split(
    _ images: [LoadedImage], validation: Double = 0.2, test: Double = 0.1, seed: UInt64 = 1
  ) -> Split {
    let classes = (images.map(\.classIndex).max() ?? 0) + 1
    return Split.make(
      images: images, classNames: (0..<classes).map { "class \($0)" },
      validationFraction: validation, testFraction: test, seed: seed)
  }

  @Test func `every class is divided in the same proportions`() {
    let images = images([100, 50])
    let split = split(images)
    for (part, expected) in [
      (Split.Part.test, [10, 5]), (.validation, [20, 10]), (.train, [70, 35]),
    ] {
      let counts = [0, 1].map { index in
        split.indices(of: part).count { images[$0].classIndex == index }
      }
      #expect(counts == expected, "\(part)")
    }
  }

  @Test func `the order of the files decides nothing`() {
    let images = images([40, 40])
    let shuffled = images.reversed().map { $0 }
    let (a, b) = (split(images), split(shuffled))
    let parts = Dictionary(uniqueKeysWithValues: a.entries.map { ($0.path, $0.split) })
    #expect(b.entries.allSatisfy { parts[$0.path] == $0.split })
  }

  @Test func `another seed divides otherwise`() {
    let images = images([40, 40])
    #expect(split(images, seed: 1).entries != split(images, seed: 2).entries)
  }

  @Test func `copies of an image fall on one side, even across classes`() {
    var images = images([60, 60])
    for number in 0..<30 {
      let original = images[number]
      images.append(
        LoadedImage(
          path: "copy \(number)", sha256: original.sha256, classIndex: number % 2,
          assignedPart: nil, width: 1, height: 1, format: .jpeg))
    }
    let split = split(images)
    for entry in split.entries {
      #expect(
        split.entries.allSatisfy { $0.sha256 != entry.sha256 || $0.split == entry.split })
    }
  }

  @Test(arguments: [3, 4, 9])
  func `every part has an image of a class that has three`(count: Int) {
    let split = split(images([count, count]), validation: 0.1, test: 0.1)
    for part in Split.Part.allCases {
      #expect(split.indices(of: part).count >= 2, "\(part) of \(count)")
    }
  }

  @Test func `a part of nothing is empty`() {
    let split = split(images([30, 30]), validation: 0, test: 0)
    #expect(split.indices(of: .train).count == 60)
  }

  @Test func `a ready-made split is kept`() {
    let images = images([10, 10]) { $0 < 6 ? .train : $0 < 8 ? .validation : .test }
    let split = split(images)
    for (image, entry) in zip(images, split.entries) { #expect(entry.split == image.assignedPart) }
  }

  @Test func `a ready-made split without validation takes it from training`() {
    let images = images([20, 20]) { $0 < 15 ? .train : .test }
    let split = split(images, validation: 0.2)
    #expect(split.indices(of: .test).count == 10)
    #expect(split.indices(of: .validation).count == 6)
    #expect(zip(images, split.entries).allSatisfy { $0.assignedPart != .test || $1.split == .test })
  }
}
