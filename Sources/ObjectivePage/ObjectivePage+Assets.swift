package import LocalServer
internal import PageFrame

extension ObjectivePage {
  /// The page and its own files.
  package static var assets: [Route] {
    [
      Page(
        .objective, title: "objective", target: "stage", subject: "curves",
        styles: ["/objective.css"], script: "/objective.js",
        content: PackageResources.objective_html
      ).route,
      Assets.route("/objective.css", PackageResources.objective_css),
      Assets.route("/objective.js", PackageResources.objective_js),
      Assets.route("/readings.js", PackageResources.readings_js),
      Assets.route("/practice.js", PackageResources.practice_js),
    ]
  }
}
