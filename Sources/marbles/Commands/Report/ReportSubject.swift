import Foundation
import ImageLoading
import Reports
import Support
import Training

/// What a report is of.
enum ReportSubject {
  case runs([ReportedRun])
  case evaluation(KeptEvaluation)
  case contest(KeptContest)
  case networks(KeptComparison)

  /// Finds out what is at some paths.
  ///
  /// - Parameter movedData: Where the images are now; nil for where they were.
  /// - Throws: `Failure` for what no report can be of, or the error of a file.
  init(_ paths: [String], movedData: String?) throws {
    let advice = "; give a run, evaluation or comparison"
    if paths.count == 1, !RunDirectory(path: paths[0]).isRun {
      let folder = RunDirectory(path: paths[0]).path
      if !isMissing(KeptEvaluation.metrics(folder)) {
        self = .evaluation(try KeptEvaluation(folder, movedData: movedData))
        return
      }
      if !isMissing(KeptContest.summary(folder)) {
        guard movedData == nil else {
          throw Failure(.usage, "--data is of no use for a comparison, which shows no image")
        }
        self =
          try KeptComparison.isOne(folder)
          ? .networks(KeptComparison(folder)) : .contest(KeptContest(folder))
        return
      }
      if !isMissing("\(folder)/plan.json") {
        throw Failure(
          .inputMissing,
          "\(folder): the comparison has not ended; the command that began it goes on with it")
      }
    }
    var runs: [ReportedRun] = []
    for path in paths {
      let run = try RunDirectory(existing: path, advice: advice)
      if let first = runs.first(where: { canonicalPath($0.directory.path) == canonicalPath(path) })
      {
        throw Failure(
          .usage, "\(first.directory.path) and \(path) are the same run; give it once")
      }
      runs.append(try ReportedRun(run, movedData: movedData))
    }
    self = .runs(runs)
  }

  /// The images, none of which may be written over.
  var listings: [DatasetListing] {
    switch self {
    case .runs(let runs): runs.compactMap(\.images.listing)
    case .evaluation(let evaluation): [evaluation.images.listing].compactMap(\.self)
    case .contest(let contest): contest.listings
    case .networks: []
    }
  }

  /// The files that are read.
  var inputs: [String] {
    switch self {
    case .runs: []
    case .evaluation(let evaluation): evaluation.files
    case .contest(let contest): contest.files
    case .networks(let comparison): comparison.files
    }
  }

  /// The page in the folder that the report is of.
  ///
  /// - Throws: `Failure` if a link is in its place: nobody has named where that leads.
  func ownPage() throws -> String {
    let path =
      switch self {
      case .runs(let runs): runs[0].directory.report
      case .evaluation(let evaluation): "\(evaluation.folder)/report.html"
      case .contest(let contest): "\(contest.folder)/report.html"
      case .networks(let comparison): "\(comparison.folder)/report.html"
      }
    guard !isLink(path) else {
      throw Failure(.output, "\(path): is a link; remove it, or say where with --out")
    }
    return path
  }

  /// The page.
  ///
  /// - Parameter note: Is given what is missing.
  func page(_ look: ReportLook, note: (String) -> Void) throws -> ReportPage {
    switch self {
    case .runs(let runs) where runs.count == 1: try runs[0].page(look, note: note)
    case .runs(let runs): try RunsPage(runs: runs, look: look).page(note: note)
    case .evaluation(let evaluation): evaluation.page(look)
    case .contest(let contest): contest.page(look)
    case .networks(let comparison): comparison.page(look)
    }
  }
}
