import ImageLoading
import TestSupport
import Testing

/// Suites that list a folder with empty files of some names.
protocol FolderSurvey {
  var folder: TemporaryFolder { get }
}

extension FolderSurvey {
  /// Lists a folder with empty files of these names, and checks that none is lost.
  func survey(_ names: [String]) throws -> DatasetListing {
    for name in names { try folder.write([], to: name) }
    let listing = try DatasetLister.survey(folder.path)
    #expect(listing.fileCount == names.count)
    #expect((listing.files.map(\.path) + listing.ignored.map(\.path)).sorted() == names.sorted())
    #expect(listing.ignored.allSatisfy { !$0.reason.isEmpty })
    return listing
  }

  func numbered(_ pattern: String, _ count: Int = 3) -> [String] {
    (0..<count).map { pattern.replacing("#", with: "\($0)") }
  }

  func parts(_ listing: DatasetListing, of path: String) -> Split.Part? {
    listing.files.first { $0.path == path }?.assignedPart
  }

  /// What the reader says about a folder it refuses.
  func refusal(_ names: [String]) throws -> String {
    for name in names { try folder.write([], to: name) }
    do {
      let listing = try DatasetLister.list(folder.path)
      return "read as \(listing.classNames)"
    } catch {
      return error.description
    }
  }
}
