import Foundation
import Testing
import Training

@Suite struct RateSearchTests {
  /// Searches with a loss that follows from the rate; nil is a training that diverged.
  private func search(
    around center: Float = 0.01, count: Int = 5, _ loss: (Double) -> Double?
  ) -> RateSearch {
    var search = RateSearch(around: center, count: count)
    while let rate = search.next { search.add(loss(Double(rate))) }
    return search
  }

  private func distance(_ rate: Double, to best: Double) -> Double {
    abs(log10(rate / best))
  }

  @Test func `a search closes in on a rate inside its grid`() {
    let found = search { distance($0, to: 0.012) }
    #expect(found.trials.count == RateSearch.trialCount(gridCount: 5))
    #expect(found.trials.prefix(5).map(\.rate) == [0.001, 0.00316, 0.01, 0.0316, 0.1])
    #expect(distance(Double(found.best?.rate ?? 1), to: 0.012) < 0.1, "\(found)")
    #expect(found.extended == nil && !found.isAtEdge)
  }

  @Test func `a best rate at the edge extends the grid once, with as many trials`() {
    let low = search { distance($0, to: 0.0002) }
    #expect(low.extended == .lower && !low.isAtEdge && low.trials.count == 9)
    #expect(distance(Double(low.best?.rate ?? 1), to: 0.0002) < 0.2, "\(low)")
    let high = search { distance($0, to: 30) }
    #expect(high.extended == .higher && high.isAtEdge && high.trials.count == 9)
    #expect(high.trials[5...6].map(\.rate) == [0.316, 1])
  }

  @Test func `rates that diverge lose, and where all do lower ones are tried`() {
    let found = search { $0 > 0.005 ? nil : distance($0, to: 1) }
    #expect(found.best?.rate ?? 1 < 0.00501 && found.extended == nil, "\(found)")
    #expect(!found.isAtEdge)
    let never = search { _ in nil }
    #expect(never.best == nil && never.trials.count == 9 && !never.isAtEdge)
    #expect((never.ordered.first?.rate ?? 1) < 2e-5)
    let late = search { $0 > 0.0005 ? nil : $0 }
    #expect(late.extended == .lower && late.best != nil)
  }

  @Test func `a loss that is no number is worse than any other`() {
    let found = search { $0 > 0.02 ? .nan : 1 / $0 }
    #expect(found.best?.rate ?? 1 < 0.02)
  }

  @Test func `no rate is tried twice, and every one can be typed`() {
    for best in [1e-5, 0.001, 0.0099, 0.02, 0.2, 5] {
      let rates = search(count: 3) { distance($0, to: best) }.trials.map(\.rate)
      #expect(Set(rates).count == rates.count && rates.count == 7)
      #expect(rates.allSatisfy { "\($0)".count <= 8 }, "\(rates)")
    }
  }
}
