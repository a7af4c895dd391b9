internal import ImageLoading
internal import Support

extension ComparisonPlan {
  /// The first choice in which this plan differs from another, by the option that chooses it; nil
  /// if none does.
  ///
  /// Choices that others follow from come first. Where the images are may change, if they are the
  /// same.
  func difference(from other: ComparisonPlan) -> (option: String, own: String, other: String)? {
    func first(
      _ field: (name: String, own: String, other: String)?
    ) -> (option: String, own: String, other: String)? {
      field.map { (Self.option($0.name), Self.short($0.own), Self.short($0.other)) }
    }
    let own = configuration
    if own.excluded != other.configuration.excluded {
      return ("--exclude", Self.text(own), Self.text(other.configuration))
    }
    return first(differingField(of: self, from: other, except: Self.derived))
      ?? first(
        own.model == other.configuration.model
          ? nil : ("model", own.model ?? "none", other.configuration.model ?? "none"))
      ?? first(
        differingField(of: own, from: other.configuration, except: Self.single.union(["data"])))
      ?? first(
        differingField(of: self, from: other, except: ["configuration", "data_fingerprint"]))
      ?? (dataFingerprint == other.dataFingerprint || own.data == other.configuration.data
        ? nil : ("DATA", own.data, other.configuration.data))
  }

  /// What follows from choices of the trainings and from their images.
  private static let derived: Set = [
    "configuration", "data_fingerprint", "search_budget", "search_epochs",
  ]
  /// Each training's own, of the first optimizer in the plan.
  private static let single: Set = ["learning_rate", "optimizer"]

  /// The option of a choice that `plan.json` has under another name.
  private static let options = [
    "seed_count": "--seeds", "rate_count": "--rates", "mixing": "--mixup or --cutmix",
    "search_epochs": "--epochs", "search_budget": "--budget",
  ]

  private static func option(_ name: String) -> String {
    options[name] ?? "--\(name.replacing("_", with: "-"))"
  }

  /// A list of images in words: all its paths are no help.
  private static func text(_ configuration: TrainingConfiguration) -> String {
    configuration.excluded.map { "\($0.file) (\($0.paths.count.counted("image")))" } ?? "none"
  }

  /// JSON as it is given on the command line, without what is too long for a line.
  private static func short(_ json: String) -> String {
    let text = json.replacing("\",\"", with: ",").trimmingPrefix("[").trimmingPrefix("\"")
    let plain = String(text).replacing("\"]", with: "").replacing("\"", with: "")
    return plain.count > mostLetters ? String(plain.prefix(mostLetters - 1)) + "…" : plain
  }

  private static let mostLetters = 80
}
