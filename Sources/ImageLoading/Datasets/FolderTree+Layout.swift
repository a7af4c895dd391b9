// What the folders and names in a tree say about how it assigns classes.
extension FolderTree {
  /// The number of different classes in the names of its files.
  var flatClassCount: Int { Set(FileNameClass.classes(of: files).compactMap { $0 }).count }

  /// The classes inside a folder of a part, as far as folders say them.
  var innerClasses: [String] { unwrapped.folders.filter(\.hasImages).map(\.name) }

  /// Whether this folder is divided into parts that hold class folders, like a whole dataset.
  var isDividedDataset: Bool {
    let inner = unwrapped
    return inner.folders.contains {
      Split.Part(folder: $0.name) != nil
        && $0.innerClasses.count { !Self.isTransparent($0) } > 1
    }
      || (inner.folders.count { $0.hasImages } == 1
        && inner.folders.contains(where: \.isDividedDataset))
  }

  /// The folders of parts inside a class folder: at its top or in its `images`, or deeper if there
  /// are several parts.
  var partsInside: [(folder: FolderTree, part: Split.Part)] {
    let own = folders.compactMap { folder in
      Split.Part(folder: folder.name).map { (folder: folder, part: $0) }
    }
    guard !own.contains(where: { $0.folder.hasFiles }) else { return own }
    return folders.flatMap { folder in
      let inner = folder.partsInside
      return PartName.isFiller(folder.name) || Set(inner.map(\.part)).count > 1 ? inner : []
    }
  }

  /// Whether class folders, or names with classes, are inside a folder of a part.
  var hasClasses: Bool {
    let inner = unwrapped
    return inner.folders.contains(where: \.hasFiles) || inner.flatClassCount > 1
  }

  /// Whether this is the same folder of the tree as another.
  func isSame(as other: FolderTree) -> Bool { path.utf8.elementsEqual(other.path.utf8) }

  /// The one folder that holds the dataset, if this one is only wrapped around it.
  var wrapped: FolderTree? {
    let folders = folders.filter { $0.hasFiles || !$0.folders.isEmpty }
    let inside = Self.withoutSidecars(folders)
    guard inside.count == 1, let inner = inside.first,
      inner.isDataset || folders.contains(where: { !$0.isSame(as: inner) && $0.isNamedSidecar })
    else { return nil }
    return inner
  }

  /// Folders without segmentations and boxes, if only those lie beside a folder of images.
  private static func withoutSidecars(_ folders: [FolderTree]) -> [FolderTree] {
    guard let images = folders.firstIndex(where: { PartName.isFiller($0.name) && $0.hasImages }),
      folders.indices.allSatisfy({ $0 == images || folders[$0].isSidecar })
    else { return folders }
    return [folders[images]]
  }

  /// This folder without segmentations and boxes that lie beside images at any depth, and those.
  var dividedFromSidecars: (images: FolderTree, sidecars: [FolderTree]) {
    var (images, sidecars) = (self, [FolderTree]())
    if files.contains(where: SystemFiles.isNamedLikeAnImage)
      || folders.contains(where: { PartName.isFiller($0.name) && $0.hasImages })
    {
      sidecars = folders.filter(\.isNamedSidecar)
      images.folders.removeAll(where: \.isNamedSidecar)
    }
    for index in images.folders.indices {
      let (inner, more) = images.folders[index].dividedFromSidecars
      images.folders[index] = inner
      sidecars += more
    }
    return (images, sidecars)
  }

  private var isDataset: Bool {
    folders.count > 1 || folders.contains { PartName($0.name)?.rest.isEmpty == true }
      || flatClassCount > 1 || folders.contains(where: \.isDataset)
  }

  private var isSidecar: Bool { isNamedSidecar || !hasImages }

  private var isNamedSidecar: Bool {
    let names: Set = [
      "annotations", "annotation", "labels", "masks", "mask", "trimaps", "xmls", "bboxes",
      "segmentations", "groundtruth", "ground_truth",
    ]
    return names.contains(name.lowercased())
  }

  /// The folder inside, where this one only repeats the part's name, or says that images are
  /// inside.
  var unwrapped: FolderTree {
    let inside = Self.withoutSidecars(folders.filter(\.hasFiles))
    guard inside.count == 1, let inner = inside.first,
      !files.contains(where: SystemFiles.isNamedLikeAnImage),
      PartName(inner.name)?.rest.isEmpty == true || PartName.isFiller(inner.name)
        || inner.name == name
    else { return self }
    return inner.unwrapped
  }
}
