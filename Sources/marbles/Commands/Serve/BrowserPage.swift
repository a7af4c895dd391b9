import Foundation

/// A file that leads the browser to an address with a secret.
///
/// Who else uses this computer sees what programs are started with; the file only its owner reads.
struct BrowserPage {
  /// Why no browser was opened.
  struct Failure: Error {
    let reason: String
  }

  private let folder: URL

  /// Opens an address in the browser of the user.
  ///
  /// - Throws: `Failure` where there is no desktop or no program that opens files.
  init(leadingTo address: String) throws(Failure) {
    let environment = ProcessInfo.processInfo.environment
    guard ["DISPLAY", "WAYLAND_DISPLAY"].contains(where: { environment[$0, default: ""] != "" })
    else {
      throw Failure(reason: "there is no desktop")
    }
    let opener = environment["PATH", default: ""].split(separator: ":")
      .map { "\($0)/xdg-open" }.first(where: FileManager.default.isExecutableFile)
    guard let opener else { throw Failure(reason: "there is no xdg-open") }
    folder = FileManager.default.temporaryDirectory
      .appending(path: "marbles-\(UUID().uuidString)", directoryHint: .isDirectory)
    let file = folder.appending(path: "open.html")
    let page = """
      <!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Marbles</title>
      <meta http-equiv="refresh" content="0; url=\(address)"><p><a href="\(address)">Marbles</a></p>
      </html>

      """
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      try Data(page.utf8).write(to: file)
      let process = Process()
      process.executableURL = URL(filePath: opener)
      process.arguments = [file.path(percentEncoded: false)]
      (process.standardInput, process.standardOutput, process.standardError) = (
        FileHandle.nullDevice, FileHandle.nullDevice, FileHandle.nullDevice
      )
      process.terminationHandler = { process in
        if process.terminationStatus != 0 {
          Console.note("xdg-open could not open a browser; open the address yourself")
        }
      }
      try process.run()
    } catch {
      try? FileManager.default.removeItem(at: folder)
      throw Failure(reason: error.localizedDescription)
    }
  }

  /// Removes the file.
  func remove() { try? FileManager.default.removeItem(at: folder) }
}
