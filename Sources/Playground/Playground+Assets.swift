package import LocalServer
internal import PageFrame

extension Playground {
  /// The page and its own files.
  package static var assets: [Route] {
    let modules: [(name: String, bytes: [UInt8])] = [
      ("changes", PackageResources.changes_js),
      ("clock", PackageResources.clock_js),
      ("fields", PackageResources.fields_js),
      ("ground", PackageResources.ground_js),
      ("landscape", PackageResources.landscape_js),
      ("main", PackageResources.main_js),
      ("maps", PackageResources.maps_js),
      ("marbles", PackageResources.marbles_js),
      ("marks", PackageResources.marks_js),
      ("race", PackageResources.race_js),
      ("scene", PackageResources.scene_js),
      ("words", PackageResources.words_js),
    ]
    let page = Page(
      .playground, title: "playground", target: "stage", subject: "marbles", script: "/main.js",
      content: PackageResources.index_html)
    return [page.route] + modules.map { Assets.route("/\($0.name).js", $0.bytes) }
  }
}
