extension DataReport {
  /// Collects findings while files are read, and makes the report at the end.
  package struct Log {
    var skipped: [Finding] = []
    private var problems: [Finding] = []
    private var remarks: [String: Int] = [:]

    package init() {}

    mutating func add(_ found: [DecodingRemark], to path: String) {
      for remark in found {
        if remark.isProblem {
          problems.append(Finding(path: path, reason: remark.description))
        } else {
          remarks[remark.description, default: 0] += 1
        }
      }
    }

    package func report(
      _ listing: DatasetListing, _ images: [LoadedImage], seconds: Double
    ) -> DataReport {
      let usable = Dictionary(grouping: images, by: \.classIndex).mapValues(\.count)
      let files = Dictionary(grouping: listing.files, by: \.classIndex).mapValues(\.count)
      let copies = Dictionary(grouping: images, by: \.sha256).values
        .filter { $0.count > 1 }
        .sorted { $0[0].path < $1[0].path }
      let byArea = images.sorted {
        ($0.width * $0.height, $0.path) < ($1.width * $1.height, $1.path)
      }
      func size(_ image: LoadedImage?) -> [Int] { image.map { [$0.width, $0.height] } ?? [] }
      func isConflict(_ group: [LoadedImage]) -> Bool { Set(group.map(\.classIndex)).count > 1 }
      return DataReport(
        root: listing.source, layout: listing.layout,
        classes: listing.classNames.enumerated().map { index, name in
          ClassCount(name: name, files: files[index] ?? 0, usable: usable[index] ?? 0)
        },
        skipped: skipped, problems: problems, remarks: remarks,
        formats: Dictionary(grouping: images, by: \.format.name).mapValues(\.count),
        duplicates: copies.filter { !isConflict($0) }.map { $0.map(\.path) },
        conflicts: copies.filter(isConflict).map { $0.map(\.path) },
        nearDuplicates: CopyGroups(images).nearCopies(images).map { $0.map(\.path) },
        smallest: size(byArea.first),
        median: size(byArea.isEmpty ? nil : byArea[byArea.count / 2]),
        largest: size(byArea.last), seconds: seconds)
    }
  }
}
