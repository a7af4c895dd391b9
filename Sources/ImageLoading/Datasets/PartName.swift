/// What the name of a folder says about a part: `val` of `val2017`, `train` of `Train_Data`.
struct PartName: Hashable {
  var part: Split.Part
  /// Words that say something else: `birds` of `birds_train`; empty for a plain name.
  var rest: [String]

  private static let words: [String: Split.Part] = [
    "train": .train, "training": .train, "trn": .train,
    "val": .validation, "valid": .validation, "validation": .validation,
    "validate": .validation, "validating": .validation, "dev": .validation,
    "eval": .validation, "evaluation": .validation,
    "test": .test, "testing": .test, "tst": .test, "holdout": .test,
  ]
  /// Words that say nothing about what is inside.
  private static let fillers: Set<String> = [
    "set", "sets", "data", "dataset", "datasets", "image", "images", "img", "imgs", "pic", "pics",
    "picture", "pictures", "photo", "photos", "jpg", "jpeg", "jpegs", "png", "file", "files",
    "sample", "samples", "split", "splits", "subset", "part", "fold", "stage", "phase", "seg",
    "dir", "folder", "all", "full", "raw", "final", "small", "mini", "new", "labeled", "labelled",
    "resized", "classification", "cls", "public", "private", "v", "k", "x", "px",
  ]

  /// Nil for a name without exactly one word for a part.
  init?(_ name: String) {
    var parts: [Split.Part] = []
    rest = []
    for word in Self.words(of: name) where !Self.fillers.contains(word) {
      if let part = Self.words[word] ?? Self.joined(word) {
        parts.append(part)
      } else {
        rest.append(word)
      }
    }
    guard parts.count == 1 else { return nil }
    part = parts[0]
  }

  /// Whether a name only says that there are images: `images`, `JPEGs`, `data`.
  static func isFiller(_ name: String) -> Bool {
    let words = words(of: name)
    return !words.isEmpty && words.allSatisfy(fillers.contains)
  }

  /// What is left of a folder's name without numbers and single letters, and without what follows
  /// the word for a part: folders that have it in common are named as batches of one dataset.
  ///
  /// `fold` of `fold1` and `fold_b`; the same for `Trainingsdaten` and `Testdaten`. Of a number it
  /// says only that, or that it is a year; empty for a letter.
  static func batchKey(_ name: String) -> String {
    let words = words(of: name).filter { $0.count > 1 }.map { word in
      Self.words.keys.contains { $0.count > 3 && word.hasPrefix($0) } ? "part" : word
    }
    guard words.isEmpty else { return words.joined(separator: " ") }
    let numbers = name.split { !("0"..."9").contains($0) }
    guard !numbers.isEmpty else { return "" }
    let hasYear = numbers.contains { $0.count == 4 && ($0.hasPrefix("19") || $0.hasPrefix("20")) }
    return hasYear ? yearKey : numberKey
  }

  /// The key of names that are numbers, such as those of classes.
  static let numberKey = "number"
  private static let yearKey = "year"

  /// Whether a key is that of batches and hardly of classes.
  static func isBatch(_ key: String) -> Bool {
    let batches: Set = [
      yearKey, "fold", "batch", "session", "shard", "chunk", "part", "split", "subset",
    ]
    return key.split(separator: " ").contains { batches.contains(String($0)) }
  }

  /// `train` of `trainset`, `test` of `imgtest`.
  private static func joined(_ word: String) -> Split.Part? {
    words.first { name, _ in
      word.hasPrefix(name) && fillers.contains(String(word.dropFirst(name.count)))
        || word.hasSuffix(name) && fillers.contains(String(word.dropLast(name.count)))
    }?.value
  }

  /// Lowercase runs of letters, divided where a capital follows a small letter.
  private static func words(of name: String) -> [String] {
    var words: [String] = []
    var previous: Character = " "
    for letter in name {
      if letter.isLetter {
        let begins = !previous.isLetter || letter.isUppercase && previous.isLowercase
        if begins { words.append("") }
        words[words.count - 1] += letter.lowercased()
      }
      previous = letter
    }
    return words
  }
}

extension Split.Part {
  /// The part that a folder, or a word in a list, stands for; nil for other names.
  init?(folder: String) {
    guard let name = PartName(folder), name.rest.isEmpty else { return nil }
    self = name.part
  }
}
