package import LocalServer
internal import PageFrame

extension PhotoPage {
  /// The page and its own files.
  package static var assets: [Route] {
    [
      Page(
        .photo, title: "drop a photo", target: "drop", subject: "photo", styles: ["/photo.css"],
        script: "/photo.js", content: PackageResources.photo_html
      ).route,
      Assets.route("/photo.css", PackageResources.photo_css),
      Assets.route("/photo.js", PackageResources.photo_js),
      Assets.route("/camera.js", PackageResources.camera_js),
    ]
  }
}
