import Foundation
import Plotting
import Support
import Testing

/// Names and values that a figure must cope with.
struct NastyInput: CustomTestStringConvertible, Sendable {
  var name: String
  var names: [String]
  /// At least two, for every name alike.
  var values: [Double]
  var testDescription: String { name }

  private static let scripts = [
    "猫と犬のデータ", "قطط وكلاب 3", "बिल्ली और कुत्ता", "חתולים וכלבים", "🐱🐶👨‍👩‍👧", "кошки и собаки",
  ]
  private static let ordinary = [2.0, 1.2, 0.7, 0.4, 0.3]

  private static func long(_ count: Int) -> [String] {
    (0..<count).map { "\($0) " + String(repeating: "a very long name ", count: 8) }
  }

  static let all: [NastyInput] = [
    NastyInput(name: "one epoch", names: ["adam"], values: [0.7, 0.5]),
    NastyInput(name: "nothing but NaN", names: ["adam", "sgd"], values: [.nan, .nan, .nan]),
    NastyInput(name: "nothing finite", names: ["adam"], values: [.infinity, -.infinity, .nan]),
    NastyInput(name: "zero", names: ["adam", "sgd"], values: [0, 0, 0]),
    NastyInput(
      name: "10,000 steps", names: ["adam"], values: (0..<10_000).map { 1 / Double($0 + 1) }),
    NastyInput(
      name: "twelve orders of magnitude", names: ["adam", "sgd", "lion"],
      values: (0...12).map {
        [1e6, 1e5, 1e4, 1e3, 100, 10, 1, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6][$0]
      }
    ),
    NastyInput(name: "huge and below zero", names: ["a", "b"], values: [-3e8, 1e12, -5e-9, 7]),
    NastyInput(name: "as small as can be", names: ["a"], values: [3e-300, 5e-305, 1e-308]),
    NastyInput(name: "hardly different", names: ["a", "b"], values: [1_000_000.25, 1_000_000.5]),
    NastyInput(
      name: "40 runs", names: (0..<40).map { "run number \($0)" }, values: ordinary),
    NastyInput(name: "one very long name", names: long(1), values: ordinary),
    NastyInput(name: "13 very long names", names: long(13), values: ordinary),
    NastyInput(name: "six scripts", names: scripts, values: ordinary),
    NastyInput(
      name: "long names in six scripts",
      names: scripts.map { String(repeating: "\($0) ", count: 9) },
      values: ordinary),
    NastyInput(
      name: "no names, and strange ones", names: ["", " ", "a\nb\tc", "<&>\"'", "\u{202E}abc"],
      values: ordinary),
  ]

  // MARK: Figures

  private func numbered(_ make: (Double) -> DataPoint) -> [DataPoint] {
    values.indices.map { make(Double($0)) }
  }

  private var points: [DataPoint] {
    values.enumerated().map { DataPoint(Double($0), $1) }
  }

  private func curves(_ most: Int) -> [NamedCurve] {
    names.prefix(most).map { NamedCurve($0, points) }
  }

  private var runs: [TrainingCurve] {
    names.map { name in
      TrainingCurve(
        name: name,
        epochs: values.prefix(50).enumerated().map { epoch, value in
          .init(
            epoch: Double(epoch), trainLoss: value, validationLoss: 1.1 * value,
            trainAccuracy: min(1, abs(value)), validationAccuracy: min(1, abs(value)),
            seconds: Double(epoch) * 100, learningRate: abs(value))
        },
        steps: names.count > 3
          ? []
          : values.enumerated().map {
            .init(
              step: $0 + 1, epoch: Double($0) / 200, loss: $1, learningRate: abs($1))
          }, classCount: 2, notes: "\(name) · seed 1")
    }
  }

  private var paths: [RacePath] {
    let count = Double(values.count)
    return names.enumerated().map { index, name in
      RacePath(
        label: name, detail: "1.25e-05", outcome: "left the map at step 12345", group: index % 9,
        points: numbered { DataPoint(-1.5 + 2 * $0 / count, 0.02 * Double(index) - $0 / count) },
        values: values)
    }
  }

