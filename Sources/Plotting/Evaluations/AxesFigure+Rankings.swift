extension AxesFigure {
  /// How many images of a class are found, over how many others are taken for it.
  public static func roc(_ ranking: PlottedRanking, footer: String, theme: Theme) -> AxesFigure {
    let diagonal = [DataPoint(0, 0), DataPoint(1, 1)]
    let pen = Pen(theme.palette.secondaryText, width: 1.2, dashes: [2, 4])
    return AxesFigure(
      title: "How well probabilities tell a class from the others",
      subtitle: "Area \(ranking.words): how often \(ranking.whose) ranks above the "
        + "others\(ranking.worst)",
      axes: [
        Axes(
          horizontal: Axis("other images taken for the class", 0...1, format: .percent),
          vertical: Axis("images of the class found", 0...1, format: .percent),
          marks: [.line(diagonal, pen)] + ranking.marks(theme) + [
            .annotation(
              DataPoint(0.5, 0.5), Marker(.dot, radius: 0, theme.palette.secondaryText),
              label: "guessing")
          ])
      ], footer: footer, theme: theme)
  }

  /// How pure the images are that are taken for a class, over how many of it are found.
  public static func precisionRecall(
    _ ranking: PlottedRanking, footer: String, theme: Theme
  ) -> AxesFigure {
    AxesFigure(
      title: "How pure what is found is, and how much is found",
      subtitle: reading(of: ranking) + "AP \(ranking.words)",
      axes: [
        Axes(
          horizontal: Axis("images of the class found (recall)", 0...1, format: .percent),
          vertical: Axis(
            "of what is taken for the class (precision)", 0...1, format: .percent),
          marks: ranking.marks(theme))
      ], footer: footer, theme: theme)
  }

  /// What the precision is where most of the images are found.
  private static func reading(of ranking: PlottedRanking) -> String {
    let recall = 0.9
    guard let band = ranking.bands.last,
      let place = band.middle.first(where: { $0.x >= recall - 1e-9 && $0.y.isFinite })
    else { return "" }
    return "Where 90% of \(ranking.whose) is found, \(NumberFormat.percent.text(place.y)) of what "
      + "is taken for it is right. "
  }
}
