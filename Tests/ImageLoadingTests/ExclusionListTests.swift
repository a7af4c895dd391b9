import Foundation
import ImageLoading
import TestSupport
import Testing

/// Lists of images that are left out.
@Suite struct ExclusionListTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["cat/a.jpg", "cat/caf\u{E9}.jpg", "dog/a.jpg", "dog/b.jpg"] {
      try folder.write([], to: "data/\(name)")
    }
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/data/link", withDestinationPath: "cat")
  }

  private func leaveOut(_ lines: String...) throws -> (left: [String], unknown: [String]) {
    let text = (["path"] + lines).joined(separator: "\n")
    let list = try ExclusionList(contentsOf: folder.write(Array(text.utf8), to: "list.csv"))
    let (listing, unknown) = try DatasetLister.list("\(folder.path)/data").leavingOut(list)
    return (listing.files.map(\.path), unknown)
  }

  @Test(arguments: [
    "cat/a.jpg", "./cat/a.jpg", "cat//a.jpg", "dog/../cat/./a.jpg", "ROOT/data/cat/a.jpg",
    "ROOT//data/./cat/a.jpg", "link/a.jpg", "cat\\a.jpg", " cat/a.jpg ",
  ])
  func `an image is left out, however its path is written`(spelling: String) throws {
    let found = try leaveOut(spelling.replacing("ROOT", with: folder.path), "cat/none.jpg")
    #expect(found.left == ["cat/caf\u{E9}.jpg", "dog/a.jpg", "dog/b.jpg"])
    #expect(found.unknown == ["cat/none.jpg"])
  }

  @Test func `letters in the other Unicode form are the same name`() throws {
    #expect(try leaveOut("cat/cafe\u{301}.jpg").left == ["cat/a.jpg", "dog/a.jpg", "dog/b.jpg"])
  }

  @Test func `another file of the same content or name is not left out`() throws {
    // One file under two names is two images.
    try FileManager.default.linkItem(
      atPath: "\(folder.path)/data/dog/b.jpg", toPath: "\(folder.path)/data/dog/c.jpg")
    #expect(try leaveOut("dog/b.jpg").left.suffix(2) == ["dog/a.jpg", "dog/c.jpg"])
    #expect(try leaveOut("a.jpg").unknown == ["a.jpg"])
  }
}