  /// A surface whose heights are the values.
  private var field: HeightField {
    HeightField(x: -2...2, y: -1...1, columns: 17, rows: 17) { x, y in
      values[Int((abs(x) + abs(y)) / 3.001 * Double(values.count))]
    }
  }

  /// Figures of every kind with these names and values.
  func figures(_ theme: Theme) -> [any Figure] {
    let title = names[0] + " of " + names[names.count - 1]
    return training(theme) + races(title, theme) + sheets(title, theme)
      + evaluations(title, theme) + comparisons(title, theme) + [
        AxesFigure.schedules(curves(5), together: true, footer: title, theme: theme),
        AxesFigure.schedules(curves(12), together: false, footer: title, theme: theme),
        AxesFigure.objectives(
          over: "error", values: curves(10), slopes: curves(10), reading: "What there is to see.",
          subtitle: title, theme: theme),
        AxesFigure.lineFits(
          readings: points, outliers: points, trueLine: NamedCurve("true line", points),
          lines: curves(10), reading: "What there is to see.", subtitle: title, footer: title,
          theme: theme),
        AxesFigure.learningRates(
          losses: points, smoothed: points,
          marked: [
            MarkedRate(point: points[0], label: names[0]), MarkedRate(point: points[1], label: "b"),
          ], rates: 1e-9...1e3, reading: "What there is to see.", subtitle: title, footer: title,
          theme: theme),
        AxesFigure.lossCut(
          PlottedLossCut(
            losses: points, accuracies: points, guessingLoss: 0.693, guessingAccuracy: 0.5,
            horizontal: title), paths: paths, title: title, subtitle: title, footer: title,
          theme: theme),
        AxesFigure.learningCurve(
          PlottedLearningCurve(
            networks: points, law: points, upper: points, lower: points, imageCount: 3,
            forecasts: [points[values.count - 1]]), subtitle: title, footer: title, theme: theme),
      ]
  }

  private func comparisons(_ title: String, _ theme: Theme) -> [any Figure] {
    let band = ComparedCurve.Band(
      mean: points, lower: points.map { DataPoint($0.x, 0.9 * $0.y) },
      upper: points.map { DataPoint($0.x, 1.1 * $0.y) })
    let curves = names.enumerated().map {
      ComparedCurve($1, group: $0 % 9, loss: band, accuracy: band)
    }
    let guessing = GuessingLevel(loss: 0.693, accuracy: 0.5)
    let rows = names.map { name in
      AccuracyFigure.Row(
        name, accuracy: min(1, abs(values[0])), lower: min(1, abs(values[1])), upper: values[0],
        single: Array(values.prefix(5)))
    }
    return [
      AxesFigure.comparedCurves(
        curves, over: "step", guessing: guessing, title: title, reading: title, subtitle: title,
        footer: title, theme: theme),
      AxesFigure.rateSensitivity(
        names.enumerated().map { index, name in
          RateCurve(
            name, group: index % 9,
            points: points.map { DataPoint(exp($0.x.remainder(dividingBy: 9)), $0.y) },
            chosen: DataPoint(0.01, values[0]))
        }, guessing: guessing, title: title, reading: "What there is to see.", subtitle: title,
        footer: title, theme: theme),
      CurveRaceFigure(
        curves, over: "seconds", in: .seconds, guessing: guessing, title: title, reading: title,
        subtitle: title, footer: title, theme: theme),
      AccuracyFigure(
        title: title, subtitle: title, rows: rows,
        areApart: names.indices.map { row in names.indices.map { ($0 + row) % 3 == 0 } },
        footer: title, theme: theme),
    ]
  }

  private func training(_ theme: Theme) -> [any Figure] {
    TrainingFigure.Quantity.allCases.flatMap { quantity in
      [(HorizontalAxis.epoch, false), (.time, true)].map { axis, isLogarithmic in
        TrainingFigure(
          curves: runs, quantity: quantity, horizontalAxis: axis, logarithmic: isLogarithmic,
          theme: theme)
      }
    }
  }

