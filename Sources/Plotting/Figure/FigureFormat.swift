internal import Foundation

/// The kinds of files a figure can be written as.
public enum FigureFormat: String, CaseIterable, Sendable {
  case png, svg, pdf

  /// The format that the ending of a file's name stands for; nil for any other ending.
  public init?(path: String) {
    self.init(rawValue: URL(filePath: path).pathExtension.lowercased())
  }
}
