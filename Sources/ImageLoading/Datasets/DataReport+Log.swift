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
      let copyGroups = CopyGroups(images)
      func size(_ image: LoadedImage?) -> [Int] { image.map { [$0.width, $0.height] } ?? [] }
      func isConflict(_ group: [LoadedImage]) -> Bool { Set(group.map(\.classIndex)).count > 1 }
      var report = DataReport(
        root: listing.source, layout: listing.layout,
        counts: Counts(
          found: listing.fileCount, used: images.count, skipped: skipped.count,
          ignored: listing.ignored.count),
        classes: listing.classNames.enumerated().map { index, name in
          ClassCount(name: name, files: files[index] ?? 0, usable: usable[index] ?? 0)
        },
        groups: Self.groups(listing, images),
        notes: listing.notes + copyGroups.notes(images, listing.classNames),
        skipped: skipped, ignored: listing.ignored, problems: problems, remarks: remarks,
        formats: Dictionary(grouping: images, by: \.format.name).mapValues(\.count),
        duplicates: copies.filter { !isConflict($0) }.map { $0.map(\.path) },
        conflicts: copies.filter(isConflict).map(Self.paths),
        nearDuplicates: copyGroups.nearCopies(images).map { $0.map(\.path) },
        nearConflicts: copyGroups.conflicts.map { Self.paths($0.map { images[$0] }) },
        overlaps: [],
        smallest: size(byArea.first),
        median: size(byArea.isEmpty ? nil : byArea[byArea.count / 2]),
        largest: size(byArea.last), seconds: seconds)
      report.findOverlaps(images, parts: images.map(\.assignedPart))
      return report
    }

    /// The paths of images with several labels; the first two have different ones.
    private static func paths(_ group: [LoadedImage]) -> [String] {
      var group = group
      if let other = group.firstIndex(where: { $0.classIndex != group[0].classIndex }) {
        group.insert(group.remove(at: other), at: 1)
      }
      return group.map(\.path)
    }

    /// Counts the files of each folder that decides a class, in the order of the listing.
    private static func groups(_ listing: DatasetListing, _ images: [LoadedImage]) -> [Group] {
      struct Key: Hashable { var folder: [UInt8], classIndex: Int, part: Split.Part? }
      let usable = Set(images.map { $0.path.pathBytes })
      var places: [Key: Int] = [:]
      var groups: [Group] = []
      for file in listing.files {
        let key = Key(
          folder: file.folder.pathBytes, classIndex: file.classIndex, part: file.assignedPart)
        if places[key] == nil {
          places[key] = groups.count
          groups.append(
            Group(
              folder: file.folder, class: listing.classNames[file.classIndex],
              part: file.assignedPart, files: 0, usable: 0))
        }
        guard let place = places[key] else { continue }
        groups[place].files += 1
        if usable.contains(file.path.pathBytes) { groups[place].usable += 1 }
      }
      return naturallySorted(groups, by: \.folder)
    }
  }
}
