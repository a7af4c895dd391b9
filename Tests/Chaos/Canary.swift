import Foundation
import ImageLoading

/// A folder with 200 files of a user, none of which a command may change.
struct Canary {
  /// Everything that is seen of a file without running anything.
  private struct Facts: Equatable {
    var mode: UInt32, owner: UInt32, group: UInt32, links: UInt64
    var size = 0, modified = 0, content = ""
  }

  /// Where it is.
  let path: String
  private let images: [String]
  private var facts: [String: Facts] = [:]

  /// The images, one folder per class.
  var photos: String { "\(path)/photos" }
  /// A list of images.
  var list: String { "\(path)/list.csv" }
  /// Files that commands are told to write to.
  var targets: [String] {
    [
      "desk/notes.csv", "desk/drawing.svg", "desk/figure.png", "desk/plan.json", "desk/report.pdf",
      "desk/link.svg", "desk/link.png", "desk/chain.csv", "desk/twin.csv", "desk/secret.json",
      "desk/other.csv", "desk/other.png", "desk/readonly.svg", "list.csv", "photos/cat/cat-0.jpg",
      "photos/new.svg", "photos/dog/new.csv", "linked/dog/new.png", "desk/split.json",
      "desk/model.safetensors",
    ].map { "\(path)/\($0)" }
  }

  /// Makes the folder anew; `images` are copied into it.
  init(path: String, images: [String]) throws {
    self.path = path
    self.images = images
    try make()
    facts = Self.facts(below: path)
  }

  /// Files that are not as they were; they are made again.
  ///
  /// - Parameter countsImages: Whether the command knew that there are images, where nothing may be
  ///   written; elsewhere a new file is what was asked for.
  mutating func changes(countsImages: Bool) throws -> [String] {
    let now = Self.facts(below: path)
    let changed =
      facts.filter { now[$0.key] != $0.value }.map(\.key)
      + now.keys.filter { countsImages && facts[$0] == nil && $0.hasPrefix("photos/") }
    if !changed.isEmpty {
      try make()
      facts = Self.facts(below: path)
    } else {
      for name in now.keys where facts[name] == nil {
        try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
      }
    }
    return changed.sorted()
  }

  private func make() throws {
    let manager = FileManager.default
    try? manager.removeItem(atPath: path)
    for folder in ["photos/cat", "photos/dog", "desk", "cache/holiday.pictures", "letters"] {
      try manager.createDirectory(
        atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
    }
    var rows = ["file,class"]
    for (number, image) in images.enumerated() {
      let name = number % 2 == 0 ? "cat" : "dog"
      try manager.copyItem(atPath: image, toPath: "\(photos)/\(name)/\(name)-\(number).jpg")
      rows.append("photos/\(name)/\(name)-\(number).jpg,\(name)")
    }
    try write("list.csv", rows.joined(separator: "\n") + "\n")
    for name in [
      "notes.csv", "drawing.svg", "figure.png", "plan.json", "report.pdf", "secret.json",
      "other.csv", "other.png", "readonly.svg", "split.json", "model.safetensors",
    ] {
      try write("desk/\(name)", "what a user wrote in \(name)\n")
    }
    for name in ["cache/old.pictures", "cache/holiday.pictures/a.jpg", "letters/-", "letters/~"] {
      try write(name, "of the user")
    }
    for (link, target) in [
      ("desk/link.svg", "drawing.svg"), ("desk/link.png", "../photos/cat/cat-0.jpg"),
      ("desk/chain.csv", "chain-2.csv"), ("desk/chain-2.csv", "notes.csv"),
      ("linked", "photos"), ("desk/nowhere.svg", "missing/file.svg"),
    ] {
      try manager.createSymbolicLink(atPath: "\(path)/\(link)", withDestinationPath: target)
    }
    try manager.linkItem(atPath: "\(path)/desk/notes.csv", toPath: "\(path)/desk/twin.csv")
    for (name, mode) in [
      ("desk/secret.json", 0o600), ("desk/readonly.svg", 0o444), ("desk/plan.json", 0o755),
    ] {
      try manager.setAttributes([.posixPermissions: mode], ofItemAtPath: "\(path)/\(name)")
    }
    // Only root can; for others they stay one's own.
    for name in ["desk/other.csv", "desk/other.png"] { _ = unsafe chown("\(path)/\(name)", 1, 1) }
    for number in 0..<max(0, 200 - Self.facts(below: path).count) {
      try write("letters/\(number).txt", "letter \(number)")
    }
  }

  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
  }

  private static func facts(below path: String) -> [String: Facts] {
    var all: [String: Facts] = [:]
    for name in (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? [] {
      let place = "\(path)/\(name)"
      var status = stat()
      guard unsafe lstat(place, &status) == 0 else { continue }
      var facts = Facts(
        mode: status.st_mode, owner: status.st_uid, group: status.st_gid, links: 0)
      switch status.st_mode & S_IFMT {
      case S_IFLNK:
        facts.content = (try? FileManager.default.destinationOfSymbolicLink(atPath: place)) ?? ""
      case S_IFREG:
        facts.links = UInt64(status.st_nlink)
        facts.size = Int(status.st_size)
        facts.modified = status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
        facts.content = (try? FileBytes.read(place)).map(ContentHash.sha256) ?? "unreadable"
      default: break
      }
      all[name] = facts
    }
    return all
  }
}
