import Foundation

/// A checkpoint that comes with Marbles and is called by its name, such as `cats-and-dogs`.
enum ShippedModel {
  /// The file of a name; nil if there is no such model.
  static func file(named name: String) -> String? {
    guard !name.contains("/") else { return nil }
    return folders.map { "\($0)/\(name).safetensors" }.first { !isMissing($0) }
  }

  /// The names of all models that are there.
  static var names: [String] {
    let files = folders.flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] }
    return files.filter { $0.hasSuffix(".safetensors") }.map { String($0.dropLast(12)) }.sorted()
  }

  /// Where they may be: beside the sources from which this program was built, or installed with it.
  private static var folders: [String] {
    guard let path = Bundle.main.executablePath else { return [] }
    var folder = URL(filePath: canonicalPath(path)).deletingLastPathComponent()
    let installed = folder.deletingLastPathComponent().path + "/share/marbles/models"
    while folder.path != "/" {
      if !isMissing(folder.path + "/Package.swift") { return [folder.path + "/models", installed] }
      folder = folder.deletingLastPathComponent()
    }
    return [installed]
  }
}
