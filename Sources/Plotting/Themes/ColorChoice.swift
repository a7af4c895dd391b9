/// Hands out colors of a palette that differ from all handed out before.
struct ColorChoice {
  private let palette: Palette
  private var taken: [OKLab] = []
  /// Every color that stands out from the background, on a grid of lightness, chroma and hue; empty
  /// until one is needed.
  private var candidates: [Candidate] = []
  /// The number of taken colors that `room` of the candidates takes into account.
  private var measuredCount = 0

  private struct Candidate {
    var color: OKLab
    /// The distance to the nearest taken color.
    var room: Double
  }

  /// Colors closer than this look alike where lines cross.
  private static let wantedRoom = 0.1
  /// Radians by which the hue of a shade may differ from that of its color.
  private static let hueReach = 0.6

  /// Creates a choice with no color taken.
  init(_ palette: Palette) { self.palette = palette }

  /// Hands out the given color.
  mutating func take(_ color: Color) -> Color {
    taken.append(OKLab(color))
    return color
  }

  /// Hands out the first color of the series that is free, or the one farthest from those taken.
  mutating func next() -> Color {
    let free = palette.series.first { room(around: OKLab($0)) >= Self.wantedRoom }
    return free.map { take($0) } ?? takeFarthest { _ in true }
  }

  /// Hands out the color with a hue near that of `color` that is farthest from those taken, or any
  /// if none of these is far enough.
  mutating func shade(of color: Color) -> Color {
    let hue = OKLab(color).hue
    return takeFarthest { candidate in
      let turn = abs(candidate.color.hue - hue)
      return candidate.room >= Self.wantedRoom && min(turn, 2 * .pi - turn) <= Self.hueReach
    }
  }

  private mutating func takeFarthest(where isWanted: (Candidate) -> Bool) -> Color {
    measure()
    let wanted = candidates.filter(isWanted)
    let best = (wanted.isEmpty ? candidates : wanted).max { $0.room < $1.room }
    guard let color = best?.color.color else {
      preconditionFailure("no color stands out from \(palette.background)")
    }
    return take(color)
  }

  private mutating func measure() {
    if candidates.isEmpty { candidates = Self.grid(on: palette.background) }
    for color in taken[measuredCount...] {
      for index in candidates.indices {
        let distance = candidates[index].color.distance(to: color)
        candidates[index].room = min(candidates[index].room, distance)
      }
    }
    measuredCount = taken.count
  }

  private func room(around color: OKLab) -> Double {
    taken.map(color.distance).min() ?? .infinity
  }

  private static func grid(on background: Color) -> [Candidate] {
    var grid: [Candidate] = []
    for lightness in stride(from: 0.2, through: 0.95, by: 0.05) {
      for chroma in stride(from: 0.04, through: 0.28, by: 0.04) {
        for hue in stride(from: -Double.pi, to: .pi, by: .pi / 18) {
          let color = OKLab(lightness: lightness, chroma: chroma, hue: hue)
          if let shown = color.color, shown.contrast(with: background) >= 3 {
            grid.append(Candidate(color: color, room: .infinity))
          }
        }
      }
    }
    return grid
  }
}
