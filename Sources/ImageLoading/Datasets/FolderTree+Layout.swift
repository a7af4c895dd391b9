// What the folders and names in a tree say about how it assigns classes.
extension FolderTree {
  /// The number of different classes in the names of its files.
  var flatClassCount: Int { Set(FileNameClass.classes(of: files).compactMap { $0 }).count }

  /// Whether class folders, or names with classes, are inside a folder of a part.
  var hasClasses: Bool {
    let inner = unwrapped
    return inner.folders.contains(where: \.hasFiles) || inner.flatClassCount > 1
  }

  /// The one folder that holds the dataset, if this one is only wrapped around it.
  var wrapped: FolderTree? {
    var folders = folders.filter { $0.hasFiles || !$0.folders.isEmpty }
    // Segmentations and boxes lie beside images.
    if let images = folders.first(where: { PartName.isFiller($0.name) }),
      folders.allSatisfy({ $0.path == images.path || $0.isSidecar })
    {
      folders = [images]
    }
    guard folders.count == 1, let inner = folders.first, inner.isDataset else { return nil }
    return inner
  }

  private var isDataset: Bool {
    folders.count > 1 || folders.contains { PartName($0.name)?.rest.isEmpty == true }
      || flatClassCount > 1 || folders.contains(where: \.isDataset)
  }

  private var isSidecar: Bool {
    let names: Set = [
      "annotations", "annotation", "labels", "masks", "mask", "trimaps", "xmls", "bboxes",
      "segmentations", "groundtruth", "ground_truth",
    ]
    return names.contains(name.lowercased()) || !hasImages
  }

  /// The folder inside, where this one only repeats the part's name, or says that images are
  /// inside.
  var unwrapped: FolderTree {
    let inside = folders.filter(\.hasFiles)
    guard inside.count == 1, let inner = inside.first,
      !files.contains(where: SystemFiles.isNamedLikeAnImage),
      PartName(inner.name)?.rest.isEmpty == true || PartName.isFiller(inner.name)
        || inner.name == name
    else { return self }
    return inner.unwrapped
  }
}
