import Foundation
import ImageLoading
import TestSupport
import Testing

/// Folders that look like class folders and are not: each is refused, read as what it is, or noted.
@Suite struct OddFolderTests: FolderSurvey {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: Refused with both readings

  @Test(arguments: [
    [
      "dataset/train/cat/1.jpg", "dataset/train/dog/1.jpg", "dataset/test/cat/2.jpg",
      "figures/1.jpg",
    ],
    ["PetImages/Cat/1.jpg", "PetImages/Dog/1.jpg", "sample/1.jpg"],
    ["dataset/cat/1.jpg", "dataset/dog/1.jpg", "figures/1.jpg"],
  ])
  func `a dataset beside another folder is not read as a class`(names: [String]) throws {
    let text = try refusal(names)
    #expect(
      text.contains("can be read in two ways: ") && text.contains("as the dataset"), "\(text)")
  }

  @Test(arguments: [
    ["2023/cat/1.jpg", "2023/dog/1.jpg", "2024/cat/2.jpg"],
    ["2023/cat/1.jpg", "2024/dog/2.jpg"],
    ["2023-05/cat/1.jpg", "2023-05/dog/1.jpg", "2023-06/dog/2.jpg"],
    ["2023/cat-1.jpg", "2023/dog-1.jpg", "2024/cat-2.jpg", "2024/dog-2.jpg"],
    ["1/cat/1.jpg", "1/dog/1.jpg", "2/cat/2.jpg"],
    ["fold1/cat/1.jpg", "fold2/dog/2.jpg"],
    ["fold1/cat.1.jpg", "fold2/dog.1.jpg"],
    ["batch_a/cat/1.jpg", "batch_b/dog/1.jpg", "batch_b/fox/1.jpg"],
    ["iPhone 12/cat/1.jpg", "iPhone 12/dog/1.jpg", "Pixel 7/cat/2.jpg"],
    ["alice/cat/1.jpg", "alice/dog/1.jpg", "bob/cat/2.jpg"],
  ])
  func `years, folds, phones and people with classes inside are no classes`(
    names: [String]
  ) throws {
    let text = try refusal(names)
    #expect(text.contains("can be read in two ways: ") && text.contains("inside '"), "\(text)")
  }

  @Test(arguments: [
    ["fold1_train", "fold1_test", "fold2_train", "fold2_test"],
    ["train_1", "test_1", "train_2", "test_2"], ["train_small", "train_full", "test"],
  ])
  func `several folders for one part are refused`(folders: [String]) throws {
    let text = try refusal(folders.flatMap { ["\($0)/cat/1.jpg", "\($0)/dog/1.jpg"] })
    #expect(
      text.contains("can be read in two ways: ") && text.contains("several divisions"), "\(text)")
  }

  @Test(arguments: [
    [
      "cat/1.jpg", "dog/1.jpg", "val/cat/2.jpg", "val/dog/2.jpg", "test/cat/3.jpg",
      "test/dog/3.jpg",
    ],
    ["cat.1.jpg", "dog.1.jpg", "test/cat.2.jpg", "test/dog.2.jpg"],
    ["cat/1.jpg", "dog/1.jpg", "train/cat/2.jpg", "train/dog/2.jpg", "val/cat/3.jpg"],
  ])
  func `parts beside images that may be of the training part are refused`(names: [String]) throws {
    let text = try refusal(names)
    #expect(text.contains("can be read in two ways: "), "\(text)")
  }

  // MARK: Read as parts, or noted

  @Test(arguments: ["images/", "Cat/", "indoor/"])
  func `parts deeper inside class folders are read as parts`(between: String) throws {
    let listing = try survey(
      ["Cat", "Dog"].flatMap { ["\($0)/\(between)train/1.jpg", "\($0)/\(between)test/2.jpg"] })
    #expect(listing.layout == .splitInside && listing.classNames == ["Cat", "Dog"])
    #expect(parts(listing, of: "Cat/\(between)train/1.jpg") == .train)
    #expect(parts(listing, of: "Dog/\(between)test/2.jpg") == .test)
  }

  @Test func `images beside the parts of a class are noted`() throws {
    let listing = try survey([
      "cat/train/1.jpg", "cat/test/2.jpg", "dog/train/1.jpg", "dog/tests/2.jpg",
    ])
    #expect(listing.files.count == 3)
    #expect(listing.notes.contains { $0.contains("1 image") && $0.contains("dog/tests/2.jpg") })
    #expect(listing.notes.contains("the test part has no images of 'dog'"), "\(listing.notes)")
  }

  @Test func `a class without parts among classes with parts is noted`() throws {
    let listing = try survey(["cat/train/1.jpg", "cat/test/2.jpg", "dog/1.jpg", "dog/2.jpg"])
    #expect(listing.notes == ["the test part has no images of 'dog'"])
  }

  @Test(arguments: ["Validierung", "train_augmented"])
  func `a folder beside parts that is left out is noted`(name: String) throws {
    let listing = try survey(
      ["train", "test", name].flatMap { ["\($0)/cat/1.jpg", "\($0)/dog/1.jpg"] })
    #expect(listing.files.count == 4)
    #expect(listing.notes.count == 1 && listing.notes[0].contains("'\(name)' is left out"))
  }

  @Test func `a class with folders inside, beside one without, is noted`() throws {
    let listing = try survey(["cat/indoor/1.jpg", "cat/garden/1.jpg", "dog/1.jpg"])
    #expect(listing.classNames == ["cat", "dog"] && listing.files.count == 3)
    #expect(listing.notes.count == 1 && listing.notes[0].contains("'cat' is read as one class"))
  }

  // MARK: Masks

  @Test func `masks beside images inside class folders are left out`() throws {
    let listing = try survey(
      ["cat", "dog"].flatMap { name in
        ["\(name)/images/1.jpg", "\(name)/masks/1.png", "\(name)/labels/1.txt"]
      } + ["fox/1.jpg", "fox/masks/1.png"])
    #expect(listing.classNames == ["cat", "dog", "fox"] && listing.files.count == 3)
    #expect(listing.ignored.contains { $0.reason == "in cat/masks/, beside images" })
  }

  @Test func `folders of images and masks are no classes`() throws {
    let names = numbered("images/#.jpg") + numbered("masks/#.png")
    #expect(try refusal(names).contains("no images found"))
  }

  @Test func `images and masks inside parts have the classes in their names`() throws {
    let listing = try survey(
      ["train", "val"].flatMap { part in
        ["cat.1", "dog.1"].flatMap { ["\(part)/images/\($0).jpg", "\(part)/masks/\($0).png"] }
      })
    #expect(listing.classNames == ["cat", "dog"] && listing.files.count == 4)
  }

  // MARK: Names of files

  @Test func `views of one thing are no classes`() throws {
    let names = ["Training", "Test"].flatMap { part in
      ["Apple Red 1", "Apple Red 2", "Pear"].flatMap { name in
        ["r_0", "r_3", "0", "3"].map { "\(part)/\(name)/\($0)_100.jpg" }
      }
    }
    #expect(try survey(names).classNames == ["Apple Red 1", "Apple Red 2", "Pear"])
  }

  @Test(arguments: [
    ["0123456789abcdef0123456789abcde1.jpg", "f123456789abcdef0123456789abcde2.jpg"],
    ["9F86D081-884C-4D65-9A2F-EAA0C55AD015.jpg", "3B86D081-884C-4D65-9A2F-EAA0C55AD016.jpg"],
    ["P1010001.JPG", "P1010002.JPG", "IMGP0001.JPG"], ["SDC10001.JPG", "R0010001.JPG"],
    ["STA_0001.JPG", "KakaoTalk_20240101_120010.jpg", "LRM_EXPORT_20240101_1.jpg"],
    ["Capture1.PNG", "Foto 1.jpg", "Bild 1.jpg", "640x480.jpg"],
  ])
  func `hashes and what more cameras write are no classes`(names: [String]) throws {
    let text = try refusal(names)
    #expect(
      text.contains("no images found") && text.contains("has no class in its name"), "\(text)")
  }

  @Test(arguments: [
    ["cat_0_640x480.jpg", "cat_1_32x32.jpg", "dog_0_640x480px.jpg"],
    ["cat_9f86d081884c7d65.jpg", "dog-3b86d081-884c-4d65-9a2f-eaa0c55ad016.jpg"],
    ["cat0001.jpg", "dog0001.jpg"], ["cat_1920.jpg", "dog_20191231235959.jpg"],
  ])
  func `a size or a hash after a class is no part of it`(names: [String]) throws {
    #expect(try survey(names).classNames == ["cat", "dog"])
  }

  @Test(arguments: [["CAT0001.JPG", "DOG0001.JPG"], ["NV_001.jpg", "BCC_001.jpg"]])
  func `short names of classes in capitals are classes`(names: [String]) throws {
    #expect(try survey(names).classNames.count == 2)
  }

  // MARK: Links

  @Test func `a link to the only class is named as what it is`() throws {
    try folder.write([], to: "cat/1.jpg")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/dog", withDestinationPath: "cat")
    let text = try refusal([])
    #expect(text.contains("dog: a link to cat/, which is read already"), "\(text)")
  }
}
