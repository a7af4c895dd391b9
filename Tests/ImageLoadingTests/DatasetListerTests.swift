import Foundation
import ImageLoading
import TestSupport
import Testing

@Suite struct DatasetListerTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Empty files of these names; listing opens none of them.
  func make(_ names: String...) throws {
    for name in names { try folder.write([], to: name) }
  }

  func list(_ path: String? = nil) throws -> DatasetListing {
    try DatasetLister.list(path ?? folder.path)
  }

  @Test func `class folders give classes in natural order, whatever the case`() throws {
    try make("zebra 10/a.jpg", "Zebra 2/b.jpg", "ape/c.jpg", "Ärger/d.jpg")
    let listing = try list()
    #expect(listing.layout == .classFolders)
    #expect(listing.classNames == ["ape", "Ärger", "Zebra 2", "zebra 10"])
    #expect(
      listing.files.map(\.path) == ["ape/c.jpg", "Ärger/d.jpg", "Zebra 2/b.jpg", "zebra 10/a.jpg"])
  }

  @Test func `files at any depth belong to the class folder`() throws {
    try make("cat/a.jpg", "cat/more/deep/b.jpg", "dog/c.jpg")
    #expect(try list().files.map(\.path) == ["cat/a.jpg", "cat/more/deep/b.jpg", "dog/c.jpg"])
  }

  @Test func `one folder around the class folders is looked through`() throws {
    try make("PetImages/Cat/1.jpg", "PetImages/Dog/1.jpg", "readme.txt")
    #expect(try list().classNames == ["Cat", "Dog"])
    #expect(try list().files.map(\.path) == ["PetImages/Cat/1.jpg", "PetImages/Dog/1.jpg"])
  }

  @Test func `ready-made splits keep their parts`() throws {
    try make("train/cat/a.jpg", "train/dog/b.jpg", "Valid/cat/c.jpg", "test/dog/d.jpg")
    let listing = try list()
    #expect(listing.layout == .splitFolders)
    #expect(listing.classNames == ["cat", "dog"])
    let parts = Dictionary(uniqueKeysWithValues: listing.files.map { ($0.path, $0.assignedPart) })
    #expect(
      parts == [
        "train/cat/a.jpg": .train, "train/dog/b.jpg": .train, "Valid/cat/c.jpg": .validation,
        "test/dog/d.jpg": .test,
      ])
  }

  @Test func `flat names carry their class`() throws {
    try make("cat.0.jpg", "cat.12.jpg", "dog_3.png", "dog-4.png", "17.jpg", "notes.txt")
    let listing = try list()
    #expect(listing.layout == .flatNames)
    #expect(listing.classNames == ["cat", "dog"])
    #expect(listing.files.map(\.path) == ["cat.0.jpg", "cat.12.jpg", "dog-4.png", "dog_3.png"])
  }

  @Test func `hidden files and what systems leave behind are ignored`() throws {
    try make(
      "cat/a.jpg", "cat/.b.jpg", "cat/Thumbs.db", "cat/desktop.ini", "dog/c.jpg",
      "__MACOSX/cat/x.jpg", ".git/y")
    #expect(try list().files.map(\.path) == ["cat/a.jpg", "dog/c.jpg"])
  }

  @Test func `names with spaces, umlauts and line breaks are kept`() throws {
    try make("süße Katze/ein Bild.jpg", "dog/line\nbreak.jpg")
    #expect(
      Set(try list().files.map(\.path)) == ["süße Katze/ein Bild.jpg", "dog/line\nbreak.jpg"])
  }

  @Test func `a folder whose name is not UTF-8 is named, not left out`() throws {
    try folder.write([], to: "cat/a.jpg")
    try folder.write([], to: "dog/a.jpg")
    let name = (Array("\(folder.path)/v\u{C3}".utf8).dropLast() + [0xF6, 0]).map(
      CChar.init(bitPattern:))
    #expect(unsafe mkdir(name, 0o755) == 0)
    defer { unsafe rmdir(name) }
    #expect(
      throws: DatasetError.unreadable(
        path: "\(folder.path)/v\u{FFFD}\u{FFFD}", reason: "its name is not UTF-8; rename it")
    ) { _ = try DatasetLister.list(folder.path) }
  }

  @Test func `a link back to a folder above does not hang`() throws {
    try make("cat/a.jpg", "dog/b.jpg")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/cat/loop", withDestinationPath: "\(folder.path)/cat")
    #expect(try list().files.map(\.path) == ["cat/a.jpg", "dog/b.jpg"])
  }

  @Test(arguments: ["cat", "dog"])
  func `a link to a class inside another one is left out, whatever their order`(
    name: String
  ) throws {
    try make("cat/a.jpg", "cat/b/c.jpg", "dog/d.jpg")
    let other = name == "cat" ? "dog" : "cat"
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/\(name)/more", withDestinationPath: "../\(other)")
    let listing = try list()
    #expect(listing.files.map(\.path) == ["cat/a.jpg", "cat/b/c.jpg", "dog/d.jpg"])
    #expect(
      listing.ignored.map(\.description)
        == ["\(name)/more: a link to \(other)/, which is read already"])
  }

  @Test func `links to folders elsewhere are read in natural order`() throws {
    let elsewhere = try TemporaryFolder()
    try elsewhere.write([], to: "b/1.jpg")
    try elsewhere.write([], to: "b/deep/2.jpg")
    try make("a/1.jpg", "c/1.jpg")
    for (link, target) in [("b", "b"), ("c/0", "b/deep")] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder.path)/\(link)", withDestinationPath: "\(elsewhere.path)/\(target)")
    }
    let listing = try list()
    #expect(listing.files.map(\.path) == ["a/1.jpg", "b/1.jpg", "b/deep/2.jpg", "c/1.jpg"])
    #expect(listing.ignored.map(\.path) == ["c/0"])
  }

  @Test func `runs are no classes, and a folder of runs is none`() throws {
    try make(
      "cat/a.jpg", "dog/b.jpg", "runs/x/run.json", "runs/x/checkpoints/best.safetensors",
      "runs/x/plots/loss.png", "dog/run/run.json", "dog/run/checkpoints/last.safetensors")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/runs/latest", withDestinationPath: "x")
    let listing = try list()
    #expect(listing.classNames == ["cat", "dog"] && listing.files.count == 2)
    #expect(listing.ignored.count == 6 && listing.fileCount == 8)
    #expect(
      listing.ignored.contains {
        $0.description == "runs/x/plots/loss.png: in runs/x, a run of Marbles"
      })
  }

  @Test func `a folder with a file called run.json may be a class`() throws {
    try make("cat/a.jpg", "cat/run.json", "dog/b.jpg")
    #expect(try list().classNames == ["cat", "dog"])
  }

  @Test func `a missing folder is missing`() {
    #expect(throws: DatasetError.folderMissing(path: "/no/such")) { try list("/no/such") }
  }

  @Test func `a file is not a folder`() throws {
    let file = try folder.write([1], to: "a.jpg")
    #expect(throws: DatasetError.notAFolder(path: file)) { try list(file) }
  }

  @Test func `an empty folder has no images`() {
    #expect(throws: DatasetError.noImages(path: folder.path)) { try list() }
  }

  @Test func `one class is nothing to tell apart`() throws {
    try make("cat/a.jpg", "cat/b.jpg")
    #expect(throws: DatasetError.singleClass(path: folder.path, name: "cat")) { try list() }
  }

  @Test func `a class folder without files is named`() throws {
    try make("cat/a.jpg", "dog/b.jpg", "fox/.hidden")
    #expect(throws: DatasetError.emptyClass(path: folder.path, name: "fox", example: nil)) {
      try list()
    }
  }

  @Test func `a limit takes the same part of every class and always the same files`() throws {
    for index in 0..<60 { try make("cat/\(index).jpg") }
    for index in 0..<20 { try make("dog/\(index).jpg") }
    let limited = try list().limited(to: 20)
    #expect(limited.files.count { $0.classIndex == 0 } == 15)
    #expect(limited.files.count { $0.classIndex == 1 } == 5)
    #expect(limited.files == (try list().limited(to: 20).files))
    #expect(limited.files.map(\.path) != (try list().files.prefix(20).map(\.path)))
    #expect(try list().limited(to: 1000).files.count == 80)
  }

  @Test(arguments: [
    (3, [2, 1]), (4, [3, 1]), (5, [4, 1]), (2, [1, 1]), (1, [1, 1]), (11, [8, 3]),
  ])
  func `a limit is the number of images, as long as every class has one`(
    count: Int, expected: [Int]
  ) throws {
    for index in 0..<9 { try make("cat/\(index).jpg") }
    for index in 0..<3 { try make("dog/\(index).jpg") }
    let files = try list().limited(to: count).files
    #expect([0, 1].map { index in files.count { $0.classIndex == index } } == expected)
  }
}
