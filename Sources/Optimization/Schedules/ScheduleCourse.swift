internal import Foundation

extension Choice {
  /// The rate of a named schedule as a part of the peak.
  ///
  /// - Parameters:
  ///   - step: Steps since the warm-up, from 0.
  ///   - length: Steps after the warm-up, at least 1.
  ///   - plateau: What the validation losses came to.
  func scale(atStep step: Int, of length: Int, _ plateau: PlateauState) -> Double {
    let t = min(1, Double(step) / Double(length))
    // A place that is a whole number of steps must not be missed by rounding.
    func reached(_ place: Double) -> Bool { t >= place - 1e-9 }
    switch name {
    case "step": return pow(self["factor"], floor(t / self["every"] + 1e-9))
    case "multi-step": return pow(self["factor"], Double(list("at").count(where: reached)))
    case "exponential": return pow(self["final"], t)
    case "polynomial":
      return mix(1 - pow(1 - t, self["power"]), from: 1, to: self["final"])
    case "cosine":
      return half(
        ofCosine: fraction(t, cycles: Int(self["cycles"]), growth: self["growth"]), from: 1,
        to: self["final"])
    case "one-cycle":
      // As in PyTorch the peak is the last step of the rise, and the end the last step of all.
      let last = max(1, Double(length) - 1)
      let top = max(0, self["rise"] * Double(length) - 1)
      let place = min(Double(step), last)
      return place < top
        ? half(ofCosine: place / top, from: self["start"], to: 1)
        : half(ofCosine: top < last ? (place - top) / (last - top) : 1, from: 1, to: self["final"])
    case "triangle":
      let place = fraction(t, cycles: Int(self["cycles"]), growth: 1)
      let top = self["at"]
      return place < top
        ? mix(place / top, from: self["start"], to: 1)
        : mix((place - top) / (1 - top), from: 1, to: self["final"])
    case "inverse-square-root":
      let timescale = self["timescale"]
      return (timescale / (timescale + Double(step) / Double(length))).squareRoot()
    case "warmup-stable-decay":
      let decay = self["decay"]
      return mix(max(0, t - (1 - decay)) / decay, from: 1, to: self["final"])
    case "plateau": return plateau.scale
    default: return 1
    }
  }

  private func mix(_ part: Double, from start: Double, to end: Double) -> Double {
    start + (end - start) * part
  }

  private func half(ofCosine part: Double, from start: Double, to end: Double) -> Double {
    end + (start - end) * 0.5 * (1 + cos(.pi * part))
  }

  /// How far the current cycle is, 0...1; each is `growth` times as long as the one before.
  private func fraction(_ t: Double, cycles: Int, growth: Double) -> Double {
    guard t < 1 else { return 1 }
    let parts = (0..<cycles).map { pow(growth, Double($0)) }
    let whole = parts.reduce(0, +)
    var start = 0.0
    for part in parts.map({ $0 / whole }) {
      if t < start + part - 1e-9 { return max(0, (t - start) / part) }
      start += part
    }
    return 1
  }
}
