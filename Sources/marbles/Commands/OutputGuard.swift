import Foundation
import ImageLoading

/// Refuses to write among the images.
///
/// - Parameter data: A folder of images, or a list; then the folders of its images count.
/// - Throws: `Failure` for wrong usage.
func refuseInside(_ out: String, data: String, option: String = "--out") throws {
  guard !imageFolders(of: data).contains(where: { isInside(out, folder: $0) }) else {
    throw Failure(.usage, "\(out): lies among the images of \(data); choose another \(option)")
  }
}

private func imageFolders(of data: String) -> Set<String> {
  guard let listing = try? DatasetLister.survey(data), listing.layout == .list else {
    return [data]
  }
  return Set(
    listing.files.map { file in
      URL(filePath: listing.location(of: file.path)).deletingLastPathComponent()
        .path(percentEncoded: false)
    })
}

/// Whether a path lies in a folder or is it, whatever links lead there.
private func isInside(_ path: String, folder: String) -> Bool {
  func parts(_ path: String) -> [String] {
    var url = URL(filePath: path).standardizedFileURL
    var missing: [String] = []
    // Links can only be followed where something exists.
    while !FileManager.default.fileExists(atPath: url.path(percentEncoded: false)),
      url.pathComponents.count > 1
    {
      missing.insert(url.lastPathComponent, at: 0)
      url.deleteLastPathComponent()
    }
    return url.resolvingSymlinksInPath().pathComponents + missing
  }
  return parts(path).starts(with: parts(folder))
}
