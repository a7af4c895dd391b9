internal import Foundation

/// The kinds of files a figure can be written as.
public enum FigureFormat: String, CaseIterable, Sendable {
  case png, svg, pdf

  /// The format named by a file's extension; nil for any other extension.
  public init?(path: String) {
    self.init(rawValue: URL(filePath: path).pathExtension.lowercased())
  }

  /// The media type of its files.
  package var mediaType: String {
    switch self {
    case .png: "image/png"
    case .svg: "image/svg+xml"
    case .pdf: "application/pdf"
    }
  }
}
