import ArgumentParser
import Training

extension Duration {
  /// Reads a time such as `50ms`, `45s`, `10m` or `1.5h`; a number alone is seconds.
  ///
  /// - Returns: Nil for what is no time of 0 to a thousand hours.
  init?(timeText text: String) {
    // Double reads more, such as hexadecimal numbers, but nobody means that.
    guard let parts = text.wholeMatch(of: /([0-9.]+(?:[eE][-+]?[0-9]+)?)(ms|s|m|h)?/),
      let number = Double(parts.1)
    else { return nil }
    let units: [Substring: Double] = ["ms": 0.001, "s": 1, "m": 60, "h": 3600]
    let seconds = number * (parts.2.flatMap { units[$0] } ?? 1)
    guard (0...3.6e6).contains(seconds) else { return nil }
    self = .seconds(seconds)
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
      throw ValidationError("expected a time such as 50ms, 30s, 5m or 1h, or 'epoch'")
    }
  }
}

extension Duration {
  /// Reads the time of a run.
  ///
  /// - Throws: `ValidationError` for less than a second, or no time at all.
  init(budget text: String) throws {
    guard let duration = Duration(timeText: text), duration >= .seconds(1) else {
      throw ValidationError("expected a time of at least a second, such as 90s, 10m or 1h")
    }
    self = duration
  }
}

extension ImageSizes {
  /// Reads sizes of training images.
  ///
  /// - Throws: `ValidationError` for anything else.
  init(argument text: String) throws {
    guard let sizes = ImageSizes(text) else {
      throw ValidationError(
        "expected sizes such as 64,128, or 64:0.5,96:0.8,128 with the fractions of the run at "
          + "which they end")
    }
    self = sizes
  }
}
