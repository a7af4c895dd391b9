import Plotting
import Support
import Training

/// The files that an evaluation writes.
struct EvaluationFiles {
  var predictions: OutputFile?, confusion: OutputFile?
  var folder: EvaluationFolder?
  /// Whether the folder is one that nobody has asked for.
  private var isImplied = false

  /// Claims the folder in a run, unless something is in the way: measuring goes on without it.
  mutating func claim(own path: String, _ outputs: inout Outputs) {
    do {
      guard !isLink(path) else {
        throw Failure(.output, "\(path): is a link; remove it, or choose another --out")
      }
      folder = try EvaluationFolder(&outputs, in: path, .png, withParents: false)
      isImplied = true
    } catch {
      Self.note(error)
    }
  }

  /// Writes what goes into the folder.
  ///
  /// - Returns: The folder; nil if there is none.
  mutating func write(
    _ report: EvaluationReport, _ figures: EvaluationFigures, _ look: FigureLook, quiet: Bool
  ) throws -> String? {
    var look = look
    look.title = nil
    do {
      try folder?.write(report, figures, look, quiet: quiet)
    } catch {
      guard isImplied else { throw error }
      Self.note(error)
      return nil
    }
    return folder?.path
  }

  private static func note(_ error: any Error) {
    Console.note("note: figures and tables are not written: \(Failure(error).message)")
  }
}
