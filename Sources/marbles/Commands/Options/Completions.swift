import ArgumentParser
import Optimization

/// What a shell offers for a value, named by the kind of file or catalogue.
extension CompletionKind {
  /// A dataset: a folder, or a CSV file that lists images.
  static var dataset: CompletionKind { .file(extensions: ["csv"]) }
  /// A checkpoint, or the directory of a run.
  static var checkpoint: CompletionKind { .file(extensions: ["safetensors"]) }
  static var csvFile: CompletionKind { .file(extensions: ["csv"]) }
  static var figure: CompletionKind { .file(extensions: ["png", "svg", "pdf"]) }
  static var pngFile: CompletionKind { .file(extensions: ["png"]) }
  static var splitFile: CompletionKind { .file(extensions: ["json"]) }

  static var objectives: CompletionKind { .list(ObjectiveCatalogue.standard.allNames) }
  static var optimizers: CompletionKind { .list(OptimizerCatalogue.standard.allNames) }
  static var schedules: CompletionKind { .list(ScheduleCatalogue.standard.allNames) }
  static var surfaces: CompletionKind { .list(SurfaceCatalogue.standard.allNames) }

  /// Names separated by commas, of everything that moves a marble; the last one is completed.
  static var racers: CompletionKind {
    let names = MarbleCatalogue.standard.allNames
    return .custom { _, _, prefix in
      let before = prefix.lastIndex(of: ",").map { String(prefix[...$0]) } ?? ""
      return names.map { before + $0 }
    }
  }
}
