internal import Foundation
internal import LocalServer
internal import Support

/// The form of the page that starts a training; an empty field is left to the tool.
struct TrainingForm: Codable {
  /// The folder of images.
  var data: String
  /// As in `10m` or `20`; `unit` is the option that it is given with, `budget` or `epochs`.
  var length: String, unit: String
  var network: String, size: String, optimizer: String, rate: String, seed: String, name: String
  /// More options, as they are typed in a shell.
  var more: String

  /// The words that follow `marbles train`.
  ///
  /// - Throws: `FieldError` for a quotation that does not end.
  func arguments() throws(FieldError) -> [String] {
    guard let more = more.shellWords else {
      throw FieldError(field: "more", message: "More options: a quotation mark is not closed")
    }
    let options = [
      ("model", network), ("image-size", size), ("optimizer", optimizer), ("learning-rate", rate),
      ("seed", seed), ("name", name), (unit, length),
    ]
    let folder = data.trimmingCharacters(in: .whitespaces)
    return options.map { ($0.0, $0.1.trimmingCharacters(in: .whitespaces)) }
      .filter { !$0.1.isEmpty }
      .map { "--\($0.0)=\($0.1)" } + more
      // A folder is no option, whatever it is called.
      + (folder.isEmpty ? [] : [folder.hasPrefix("-") ? "./\(folder)" : folder])
  }
}