  private func races(_ title: String, _ theme: Theme) -> [any Figure] {
    let minima = [DataPoint(0, 0), DataPoint(1, 0.5)]
    let grounds = [RaceFigure.Ground.map(field, minima: minima), .curve(points, minima: minima)]
    return grounds.flatMap { ground in
      [true, false].map { isAboveLowest in
        RaceFigure(
          title: title, subtitle: title, footer: title, ground: ground, paths: paths,
          isAboveLowest: isAboveLowest, theme: theme)
      }
    }
      + [false, true].map {
        LandscapeFigure(
          title: title, subtitle: title, footer: title, field: field, minima: minima, paths: paths,
          areLifted: $0, theme: theme)
      } + [
        LossMapFigure(
          title: title, subtitle: title, footer: title, field: field,
          horizontal: "first principal direction (64% of the paths)",
          vertical: "second principal direction (26% of the paths)", paths: paths, theme: theme),
        BasinFigure(
          title: title, subtitle: title, footer: title, x: -2...2, y: -1e-9...1e6, columns: 2,
          cells: (0..<8).map { BasinFigure.Cell(basin: $0, time: 0.5) },
          basins: (0..<8).map { DataPoint(Double($0) / 8, 0) }, theme: theme),
      ]
  }

  private func evaluations(_ title: String, _ theme: Theme) -> [any Figure] {
    // Of probabilities; what is none must not be drawn outside.
    let parts = values.map { min(1, abs($0)) }
    let line = parts.enumerated().map {
      DataPoint(Double($0) / Double(max(1, parts.count - 1)), $1)
    }
    let curves = names.enumerated().map {
      PlottedRanking.Curve($1, place: $0, area: parts[0], line)
    }
    let band = PlottedRanking.Band(middle: line, upper: line, lower: line)
    return [1, 2, names.count].flatMap { count -> [any Figure] in
      let ranking = PlottedRanking(
        curves: Array(curves.prefix(count)), bands: [band], area: parts[0], interval: 0.25...1)
      return [
        AxesFigure.roc(ranking, footer: title, theme: theme),
        AxesFigure.precisionRecall(ranking, footer: title, theme: theme),
      ]
    } + [
      AxesFigure.reliability(
        PlottedReliability(
          bins: parts.prefix(30).enumerated().map { place, part in
            PlottedReliability.Bin(
              Double(place) / 30, Double(place + 1) / 30, count: place * 1_000_000,
              confidence: part, accuracy: part, interval: 0.1...1)
          }, confidence: parts[0], accuracy: parts[1], verdict: names[0], error: parts[0],
          debiasedError: parts[1]), footer: title, theme: theme),
      AxesFigure.confidences(
        PlottedConfidences(right: values, wrong: [], least: parts[1]), footer: title,
        theme: theme),
      AxesFigure.confidences(
        PlottedConfidences(right: [], wrong: values, least: 0.5), footer: title, theme: theme),
    ]
  }

  private func sheets(_ title: String, _ theme: Theme) -> [any Figure] {
    let image = PixelBuffer(width: 4, height: 2, bytes: Array(repeating: 99, count: 24))
    let rows = names.enumerated().map { index, name in
      ContactSheet.Row(
        name, Array(repeating: .init(image, caption: "\(name).jpg"), count: 1 + index % 5))
    }
    let parts = names.map { _ in Array(values.prefix(100)) }
    let counts = names.indices.map { row in
      names.indices.map { $0 == row ? 123_456 : values[0].isFinite ? Int(abs(values[0])) % 100 : 0 }
    }
    return [
      ContactSheet(title: title, subtitle: title, rows: rows, theme: theme),
      DistributionFigure(
        title: title, subtitle: title, groups: names,
        panels: ["brightness", "red", "green", "blue"].map { .init($0, parts) }, domain: 0...255,
        theme: theme),
      ConfusionFigure(title: title, subtitle: title, classes: names, counts: counts, theme: theme),
    ]
  }
}

@Suite struct NastyInputTests {
  @Test(arguments: NastyInput.all)
  func `words lie inside every figure and none on another`(input: NastyInput) {
    for figure in input.figures(.light) { expectReadable(figure) }
  }

  @Test(arguments: NastyInput.all, [Theme.synthwave, .print])
  func `every figure of every theme can be written`(input: NastyInput, theme: Theme) throws {
    for figure in input.figures(theme) {
      #expect(try figure.encoded(as: .svg).count > 500)
    }
  }
}
