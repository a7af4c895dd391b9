internal import Foundation

/// How the learning rate changes over a run: a pure function of the step.
public struct LearningRateSchedule: Codable, Hashable, Sendable {
  /// The course after the warm-up.
  public enum Course: String, CaseIterable, Codable, Sendable {
    /// The same rate throughout.
    case constant
    /// Half a cosine from the full rate down to 0 at the end.
    case cosine
  }

  /// The course after the warm-up.
  public var course: Course
  /// The highest rate, > 0.
  public var peak: Float
  /// Steps over which the rate rises in a straight line to its peak.
  public var warmupSteps: Int
  /// Steps of the whole run.
  public var totalSteps: Int

  /// Creates a schedule.
  public init(course: Course, peak: Float, warmupSteps: Int = 0, totalSteps: Int) {
    self.course = course
    self.peak = peak
    self.warmupSteps = warmupSteps
    self.totalSteps = totalSteps
  }

  /// The rate of a step, counted from 0.
  ///
  /// Warm-up: peak·(step+1)/warmup. Cosine: peak·½(1 + cos(π·t)), t from 0 to 1 over the steps after
  /// the warm-up; the last step still moves.
  public func learningRate(atStep step: Int) -> Float {
    if step < warmupSteps { return peak * Float(step + 1) / Float(warmupSteps) }
    switch course {
    case .constant: return peak
    case .cosine:
      let length = max(1, totalSteps - warmupSteps)
      let fraction = min(1, Double(step - warmupSteps) / Double(length))
      return Float(Double(peak) * 0.5 * (1 + cos(.pi * fraction)))
    }
  }
}
