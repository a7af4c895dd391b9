package import LocalServer

extension TrainingPage {
  private static let html = "text/html; charset=utf-8"

  /// The page at the address of the server alone, where there is no other.
  package var home: Route {
    Route(.get, "/") { _ in Response(type: Self.html, PackageResources.training_html) }
  }

  /// The files of the page; it shares the style sheet and helpers with the other pages.
  static var assets: [Route] {
    let script = "text/javascript; charset=utf-8"
    let files: [(path: String, type: String, bytes: [UInt8])] = [
      ("/training", html, PackageResources.training_html),
      ("/training.css", "text/css; charset=utf-8", PackageResources.training_css),
      ("/training.js", script, PackageResources.training_js),
      ("/curves.js", script, PackageResources.curves_js),
      ("/runs.js", script, PackageResources.runs_js),
      ("/start.js", script, PackageResources.start_js),
      ("/training-server.js", script, PackageResources.training_server_js),
    ]
    return files.map { file in
      Route(.get, file.path) { _ in Response(type: file.type, file.bytes) }
    }
  }
}
