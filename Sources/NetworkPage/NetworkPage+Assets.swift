package import LocalServer
internal import PageFrame

extension NetworkPage {
  /// The page and its own files.
  package static var assets: [Route] {
    [
      Page(
        .network, title: "network", target: "stage", subject: "network",
        styles: ["/network.css"], script: "/network.js", content: PackageResources.network_html
      ).route,
      Assets.route("/network.css", PackageResources.network_css),
      Assets.route("/network.js", PackageResources.network_js),
      Assets.route("/learning.js", PackageResources.learning_js),
      Assets.route("/neurons.js", PackageResources.neurons_js),
    ]
  }
}
