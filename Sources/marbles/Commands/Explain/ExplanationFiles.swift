import Foundation
import Plotting
import Support
import Training

/// The files about one photo.
struct ExplanationFiles {
  private let overview: OutputFile, check: OutputFile
  /// Nil if no layer has a map.
  private let layers: (activations: OutputFile, channels: OutputFile, table: OutputFile)?
  private let convolution: (figure: OutputFile, table: OutputFile)?
  private let pooling: (figure: OutputFile, table: OutputFile)?
  private let maps: [OutputFile]

  /// Claims them.
  init(
    _ outputs: inout Outputs, in folder: String, _ format: FigureFormat,
    _ methods: [ExplanationMethod], _ explainer: Explainer
  ) throws {
    try outputs.prepare(folder: folder)
    func figure(_ name: String) throws -> OutputFile {
      try outputs.claim("\(folder)/\(name).\(format.rawValue)", .figure(format))
    }
    func table(_ name: String) throws -> OutputFile {
      try outputs.claim("\(folder)/\(name).csv", .table)
    }
    overview = try figure("explanation")
    check = try figure("random-weights")
    maps = try methods.map { try table($0.rawValue) }
    layers =
      explainer.mapLayers.isEmpty
      ? nil
      : (
        try figure("activations"), try figure("layer-\(explainer.options.layer)"),
        try table("activations")
      )
    convolution =
      FirstConvolution(of: explainer.network, explainer.values) == nil
      ? nil : (try figure("convolution"), try table("convolution"))
    pooling =
      FirstPooling(of: explainer.network) == nil
      ? nil : (try figure("pooling"), try table("pooling"))
  }

  /// All files.
  var paths: [String] {
    let pairs = [convolution, pooling].compactMap(\.self).flatMap { [$0.figure, $0.table] }
    let sheets = layers.map { [$0.activations, $0.channels, $0.table] } ?? []
    return ([overview, check] + maps + sheets + pairs).map(\.path)
  }

  /// Writes all.
  func write(_ figures: ExplanationFigures) throws {
    try overview.write(figures.overview)
    try check.write(figures.check)
    for (file, explanation) in zip(maps, figures.image.explanations) {
      try file.write(csvText(explanation.map.rows))
    }
    if let layers {
      try layers.activations.write(figures.activations)
      try layers.channels.write(figures.channels)
      try layers.table.write(csvText(figures.channelRows))
    }
    if let (file, table) = convolution, let found = figures.convolution {
      try file.write(found.figure)
      try table.write(csvText(found.rows))
    }
    if let (file, table) = pooling, let found = figures.pooling {
      try file.write(found.figure)
      try table.write(csvText(found.rows))
    }
  }

  /// A name for each photo's folder, no two alike.
  static func names(of photos: [String]) -> [String] {
    var taken: Set<String> = ["filters"]
    return photos.map { photo in
      let stem = URL(filePath: photo).deletingPathExtension().lastPathComponent
      var (name, number) = (stem, 2)
      while !taken.insert(name).inserted { (name, number) = ("\(stem)-\(number)", number + 1) }
      return name
    }
  }
}

/// The files about a network, and the summary of all images.
struct SharedFiles {
  /// The summary.
  let summary: OutputFile
  private let filters: (figure: OutputFile, table: OutputFile)?

  /// Claims them.
  init(
    _ outputs: inout Outputs, in folder: String, _ format: FigureFormat, hasFilters: Bool
  ) throws {
    try outputs.prepare(folder: folder)
    summary = try outputs.claim("\(folder)/explanation.json", .summary)
    guard hasFilters else {
      filters = nil
      return
    }
    let figure: OutputFile = try outputs.claim(
      "\(folder)/filters.\(format.rawValue)", .figure(format))
    filters = (figure, try outputs.claim("\(folder)/filters.csv", .table))
  }

  /// All files.
  var paths: [String] {
    [summary.path] + (filters.map { [$0.figure.path, $0.table.path] } ?? [])
  }

  /// Writes the filters.
  func write(_ found: (sheet: ContactSheet, rows: [[String]])?) throws {
    guard let filters, let found else { return }
    try filters.figure.write(found.sheet)
    try filters.table.write(csvText(found.rows))
  }
}

/// The files about the mistakes of a run.
struct MistakeFiles {
  /// The summary.
  let summary: OutputFile
  private let figure: OutputFile
  /// Of each mistake, one for each method.
  private let maps: [[OutputFile]]

  /// Claims them.
  init(
    _ outputs: inout Outputs, in folder: String, _ format: FigureFormat, _ count: Int,
    _ methods: [ExplanationMethod]
  ) throws {
    try outputs.prepare(folder: folder)
    summary = try outputs.claim("\(folder)/worst.json", .summary)
    figure = try outputs.claim("\(folder)/worst.\(format.rawValue)", .figure(format))
    maps = try (1...count).map { number in
      try methods.map {
        try outputs.claim("\(folder)/worst-\(number)-\($0.rawValue).csv", .table)
      }
    }
  }

  /// All files.
  var paths: [String] { ([summary, figure] + maps.flatMap(\.self)).map(\.path) }

  /// Writes figure and maps.
  func write(_ images: [ExplainedImage], _ overview: ExplanationFigure) throws {
    try figure.write(overview)
    for (image, files) in zip(images, maps) {
      for (explanation, file) in zip(image.explanations, files) {
        try file.write(csvText(explanation.map.rows))
      }
    }
  }
}

extension AttributionMap {
  /// The table of the map: row and column from the top left, and the value.
  fileprivate var rows: [[String]] {
    [["row", "column", "value"]]
      + values.enumerated().map { index, value in
        ["\(index / width)", "\(index % width)", Double(value).text]
      }
  }
}
