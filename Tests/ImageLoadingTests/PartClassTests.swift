import ImageLoading
import TestSupport
import Testing

/// The classes of validation and test folders are those of the training images, or are named.
@Suite struct PartClassTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Lists `train/cat` and `train/dog` with these files beside them.
  func survey(_ names: [String]) throws -> DatasetListing {
    for name in ["train/cat/1.jpg", "train/dog/1.jpg"] + names { try folder.write([], to: name) }
    return try DatasetLister.survey(folder.path)
  }

  func classes(_ listing: DatasetListing, of part: Split.Part) -> [String] {
    listing.files.filter { $0.assignedPart == part }.map { listing.classNames[$0.classIndex] }
  }

  @Test(
    arguments: [
      ("Cat/1.jpg", "Dog/1.jpg"), ("cats/1.jpg", "dogs/1.jpg"), ("CATS /1.jpg", "-dog_/1.jpg"),
      ("Cat.1.jpg", "Dog.1.jpg"), ("cats_1.jpg", "dogs_1.jpg"),
    ], ["test", "val"])
  func `classes of a part that are only spelled differently are read, and that is said`(
    names: (String, String), part: String
  ) throws {
    let listing = try survey(["\(part)/\(names.0)", "\(part)/\(names.1)"])
    #expect(listing.classNames == ["cat", "dog"])
    #expect(classes(listing, of: part == "test" ? .test : .validation) == ["cat", "dog"])
    #expect(listing.notes.count == 1)
    for name in ["cat", "dog"] {
      #expect(
        listing.notes.first?.contains("is read as '\(name)'") == true, "\(listing.notes)")
    }
  }

  @Test func `plurals in the training images are matched, too`() throws {
    for name in ["puppies", "foxes"] { try folder.write([], to: "train/\(name)/1.jpg") }
    let listing = try survey(["test/puppy/1.jpg", "test/fox/1.jpg"])
    #expect(classes(listing, of: .test) == ["foxes", "puppies"])
  }

  @Test func `two spellings of one class in a part are left out, and that is said`() throws {
    let listing = try survey(["test/Cat/1.jpg", "test/cats/1.jpg", "test/dog/1.jpg"])
    #expect(classes(listing, of: .test) == ["dog"])
    #expect(listing.ignored.map(\.path).sorted() == ["test/Cat/1.jpg", "test/cats/1.jpg"])
    #expect(
      listing.notes == [
        "in 'test', 'Cat', 'cats' left out: not among the classes of the training images",
        "'test' has no images of 'cat'",
      ])
  }

  @Test func `the same name is preferred to a similar one`() throws {
    let listing = try survey(["test/Cat/1.jpg", "test/cat/1.jpg", "test/dog/1.jpg"])
    #expect(classes(listing, of: .test) == ["cat", "dog"])
    #expect(listing.ignored.map(\.path) == ["test/Cat/1.jpg"])
  }

  @Test func `a class that training lacks, or a part lacks, is named`() throws {
    let listing = try survey(["test/cat/1.jpg", "test/fox/1.jpg"])
    #expect(listing.classNames == ["cat", "dog"] && classes(listing, of: .test) == ["cat"])
    #expect(
      listing.ignored.map(\.description)
        == ["test/fox/1.jpg: its class 'fox' is not one of the training images"])
    #expect(
      listing.notes == [
        "in 'test', 'fox' left out: not among the classes of the training images",
        "'test' has no images of 'dog'",
      ])
  }

  @Test(arguments: [
    ["test/Katze/1.jpg", "test/Hund/1.jpg"], ["test/1.jpg"], ["test/katze_1.jpg"],
  ])
  func `a part that is left out is named`(names: [String]) throws {
    let listing = try survey(names)
    #expect(classes(listing, of: .test).isEmpty)
    #expect(listing.notes.count == 1)
    #expect(listing.notes.first?.hasPrefix("'test' is left out: it has no") == true)
  }
}
