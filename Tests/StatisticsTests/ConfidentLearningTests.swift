import Foundation
import Statistics
import TestSupport
import Testing

/// cleanlab 2.9.0, by `Tools/reference/confident_learning.py`.
private struct Case: Decodable {
  var name: String
  var labels: [Int], probabilities: [[Double]]
  var thresholds: [Double], joint: [[Int]]
  var doubted: [Int], ranking: [Int]

  static let all: [Case] =
    (try? fixture([Case].self, "confident-learning.json", in: .module)) ?? []
}

@Suite struct ConfidentLearningTests {
  @Test func `labels are doubted as by the reference`() {
    #expect(Case.all.count == 7)
    for one in Case.all {
      let found = ConfidentLearning(labels: one.labels, probabilities: one.probabilities)
      for (own, other) in zip(found.thresholds, one.thresholds) {
        #expect(abs((own ?? .nan) - other) < 1e-12, "\(one.name)")
      }
      #expect(found.joint == one.joint, "\(one.name)")
      #expect(found.doubted.sorted() == one.doubted, "\(one.name)")
      #expect(found.ranking == one.ranking, "\(one.name)")
    }
  }

  @Test func `a class without samples has no threshold, and no sample is of it`() {
    let found = ConfidentLearning(
      labels: [0, 1, 0], probabilities: [[0.8, 0.1, 0.1], [0, 1, 0], [0, 0.1, 0.9]])
    #expect(found.thresholds == [0.4, 1, nil])
    #expect(found.likely == [0, 1, nil])
    #expect(found.doubted.isEmpty)
  }

  @Test func `nothing judged, nothing doubted`() {
    let found = ConfidentLearning(labels: [], probabilities: [])
    #expect(found.ranking.isEmpty && found.doubted.isEmpty && found.joint.isEmpty)
  }
}
