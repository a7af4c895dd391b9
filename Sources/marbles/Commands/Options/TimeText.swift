import ArgumentParser
import Training

extension Duration {
  /// Reads a time such as `45s`, `10m` or `1.5h`; a number alone is seconds.
  ///
  /// - Returns: Nil for what is no time of 0 to a thousand hours.
  init?(timeText text: String) {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    let unit = text.last.flatMap { units[$0] }
    guard let number = Double(unit == nil ? text : String(text.dropLast())),
      (0...3.6e6).contains(number * (unit ?? 1))
    else { return nil }
    self = .seconds(number * (unit ?? 1))
  }
}

extension SavingInterval {
  /// Reads `epoch` or a time.
  ///
  /// - Throws: `ValidationError` for anything else.
  init(argument text: String) throws {
    if text == "epoch" {
      self = .epochs
    } else if let duration = Duration(timeText: text) {
      self = .every(duration)
    } else {
      throw ValidationError("expected a time such as 30s, 5m or 1h, or 'epoch'")
    }
  }
}
