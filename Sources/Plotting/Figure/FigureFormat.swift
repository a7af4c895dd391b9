internal import Foundation

/// The kinds of files a figure can be written as.
public enum FigureFormat: String, CaseIterable, Sendable {
  case png, svg, pdf

  /// The format named by a file's extension; nil for any other extension.
  public init?(path: String) {
    self.init(rawValue: URL(filePath: path).pathExtension.lowercased())
  }
}
