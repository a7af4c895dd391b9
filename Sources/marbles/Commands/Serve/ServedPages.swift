import Foundation
import LocalServer
import NetworkPage
import ObjectivePage
import PageFrame
import Playground
import Tensors
import Training
import TrainingPage

/// The pages, and the server that gives them to the user.
struct ServedPages {
  let server: LocalServer
  private let training: TrainingPage
  /// Nil for the page of a run.
  private let objective: ObjectivePage?

  /// Serves all pages.
  ///
  /// - Parameters:
  ///   - port: 1...65535, or 0 for one that is free.
  ///   - photos: What answers for photos.
  ///   - runs: The folder whose runs are shown, and in which new ones are made.
  ///   - workers: What tries objectives.
  /// - Throws: `ServerError` if the port cannot be had.
  init(port: Int, photos: [Route], runs: String, workers: Workers) throws(ServerError) {
    let objective = ObjectivePage(workers: workers)
    self.objective = objective
    training = TrainingPage(
      folder: runs, program: Bundle.main.executablePath ?? CommandLine.arguments[0],
      labels: RunFigures.labels)
    server = try LocalServer(
      port: port,
      routes: Assets.shared + Playground.routes + objective.routes + NetworkPage().routes + photos
        + training.routes)
  }

  /// Serves the page of a run while it trains, with the runs beside it, and nothing that takes
  /// work.
  ///
  /// - Throws: `ServerError` if no port can be had.
  init(following run: RunDirectory, in folder: String) throws(ServerError) {
    objective = nil
    training = TrainingPage(folder: folder, opened: run.name, labels: RunFigures.labels)
    server = try LocalServer(routes: Assets.shared + training.routes + [training.home])
  }

  /// Has trainings that were started in the page save and stop, waits for them, and ends.
  func end() {
    objective?.end()
    training.end { Console.note($0) }
    server.stop()
  }
}
