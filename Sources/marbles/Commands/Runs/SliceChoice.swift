import ArgumentParser
import Foundation
import ImageLoading
import Support
import Training

/// What images are divided by: `brightness,size,backdrop`.
struct SliceChoice: Sendable {
  private let names: [String]

  /// What every image has.
  private enum Quantity: String, CaseIterable {
    case brightness, size, aspect, format
  }

  /// More values of a column than this are no slices, unless they are numbers.
  private static let mostValues = 50
  private static let noValue = "(empty)"
  /// A column of more different numbers than this is divided into quarters.
  private static let mostFewNumbers = 12

  /// Reads names between commas.
  ///
  /// - Throws: `ValidationError` for one that is empty or given twice.
  @Sendable static func parse(_ argument: String) throws -> SliceChoice {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces).lowercased()
    }
    guard !names.contains("") else {
      throw ValidationError(
        "a name is empty; write quantities with commas between them, such as brightness,size")
    }
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      throw ValidationError("'\(name.printable)' is given twice; give it once")
    }
    return SliceChoice(names: names)
  }

  /// Refuses a name that is neither a quantity nor a column, and says which names are both.
  func check(_ listing: DatasetListing, quiet: Bool) throws {
    let both = names.filter { Quantity(rawValue: $0) != nil && listing.columns.contains($0) }
    for name in both where !quiet {
      Console.note("note: --slices \(name) is by the column of \(listing.source)")
    }
    for name in names where Quantity(rawValue: name) == nil && !listing.columns.contains(name) {
      let columns =
        listing.columns.isEmpty
        ? ""
        : " and the columns \(listing.columns.map(\.printable).joined(separator: ", ")) of "
          + listing.source
      throw Failure(
        .usage,
        "--slices: '\(name.printable)' is unknown; there are "
          + Quantity.allCases.map(\.rawValue).joined(separator: ", ") + columns)
    }
  }

  /// How well the images of each slice are classified.
  ///
  /// - Parameters:
  ///   - indices: The images that are measured.
  ///   - hits: Whether each of them is classified correctly.
  /// - Throws: `Failure` if a column has too many values.
  func slices(
    of loaded: LoadedDataset, _ indices: [Int], _ listing: DatasetListing, hits: [Bool]
  ) throws -> [EvaluationSlice] {
    let images = indices.map { loaded.images[$0] }
    return try names.flatMap { name in
      try slicing(name, loaded, indices, images, listing).slices(of: hits)
    }
  }

  private func slicing(
    _ name: String, _ loaded: LoadedDataset, _ indices: [Int], _ images: [LoadedImage],
    _ listing: DatasetListing
  ) throws -> Slicing {
    // A column comes before what has its name by chance.
    if let column = listing.columns.firstIndex(of: name) {
      return try slicing(name, column, images, listing)
    }
    switch Quantity(rawValue: name) {
    case .brightness:
      return Slicing(name, numbers: indices.map(loaded.meanBrightness(of:))) { $0.digits(0) }
    case .size:
      return Slicing(name, numbers: images.map { Double(min($0.width, $0.height)) }) {
        "\($0.digits(0)) px"
      }
    case .aspect:
      return Slicing(
        name,
        texts: images.map { image in
          let aspect = Double(image.width) / Double(image.height)
          return aspect < 0.95 ? "upright" : aspect > 1.05 ? "wide" : "square"
        })
    case .format, nil: return Slicing(name, texts: images.map(\.format.name))
    }
  }

  private func slicing(
    _ name: String, _ column: Int, _ images: [LoadedImage], _ listing: DatasetListing
  ) throws -> Slicing {
    let values = Dictionary(
      listing.files.map { ($0.path.pathBytes, $0.values[column]) }
    ) { first, _ in first }
    let texts = images.map { image in
      let value = values[image.path.pathBytes] ?? ""
      return value.isEmpty ? Self.noValue : value
    }
    let slicing = Slicing(name, texts: texts)
    guard slicing.values.count > Self.mostFewNumbers else { return slicing }
    let numbers = texts.map { $0 == Self.noValue ? nil : Double($0) }
    if numbers.allSatisfy({ $0?.isFinite ?? true }) && numbers.contains(where: { $0 != nil }) {
      return Slicing(name, numbers: numbers, otherwise: Self.noValue) { $0.short }
    }
    guard slicing.values.count <= Self.mostValues else {
      throw Failure(
        .data,
        "\(listing.source): column '\(name.printable)' has \(slicing.values.count.grouped) "
          + "values, at most \(Self.mostValues) make slices; choose another one")
    }
    return slicing
  }
}
