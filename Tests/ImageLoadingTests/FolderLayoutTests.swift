import Foundation
import ImageLoading
import TestSupport
import Testing

/// Layouts as the world has them: every file is used or ignored with a reason, nothing is guessed.
@Suite struct FolderLayoutTests: FolderSurvey {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: Parts above classes

  @Test(arguments: [
    ("train", "test"), ("training_set", "test_set"), ("seg_train", "seg_test"),
    ("Train_Data", "Test_Data"), ("train2017", "val2017"), ("TRAIN", "VAL"),
    ("trainset", "testset"), ("TrainImages", "ValidImages"), ("stage1_train", "stage1_test"),
    ("training", "dev"), ("birds_train", "birds_test"), ("01-train", "02-validation"),
    ("images train", "images holdout"),
  ])
  func `parts are known in their usual spellings`(train: String, other: String) throws {
    let listing = try survey(
      ["\(train)/cat/1.jpg", "\(train)/dog/1.jpg", "\(other)/cat/2.jpg", "\(other)/dog/2.jpg"])
    #expect(listing.layout == .splitFolders && listing.classNames == ["cat", "dog"])
    #expect(parts(listing, of: "\(train)/cat/1.jpg") == .train)
    #expect([.validation, .test].contains(parts(listing, of: "\(other)/dog/2.jpg")))
  }

