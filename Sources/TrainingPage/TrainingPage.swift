internal import Foundation
package import LocalServer
internal import Support
internal import Synchronization
package import Training

/// The page on which runs are followed, compared, started and stopped.
///
/// Runs are known from their files alone, which are only read; so who looks cannot disturb a
/// training. What is asked of one is a file in its directory, for which the training looks.
package final class TrainingPage: Sendable {
  /// Runs whose curves are asked for at once.
  package static let mostRuns = 12

  private let folder: RunFolder
  private let followed: Mutex<FollowedRuns>
  private let watcher: RunWatcher
  private let pictures = WorstPictures()
  /// Nil where none can be started.
  private let trainings: StartedTrainings?
  private let labels: @Sendable ([RunRecord]) -> [String]
  private let opened: String?

  /// Prepares the page for a folder of runs, which need not be there yet.
  ///
  /// - Parameters:
  ///   - opened: The name of the run that the page is about; nil for all of them.
  ///   - program: The file of the program that trains; nil to start no trainings.
  ///   - labels: What tells records apart, one for each.
  package init(
    folder: String, opened: String? = nil, program: String? = nil,
    labels: @escaping @Sendable ([RunRecord]) -> [String]
  ) {
    self.folder = RunFolder(path: folder)
    self.opened = opened
    self.labels = labels
    followed = Mutex(FollowedRuns(self.folder))
    let watcher = RunWatcher(self.folder)
    self.watcher = watcher
    trainings = program.map { StartedTrainings(program: $0) { watcher.tell([]) } }
    watcher.start()
  }

  /// Has the trainings that the page started save and stop, and waits for them.
  ///
  /// - Parameters:
  ///   - patience: When those that are waited for are named, and when they are ended by force.
  ///   - note: Given a line for a person.
  package func end(
    patience: (note: Duration, end: Duration) = (.seconds(3), .seconds(60)),
    note: (String) -> Void = { _ in }
  ) {
    trainings?.end(patience, note: note)
  }

  /// Everything that is served.
  package var routes: [Route] {
    Self.assets + (trainings.map(startingRoutes) ?? [])
      + [
        Route.question("/training/runs") { [self] (_: Nothing) in Response(json: list()) },
        Route.question("/training/curves") { [self] (question: CurveQuestion) throws(FieldError) in
          Response(json: try curves(question))
        },
        Route.question("/training/filters") { [self] (question: RunQuestion) throws(FieldError) in
          Response(json: try FilterPictures(of: run(question.run)))
        },
        Route.question("/training/worst") { [self] (question: WorstQuestion) throws(FieldError) in
          Response(json: try pictures.answer(for: run(question.run), epoch: question.epoch))
        },
        Route.question("/training/steer") { [self] (question: SteerQuestion) throws(FieldError) in
          try steer(run(question.run), question)
          watcher.tell([question.run])
          return Response(json: Nothing())
        },
        Route(.get, "/training/events") { [watcher] _ in Response(events: watcher.events) },
      ]
  }

  /// What starts and stops trainings.
  private func startingRoutes(_ trainings: StartedTrainings) -> [Route] {
    [
      Route.question("/training/form") { [self] (form: TrainingForm) throws(FieldError) in
        let arguments = try form.arguments()
        return Response(
          json: Command(
            arguments: arguments,
            command: StartedTrainings.command(try words(StartQuestion(arguments: arguments)))))
      },
      Route.question("/training/start") { [self] (question: StartQuestion) throws(FieldError) in
        Response(json: Started(training: try trainings.start(words(question))))
      },
      Route.question("/training/stop") { (question: StopQuestion) throws(FieldError) in
        guard trainings.stop(question.training) else {
          throw FieldError(
            field: "training", message: "it has ended, or this page has not started it")
        }
        return Response(json: Started(training: question.training))
      },
    ]
  }

  // MARK: Questions

  private struct Nothing: Codable {}
  private struct RunQuestion: Codable { var run: String }
  private struct WorstQuestion: Codable { var run: String, epoch: Int? }

  /// One of both.
  private struct SteerQuestion: Codable {
    var run: String
    /// The highest one from the next step on.
    var learningRate: Float?
    /// Whether the run is to wait, or to go on.
    var pause: Bool?
  }

  private struct StopQuestion: Codable { var training: Int }
  private struct Started: Encodable { var training: Int }
  /// What follows `marbles train`, and the whole command as a shell takes it.
  private struct Command: Encodable { var arguments: [String], command: String }

  private struct CurveQuestion: Codable {
    var runs: [String]
    /// The versions that the page has.
    var known: [String: Int]?
  }

  private struct StartQuestion: Codable {
    /// What follows `marbles train`.
    var arguments: [String]?
    /// The name of a run to go on with, instead.
    var resume: String?
  }

  // MARK: Answers

  private struct List: Encodable {
    var folder: String
    var opened: String?
    var canStart: Bool
    var runs: [RunSummary]
    var trainings: [StartedTrainings.Training]
  }

  private struct Curves: Encodable {
    /// Those that the page does not have as they are now.
    var runs: [RunCurves]
    /// All of them, in the order asked for.
    var keys: [RunKey]
    /// Those that are gone, or cannot be read.
    var gone: [String]
  }

  private func list() -> List {
    let started = trainings?.all ?? []
    return List(
      folder: folder.path, opened: opened, canStart: trainings != nil,
      runs: followed.withLock { $0.summaries(started) }, trainings: started)
  }

  private func curves(_ question: CurveQuestion) throws(FieldError) -> Curves {
    guard question.runs.count <= Self.mostRuns, Set(question.runs).count == question.runs.count
    else {
      throw FieldError(field: "runs", message: "expected at most \(Self.mostRuns) different runs")
    }
    let found = followed.withLock { followed in
      question.runs.compactMap { followed.current($0) }
    }
    let names = Set(found.map(\.run.directory.name))
    return Curves(
      runs: found.filter { $0.version != question.known?[$0.run.directory.name] }
        .map { RunCurves($0.run, version: $0.version) },
      keys: RunKey.all(of: found.map(\.run), labels: labels),
      gone: question.runs.filter { !names.contains($0) })
  }

  /// Asks something of a run that trains, whoever has started it.
  private func steer(_ run: RunDirectory, _ question: SteerQuestion) throws(FieldError) {
    guard RunLock.owner(of: run) != nil else {
      throw FieldError(field: "run", message: "no process on this computer trains it now")
    }
    do {
      switch (question.learningRate, question.pause) {
      case (let rate?, nil):
        guard rate > 0, rate.isFinite else {
          throw FieldError(field: "learning_rate", message: "expected a number above 0")
        }
        try RunRequests(of: run).ask(learningRate: rate)
      case (nil, let pause?): try RunRequests(of: run).ask(pause: pause)
      default: throw FieldError(field: "request", message: "give either learning_rate or pause")
      }
    } catch let error as FieldError {
      throw error
    } catch {
      throw FieldError(field: "run", message: "\(error)")
    }
  }

  private func run(_ name: String) throws(FieldError) -> RunDirectory {
    guard let run = folder.run(named: name) else {
      throw FieldError(field: "run", message: "there is no run of this name in \(folder.path)")
    }
    return run
  }

  /// The command line of a training.
  private func words(_ question: StartQuestion) throws(FieldError) -> [String] {
    if let name = question.resume {
      guard question.arguments == nil else {
        throw FieldError(
          field: "arguments", message: "a run goes on with its own choices; leave them out")
      }
      return ["train", "--resume", try run(name).path]
    }
    let words = question.arguments ?? []
    guard words.count <= 200, !words.contains(where: { $0.contains("\0") }) else {
      throw FieldError(field: "arguments", message: "expected at most 200 words without zero bytes")
    }
    guard !words.contains(where: { $0 == "--out" || $0.hasPrefix("--out=") }) else {
      throw FieldError(
        field: "arguments", message: "leave out --out: runs of this page are in \(folder.path)")
    }
    return ["train", "--out", folder.path] + words
  }
}
