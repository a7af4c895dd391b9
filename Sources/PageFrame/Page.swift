internal import Foundation
package import LocalServer

/// A page with what all of them share: its head, the links to the others, the choice of colors.
///
/// Its text comes from the program alone, and goes into the frame as it is.
package struct Page: Sendable {
  /// The pages that lead to each other.
  package enum Place: String, CaseIterable, Sendable {
    case playground = "/"
    case objective = "/objective"
    case network = "/network"
    case photo = "/photo"
    case training = "/training"

    fileprivate var name: String {
      switch self {
      case .playground: "Playground"
      case .objective: "Objective"
      case .network: "Network"
      case .photo: "Drop a photo"
      case .training: "Training"
      }
    }
  }

  /// Where it is.
  let place: Place
  /// What the window is called.
  let title: String
  /// The element that keyboards skip to, and what it is.
  let target: String, subject: String
  /// The style sheets besides that of all pages, and the module that is run.
  let styles: [String], script: String
  /// What is inside the main element.
  let content: [UInt8]

  /// Creates a page.
  package init(
    _ place: Place, title: String, target: String, subject: String, styles: [String] = [],
    script: String, content: [UInt8]
  ) {
    (self.place, self.title) = (place, title)
    (self.target, self.subject) = (target, subject)
    (self.styles, self.script, self.content) = (styles, script, content)
  }

  /// The page as a browser gets it.
  package var response: Response {
    let files =
      styles.map { "<link rel=\"stylesheet\" href=\"\($0)\">" }
      + ["<script type=\"module\" src=\"\(script)\"></script>"]
    let links = Place.allCases.map { other in
      "<a href=\"\(other.rawValue)\"\(other == place ? " aria-current=\"page\"" : "")>"
        + "\(other.name)</a>"
    }
    let pieces = [
      ("title", title), ("files", files.joined(separator: "\n")), ("target", target),
      ("subject", subject), ("links", links.joined(separator: " ")),
      ("content", String(decoding: content, as: UTF8.self)),
    ]
    let frame = String(decoding: PackageResources.frame_html, as: UTF8.self)
    let text = pieces.reduce(frame) { $0.replacing("{{\($1.0)}}", with: $1.1) }
    return Response(type: "text/html; charset=utf-8", Assets.compact(Array(text.utf8)))
  }

  /// The page at its place.
  package var route: Route {
    let response = response
    return Route(.get, place.rawValue) { _ in response }
  }
}

/// Files that are part of the program.
package enum Assets {
  /// The files that all pages share.
  package static var shared: [Route] {
    [
      route("/style.css", PackageResources.style_css),
      route("/icon.svg", PackageResources.icon_svg),
      route("/chart.js", PackageResources.chart_js), route("/keep.js", PackageResources.keep_js),
      route("/look.js", PackageResources.look_js), route("/pen.js", PackageResources.pen_js),
      route("/server.js", PackageResources.server_js), route("/text.js", PackageResources.text_js),
    ]
  }

  /// A file at a path, whose ending says what it is.
  ///
  /// - Precondition: The path ends in `.css`, `.js` or `.svg`.
  package static func route(_ path: String, _ bytes: [UInt8]) -> Route {
    let types = [
      "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
      "svg": "image/svg+xml",
    ]
    guard let type = types[String(path.split(separator: ".").last ?? "")] else {
      preconditionFailure("\(path) has no media type")
    }
    let response = Response(type: type, compact(bytes))
    return Route(.get, path) { _ in response }
  }

  /// A text without what only readers of its source need: indentation, empty lines, and lines that
  /// are comments.
  fileprivate static func compact(_ bytes: [UInt8]) -> [UInt8] {
    var isComment = false
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      let line = line.drop { $0 == " " }
      if line.hasPrefix("/**") { isComment = true }
      defer { if line.hasSuffix("*/") { isComment = false } }
      return isComment || line.isEmpty || line.hasPrefix("//") ? nil : line
    }
    return Array("\(lines.joined(separator: "\n"))\n".utf8)
  }
}
