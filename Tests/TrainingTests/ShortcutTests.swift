import Tensors
import Testing
import Training

@Suite struct ShortcutTests {
  /// Features around a class's center, `distance` apart, with deviation 1.
  func sample(_ count: Int, classes: Int, distance: Double) -> ([[Double]], [Int]) {
    var generator = SeededGenerator(seed: 3)
    func normal() -> Double {
      (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &generator) }
    }
    let labels = (0..<count).map { $0 % classes }
    // A large offset and scale: they must not matter.
    return (labels.map { [1e6 + 1e3 * (Double($0) * distance + normal()), normal()] }, labels)
  }

  func accuracy(_ features: [[Double]], _ labels: [Int], classes: Int) -> Double {
    let hits = ShortcutClassifier.crossValidatedHits(
      features: features, classes: labels, classCount: classes, seed: 1)
    return Double(hits) / Double(labels.count)
  }

  @Test func `classes far apart are told apart`() {
    let (features, labels) = sample(300, classes: 3, distance: 8)
    #expect(accuracy(features, labels, classes: 3) > 0.98)
  }

  @Test func `two normal classes two deviations apart are told apart as theory says`() {
    let (features, labels) = sample(4000, classes: 2, distance: 2)
    // Φ(1) = 0.8413.
    #expect(abs(accuracy(features, labels, classes: 2) - 0.8413) < 0.02)
  }

  @Test func `features that say nothing give no more than guessing`() {
    let (features, labels) = sample(2000, classes: 2, distance: 0)
    #expect(abs(accuracy(features, labels, classes: 2) - 0.5) < 0.04)
  }

  @Test func `features that are all the same do no harm`() {
    let labels = (0..<20).map { $0 % 2 }
    #expect(accuracy(labels.map { _ in [7] }, labels, classes: 2) <= 0.5)
  }

  @Test func `every image is classified by a classifier that never saw it`() {
    // One feature per image, unrelated to its class: only a classifier that learned the very
    // image could know.
    let labels = (0..<40).map { ($0 * 7919 % 13) % 2 }
    let features = labels.indices.map { index in
      labels.indices.map { $0 == index ? 1.0 : 0.0 }
    }
    #expect(accuracy(features, labels, classes: 2) < 0.8)
  }
}
