import Foundation
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

  @Test func `a list that is not UTF-8 is refused, not read with classes merged`() throws {
    let header = "path,label\n"
    // März and Mörz in ISO 8859-1.
    let rows: [[UInt8]] = [[0xE4], [0xF6]].map {
      Array("img/cat0.jpg,m".utf8) + $0 + Array("rz\n".utf8)
    }
    let path = try folder.write(Array(header.utf8) + rows[0] + rows[1], to: "list.csv")
    #expect(
      throws: DatasetError.list(path: path, line: 2, reason: "not UTF-8; save the file as UTF-8")
    ) { try DatasetLister.list(path) }
  }

  @Test(arguments: [
    "./img/cat0.jpg", "img//cat0.jpg", "img/./cat0.jpg", "img/../img/cat0.jpg", "ROOT/img/cat0.jpg",
    "link/cat0.jpg", "img\\cat0.jpg",
  ])
  func `a file is listed once, however its path is written`(spelling: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/link", withDestinationPath: "img")
    let other = spelling.replacing("ROOT", with: folder.path)
    #expect {
      try list("path,label\nimg/dog0.jpg,dog\nimg/cat0.jpg,cat\n\(other),dog\n")
    } throws: {
      "\($0)".contains("line 4: lists") && "\($0)".contains("second time, after line 3")
    }
  }

  @Test func `a quote after a blank is a quote`() throws {
    let listing = try list(
      "path, label\n\"img/cat0.jpg\" , \"cat\"\nimg/dog0.jpg,\t\"do\"\"g, big\" \n")
    #expect(listing.classNames == ["cat", "do\"g, big"])
  }

  @Test func `a NUL in a list is an error with its line`() throws {
    let error = #expect(throws: DatasetError.self) {
      try list("path,label\nimg/cat0.jpg,cat\nimg/cat0.jpg\0.bak,cat\nimg/dog0.jpg,dog\n")
    }
    #expect(error?.description.contains("line 3: has a NUL character") == true)
  }

  @Test func `folders whose names only look the same are two folders`() throws {
    for name in ["b\u{E9}/1.jpg", "be\u{301}/1.jpg"] { try folder.write([], to: name) }
    let listing = try list(
      "path,label\nb\u{E9}/1.jpg,cat\nbe\u{301}/1.jpg,cat\nimg/dog0.jpg,dog\n")
    #expect(listing.files.count == 3)
  }

  @Test func `what a list lacks is said in words of lists`() throws {
    let missing = DatasetError.emptyClass(path: "a.csv", name: "cat", example: nil)
    #expect(missing.description.contains("correct the paths"))
    #expect(DatasetError.singleClass(path: "a.csv", name: "cat").description.contains("labels"))
    try folder.write([], to: "list.tsv")
    let error = #expect(throws: DatasetError.self) {
      try DatasetLister.list("\(folder.path)/list.tsv")
    }
    #expect(error?.description.contains(".csv") == true)
  }
}
