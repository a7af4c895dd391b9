/// What systems leave in folders of images, and what the names of files say about their content.
enum SystemFiles {
  /// Folders and files of macOS, Windows, Linux and network storage, in lowercase.
  private static let names: Set<String> = [
    "__macosx", "network trash folder", "temporary items", "thevolumesettingsfolder", "icon\r",
    "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "picasa.ini",
    "$recycle.bin", "recycler", "recycled", "system volume information", "found.000",
    "lost+found", "@eadir", "@tmp", "@synoresource", "@recycle", "@recently-snapshot",
    "@__thumb", "#recycle", "#snapshot", "~snapshot", "__pycache__",
  ]

  /// Why a file or folder is not for us; nil for one that is.
  static func reason(_ name: String) -> String? {
    if name.utf8.first == UInt8(ascii: ".") { return "hidden" }
    return names.contains(name.lowercased()) ? "made by a system" : nil
  }

  private static let imageEndings: Set<String> = [
    "jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "webp", "tif", "tiff", "heic", "heif",
    "avif", "ppm", "pgm", "jp2",
  ]

  /// Whether a name ends as those of images do.
  static func isNamedLikeAnImage(_ path: String) -> Bool {
    guard let dot = path.lastIndex(of: ".") else { return false }
    return imageEndings.contains(path[dot...].dropFirst().lowercased())
  }
}
