package import LocalServer

extension Playground {
  /// The files of the page, which are part of the program.
  package static var assets: [Route] {
    let script = "text/javascript; charset=utf-8"
    let files: [(path: String, type: String, bytes: [UInt8])] = [
      ("/", "text/html; charset=utf-8", PackageResources.index_html),
      ("/style.css", "text/css; charset=utf-8", PackageResources.style_css),
      ("/icon.svg", "image/svg+xml", PackageResources.icon_svg),
    ]
    let modules: [(name: String, bytes: [UInt8])] = [
      ("changes", PackageResources.changes_js),
      ("chart", PackageResources.chart_js),
      ("clock", PackageResources.clock_js),
      ("controls", PackageResources.controls_js),
      ("fields", PackageResources.fields_js),
      ("ground", PackageResources.ground_js),
      ("landscape", PackageResources.landscape_js),
      ("look", PackageResources.look_js),
      ("main", PackageResources.main_js),
      ("maps", PackageResources.maps_js),
      ("marks", PackageResources.marks_js),
      ("marbles", PackageResources.marbles_js),
      ("picture", PackageResources.picture_js),
      ("race", PackageResources.race_js),
      ("scene", PackageResources.scene_js),
      ("server", PackageResources.server_js),
      ("state", PackageResources.state_js),
      ("text", PackageResources.text_js),
      ("words", PackageResources.words_js),
    ]
    return (files + modules.map { ("/\($0.name).js", script, $0.bytes) }).map { file in
      Route(.get, file.path) { _ in Response(type: file.type, file.bytes) }
    }
  }
}
