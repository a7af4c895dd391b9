import ImageLoading
import TestSupport
import Testing

/// Lists as spreadsheets and other systems write them.
@Suite struct ListSpellingTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["img/cat0.jpg", "img/dog0.jpg", "img/caf\u{E9}.jpg"] {
      try folder.write([], to: name)
    }
  }

  func list(_ text: String) throws -> DatasetListing {
    try folder.write(Array(text.utf8), to: "list.csv")
    return try DatasetLister.list("\(folder.path)/list.csv")
  }

  @Test(arguments: [
    "path,label\nimg/cat0.jpg, cat\nimg/dog0.jpg,dog \nimg/caf\u{E9}.jpg,cat\n",
    "\u{FEFF}path,label\r\nimg/cat0.jpg,cat\r\nimg/dog0.jpg,\u{A0}dog\r\nimg/caf\u{E9}.jpg,cat",
    "path , label\n img/cat0.jpg,cat\nimg/dog0.jpg ,dog\n \n,\nimg/caf\u{E9}.jpg,\"cat \"\n",
    "path,label\nimg\\cat0.jpg,cat\nimg\\dog0.jpg,dog\nimg\\cafe\u{301}.jpg,cat\n",
    "path,label\nimg/cat0.jpg,cat\nimg/dog0.jpg,dog\nimg/cafe\u{301}.jpg,\tcat\n",
  ])
  func `blanks, line ends, slashes and Unicode forms change nothing`(text: String) throws {
    let listing = try list(text)
    #expect(listing.classNames == ["cat", "dog"])
    #expect(
      listing.files.map { Array($0.path.utf8) }
        == ["img/caf\u{E9}.jpg", "img/cat0.jpg", "img/dog0.jpg"].map { Array($0.utf8) })
  }

  @Test func `labels in both Unicode forms are one class`() throws {
    let listing = try list(
      "path,label\nimg/cat0.jpg,b\u{E4}r\nimg/caf\u{E9}.jpg,ba\u{308}r\nimg/dog0.jpg,dog\n")
    #expect(listing.classNames.count == 2)
  }

  @Test func `files whose names only look the same may both be listed`() throws {
    try folder.write([], to: "img/cafe\u{301}.jpg")
    let listing = try list(
      "path,label\nimg/caf\u{E9}.jpg,cat\nimg/cafe\u{301}.jpg,cat\nimg/dog0.jpg,dog\n")
    #expect(Set(listing.files.map { Array($0.path.utf8) }).count == 3)
  }

  @Test func `parts in a list have the spellings of folders`() throws {
    let listing = try list(
      "path,label,split\nimg/cat0.jpg,cat,Training \nimg/dog0.jpg,dog, val\n"
        + "img/caf\u{E9}.jpg,cat,test_set\n")
    #expect(Set(listing.files.compactMap(\.assignedPart)) == [.train, .validation, .test])
  }
}
