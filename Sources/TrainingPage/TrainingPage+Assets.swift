package import LocalServer
internal import PageFrame

extension TrainingPage {
  private static let page = Page(
    .training, title: "training", target: "stage", subject: "curves", styles: ["/training.css"],
    script: "/training.js", content: PackageResources.training_html)

  /// The page at the address of the server alone, where there is no other.
  package var home: Route {
    let response = Self.page.response
    return Route(.get, "/") { _ in response }
  }

  /// The page and its own files.
  package static var assets: [Route] {
    [
      page.route, Assets.route("/training.css", PackageResources.training_css),
      Assets.route("/training.js", PackageResources.training_js),
      Assets.route("/curves.js", PackageResources.curves_js),
      Assets.route("/runs.js", PackageResources.runs_js),
      Assets.route("/steer.js", PackageResources.steer_js),
      Assets.route("/worst.js", PackageResources.worst_js),
      Assets.route("/start.js", PackageResources.start_js),
    ]
  }
}
