/// What a run does when it diverges.
public enum DivergenceAction: String, CaseIterable, Codable, Sendable {
  /// It ends.
  case stop
  /// It goes back to the last complete epoch and lowers the rate, at most three times.
  case retry

  /// How often a run goes back.
  public static let mostRetries = 3
  /// What the rate is multiplied by each time.
  public static let rateFactor: Float = 0.3
}
