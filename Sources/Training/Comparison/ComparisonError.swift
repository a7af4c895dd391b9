/// Why a comparison cannot begin or go on.
public enum ComparisonError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A folder holds a comparison with other choices; the option of the first that differs, now and
  /// then.
  case changed(folder: String, option: String, now: String, before: String)
  /// A folder holds a comparison of the same choices, but of other images or parts of them.
  case imagesChanged(folder: String, data: String)
  /// A folder holds trainings, but not what they are for.
  case planMissing(folder: String)
  /// No image is left to judge networks by while they are trained.
  case noValidation

  public var description: String {
    switch self {
    case .changed(let folder, let option, let now, let before):
      "\(folder): holds a comparison in which \(option) is \(before), and now it is \(now); give "
        + "the same choices to go on with it, or another --out"
    case .imagesChanged(let folder, let data):
      "\(folder): the images of \(data) or their parts are not those that its comparison began "
        + "with; bring them back to go on with it, or give another --out"
    case .planMissing(let folder):
      "\(folder): its trainings are there, but plan.json is missing; put it back, or choose "
        + "another --out"
    case .noValidation:
      "no image is left for validation, which rates are chosen by; hold some out with "
        + "--validation-split"
    }
  }
}
