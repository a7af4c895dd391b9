public import ConvNet
package import Foundation
public import Optimization
internal import Support

/// The catalogues in which the texts of runs and checkpoints are looked up.
///
/// To train with a layer, an optimizer, an objective or a schedule of your own, pass catalogues
/// that have it wherever such texts are read: to `Trainer`, `RunRecorder.create`,
/// `RunRecord`, `ResumePoint`, `Checkpoint` and `Classifier`.
public struct Catalogues: Sendable {
  /// The layers an architecture may be written with.
  public var layers = LayerCatalogue.standard
  /// The optimizers and their wrappers.
  public var optimizers = OptimizerCatalogue.standard
  /// The objectives.
  public var objectives = ObjectiveCatalogue.standard
  /// The schedules of the learning rate.
  public var schedules = ScheduleCatalogue.standard

  /// Marbles' own.
  public static let standard = Catalogues()

  /// Creates the standard catalogues, to be replaced one by one.
  public init() {}

  /// Creates a decoder that reads choices against these catalogues.
  package func decoder() -> JSONDecoder {
    let decoder = jsonDecoder()
    decoder.userInfo[OptimizerChoice.catalogueKey] = optimizers
    decoder.userInfo[ObjectiveChoice.catalogueKey] = objectives
    decoder.userInfo[ScheduleChoice.catalogueKey] = schedules
    return decoder
  }
}
