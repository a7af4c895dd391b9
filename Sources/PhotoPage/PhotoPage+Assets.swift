package import LocalServer

extension PhotoPage {
  /// The files of the page; it shares the style sheet and the helpers of the playground.
  package static var assets: [Route] {
    let files: [(path: String, type: String, bytes: [UInt8])] = [
      ("/photo", "text/html; charset=utf-8", PackageResources.photo_html),
      ("/photo.css", "text/css; charset=utf-8", PackageResources.photo_css),
      ("/photo.js", "text/javascript; charset=utf-8", PackageResources.photo_js),
      ("/camera.js", "text/javascript; charset=utf-8", PackageResources.camera_js),
    ]
    return files.map { file in
      Route(.get, file.path) { _ in Response(type: file.type, file.bytes) }
    }
  }
}