  @Test func `Kaggle's unlabeled test folder is ignored and said to be`() throws {
    let listing = try survey(
      numbered("train/cat.#.jpg") + numbered("train/dog.#.jpg") + numbered("test1/#.jpg")
        + ["sampleSubmission.csv"])
    #expect(listing.classNames == ["cat", "dog"] && listing.files.count == 6)
    #expect(listing.files.allSatisfy { $0.assignedPart == .train })
    #expect(
      listing.ignored.filter { $0.reason == "in test1/, which has no class folders" }.count == 3)
  }

  @Test func `a test folder without class folders is ignored beside one with them`() throws {
    let listing = try survey(
      numbered("train/cats/#.jpg") + numbered("train/dogs/#.jpg")
        + numbered("validation/cats/#.jpg") + numbered("test/#.jpg"))
    #expect(listing.files.count == 9)
    #expect(
      listing.ignored.map(\.reason)
        == Array(repeating: "in test/, which has no class folders", count: 3))
  }

  @Test(arguments: ["test/images/#.jpg", "test/unknown/#.jpg", "test/img_#.jpg", "test/x_#.jpg"])
  func `a part cannot bring a class that training does not have`(pattern: String) throws {
    let listing = try survey(
      numbered("train/cat/#.jpg") + numbered("train/dog/#.jpg") + numbered(pattern))
    #expect(listing.classNames == ["cat", "dog"] && listing.ignored.count == 3)
  }

  @Test func `a part's folder inside a folder of the same part is looked through`() throws {
    let listing = try survey(
      ["seg_train/seg_train/sea/1.jpg", "seg_train/seg_train/ice/1.jpg"]
        + ["seg_test/seg_test/sea/2.jpg", "seg_pred/seg_pred/7.jpg"])
    #expect(listing.classNames == ["ice", "sea"] && listing.files.count == 3)
    #expect(listing.ignored.map(\.path) == ["seg_pred/seg_pred/7.jpg"])
  }

  // MARK: Parts inside classes

  @Test func `parts inside class folders are kept`() throws {
    let listing = try survey(
      numbered("cat/train/#.jpg") + numbered("cat/test/#.jpg") + numbered("dog/Training/#.jpg")
        + numbered("dog/val2/#.jpg") + ["dog/readme.txt"])
    #expect(listing.layout == .splitInside && listing.classNames == ["cat", "dog"])
    #expect(parts(listing, of: "cat/test/1.jpg") == .test)
    #expect(parts(listing, of: "dog/Training/1.jpg") == .train)
    #expect(parts(listing, of: "dog/val2/0.jpg") == .validation)
    #expect(listing.ignored.map(\.reason) == ["in dog/, beside its parts"])
  }

  // MARK: What can be read in two ways

  @Test(arguments: [
    ["train/cat/1.jpg", "train/dog/1.jpg", "car/1.jpg", "bus/1.jpg"],
    ["cat/1.jpg", "dog/1.jpg", "test/1.jpg"],
    ["train/1.jpg", "test/2.jpg"],
    ["train_cat/1.jpg", "test_cat/1.jpg", "train_dog/1.jpg", "test_dog/1.jpg"],
    ["cat.1.jpg", "dog.1.jpg", "more/2.jpg"],
    ["cafe\u{301}/1.jpg", "caf\u{E9}/2.jpg", "bar/3.jpg"],
    ["fold1/cat/1.jpg", "fold1/dog/1.jpg", "fold2/cat/2.jpg", "fold2/dog/2.jpg"],
    ["2019/cat/1.jpg", "2019/dog/1.jpg", "2020/cat/2.jpg", "2020/dog/2.jpg", "2020/fox/2.jpg"],
    ["data/part1/a/1.jpg", "data/part1/b/1.jpg", "data/part2/a/2.jpg", "data/part2/b/2.jpg"],
    ["batch_a/Cat/1.jpg", "batch_a/dog/1.jpg", "batch_b/cat/2.jpg", "batch_b/Dog/x/2.jpg"],
    ["train/a/cat/1.jpg", "train/a/dog/1.jpg", "train/b/cat/2.jpg", "train/b/dog/2.jpg"],
  ])
  func `what can be read in two ways is refused with both`(names: [String]) throws {
    let text = try refusal(names)
    #expect(text.contains("can be read in two ways: ") && text.contains("; or "), "\(text)")
  }

  @Test(arguments: [
    [
      "fold1/train/cat/1.jpg", "fold1/test/dog/2.jpg", "fold2/train/dog/1.jpg",
      "fold2/test/cat/2.jpg",
    ],
    [
      "data/train/cat/1.jpg", "data/train/dog/1.jpg", "data2/train/cat/2.jpg",
      "data2/train/dog/2.jpg",
    ],
    ["a/images/cat/1.jpg", "a/images/dog/1.jpg", "b/images/cat/2.jpg", "b/images/dog/2.jpg"],
    ["fold1/cat/1.jpg", "fold1/dog/1.jpg", "fold2/cat/2.jpg"],
    ["fold1/cat/1.jpg", "fold2/cat/2.jpg", "fold2/dog/2.jpg", "fold3/dog/3.jpg"],
    ["part1/cat.0.jpg", "part1/dog.0.jpg", "part2/cat.1.jpg", "part2/dog.1.jpg"],
    ["part1/cat.0.jpg", "part1/dog.0.jpg", "part2/cat.1.jpg"],
    ["part1/cat.0.jpg", "part1/dog.0.jpg", "part2/cat.1.jpg", "more/fox.1.jpg"],
    ["session 1/cat_1.jpg", "session 1/dog_1.jpg", "session 2/Cat_2.jpg", "session 2/dog_2.jpg"],
    ["batch_a/train/cat.0.jpg", "batch_a/test/dog.0.jpg", "batch_b/train/cat.1.jpg"],
    [
      "Trainingsdaten/cat.1.jpg", "Trainingsdaten/dog.1.jpg", "Testdaten/cat.2.jpg",
      "Testdaten/dog.2.jpg",
    ],
  ])
  func `batches of classes are not read as classes`(names: [String]) throws {
    let text = try refusal(names)
    #expect(text.contains("can be read in two ways: ") && text.contains("inside '"), "\(text)")
  }

  @Test(arguments: [
    ["cat/img_1.jpg", "dog/img_2.jpg"],
    ["cat/cat_1.jpg", "dog/dog_1.jpg"],
    ["cat/flickr_1.jpg", "cat/google_1.jpg", "dog/flickr_2.jpg", "dog/google_2.jpg"],
    ["Cat 1/Cat_1.jpg", "Cat 2/Dog_1.jpg"],
    ["0/writer1_1.jpg", "0/writer2_1.jpg", "1/writer1_2.jpg", "1/writer2_2.jpg"],
    ["A/left_1.jpg", "A/right_1.jpg", "B/left_1.jpg", "B/right_1.jpg"],
    ["grade1/ab12.jpg", "grade1/cd34.jpg", "grade2/ab56.jpg", "grade2/ef78.jpg"],
    ["class1/originals/1.jpg", "class2/originals/1.jpg"],
    ["grade1/train/train_1.jpg", "grade1/test/test_1.jpg", "grade2/train/train_2.jpg"],
    ["with_mask/a_1.jpg", "with_mask/b_1.jpg", "without_mask/a_2.jpg", "without_mask/b_2.jpg"],
  ])
  func `names of files make no batches of what is plainly a class`(names: [String]) throws {
    #expect(try survey(names).classNames.count == 2)
  }

  @Test(arguments: [
    ["cat/images/1.jpg", "cat/photos/2.jpg", "dog/images/3.jpg", "dog/photos/4.jpg"],
    ["cat/old/1.jpg", "cat/indoor/2.jpg", "dog/old/3.jpg", "dog/garden/4.jpg"],
    ["cat/xml/1.xml", "cat/txt/1.txt", "cat/1.jpg", "dog/xml/1.xml", "dog/txt/1.txt", "dog/1.jpg"],
  ])
  func `folders inside classes that are not classes in turn leave one reading`(
    names: [String]
  ) throws {
    #expect(try survey(names).classNames == ["cat", "dog"])
  }

  @Test func `a class named train among others is a class, which is said`() throws {
    let listing = try survey(["train/1.jpg", "car/1.jpg", "train station/1.jpg"])
    #expect(listing.classNames == ["car", "train", "train station"])
    #expect(listing.notes == ["'train' is read as a class, not as the training part"])
  }

  @Test func `class folders in both Unicode forms are one class across parts`() throws {
    let listing = try survey(
      ["train/cafe\u{301}/1.jpg", "train/bar/1.jpg", "test/caf\u{E9}/2.jpg", "test/bar/2.jpg"])
    #expect(listing.classNames.count == 2 && listing.files.count == 4)
  }

  // MARK: Names of files

  @Test(arguments: [
    ("american_bulldog_#.jpg", "american_bulldog"), ("Maine_Coon_1#.jpg", "Maine_Coon"),
    ("cat (#).jpg", "cat"), ("cat.#.JPEG", "cat"), ("cat#.png", "cat"),
    ("St. Bernard - #.jpg", "St. Bernard"), ("x-ray-#.png", "x-ray"),
    ("cat_# (2).jpg", "cat"), ("cat_# - Copy.jpg", "cat"), ("route66_#.jpg", "route66"),
    ("n02085620_#.jpg", "n02085620"), ("Bär_#.jpg", "Bär"),
  ])
  func `the class is the name before the number`(pattern: String, name: String) throws {
    let listing = try survey(numbered(pattern) + numbered("other_#.jpg"))
    #expect(Set(listing.classNames) == [name, "other"] && listing.ignored.isEmpty)
  }

  @Test func `a name without a number joins the class of its numbered ones`() throws {
    let listing = try survey(["cat.jpg", "cat (1).jpg", "dog.jpg", "dog (1).jpg", "17.jpg"])
    #expect(listing.files.count == 4)
    #expect(
      listing.ignored.map(\.description) == ["17.jpg: has no class in its name"])
  }

  @Test(arguments: [
    ["IMG_1.jpg", "IMG_2.jpg", "DSC_3.jpg", "_DSC0001.jpg", "FB_IMG_15.jpg", "IMG_E0003.jpg"],
    ["IMG_20240101_120010.jpg", "IMG_20240102_120010.jpg", "PXL_20240102_101112345.jpg"],
    ["IMG-20240101-WA0001.jpg", "IMG-20240102-WA0001.jpg", "VID-20240102-WA0001.jpg"],
    ["Screenshot_2024-01-01-12-00-10.png", "Screenshot 2024-01-02 at 12.00.10.png"],
    ["signal-2024-01-01-120010.jpg", "signal-2024-01-02-12-00-10-123.jpg"],
    ["WhatsApp Image 2024-01-01 at 12.00.10.jpeg", "photo_2024-01-02_12-00-10.jpg"],
    ["20240101_120010.jpg", "2024-01-02 12.00.10.jpg", "20240103_120010_BURST001.jpg"],
  ])
  func `names that cameras and phones give are no classes`(names: [String]) throws {
    let text = try refusal(names)
    #expect(
      text.contains("no images found") && text.contains("has no class in its name"), "\(text)")
  }

  @Test func `a date in a name makes no class of its own`() throws {
    let listing = try survey([
      "cat_20240101_1.jpg", "cat_2024-01-02.jpg", "20240103_cat_3.jpg", "dog_20240101_1.jpg",
      "dog_2024.01.02_2.jpg", "x20240101_1.jpg", "x1920240101_1.jpg",
    ])
    #expect(listing.classNames == ["cat", "dog", "x", "x1920240101"])
  }

  // MARK: What is not for us

  @Test func `folders of systems and network storage are ignored file by file`() throws {
    let listing = try survey(
      [
        "cat/1.jpg", "dog/1.jpg", "@eaDir/cat/SYNOPHOTO_THUMB_M.jpg",
        "cat/@eaDir/1.jpg/SYNOPHOTO_THUMB_M.jpg", "#recycle/2.jpg", "$RECYCLE.BIN/3.jpg",
        "lost+found/4.jpg", "System Volume Information/5", ".git/x/y", "cat/.DS_Store",
        "#snapshot/a/cat/1.jpg", "cat/Thumbs.db", "notes.txt",
      ])
    #expect(listing.classNames == ["cat", "dog"] && listing.files.count == 2)
    #expect(listing.ignored.contains { $0.description == "notes.txt: beside the class folders" })
    #expect(listing.ignored.contains { $0.reason == "in @eaDir, made by a system" })
  }

  @Test func `annotations beside images are looked past`() throws {
    let listing = try survey(
      numbered("images/Abyssinian_#.jpg") + numbered("images/great_pyrenees_#.jpg")
        + numbered("annotations/trimaps/Abyssinian_#.png"))
    #expect(listing.classNames == ["Abyssinian", "great_pyrenees"] && listing.ignored.count == 3)
  }

  @Test func `classes that differ in case or blanks are pointed out`() throws {
    let listing = try survey(["Cat/1.jpg", "cat /1.jpg", "dog/1.jpg"])
    #expect(listing.notes.count == 1 && listing.notes[0].contains("nearly the same name"))
  }

  @Test func `what a limit leaves out is counted as ignored`() throws {
    let listing = try survey(numbered("cat/#.jpg", 9) + numbered("dog/#.jpg", 9)).limited(to: 6)
    #expect(listing.files.count == 6 && listing.ignored.count == 12 && listing.fileCount == 18)
  }

  @Test func `slashes at the end of a folder's name do not show`() throws {
    try folder.write([], to: "holiday/100.jpg")
    let path = "\(folder.path)/holiday"
    #expect(try DatasetLister.files(below: "\(path)//").files == ["\(path)/100.jpg"])
  }
}
