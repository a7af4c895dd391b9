/// How far the random changes of training images may go.
public struct AugmentationSettings: Equatable, Sendable {
  /// Whether images are mirrored every other epoch.
  ///
  /// - Source: alternating flip; Jordan, "94% on CIFAR-10 in 3.29 Seconds", 2024.
  public var flips = false
  /// Largest shift along each axis, parts of the size, 0…0.5; what it uncovers is reflected.
  public var shift: Float = 0
  /// Part of the side that is seen, blown up to the whole; within 0.1…1.
  public var zoom: ClosedRange<Float> = 1...1
  /// Largest turn either way, degrees, 0…180.
  public var rotation: Float = 0
  /// Factors of 1 − x…1 + x are drawn; 0…1 each.
  public var brightness: Float = 0, contrast: Float = 0, saturation: Float = 0
  /// Probability that a rectangle is replaced by the mean colour, 0…1.
  ///
  /// - Source: random erasing; Zhong et al., "Random Erasing Data Augmentation", 2020.
  public var erasing: Double = 0
  /// Part of the image that is erased.
  public var erasedArea: ClosedRange<Double> = 0.02...0.25

  /// Settings that change nothing.
  public init() {}

  /// Whether pixels come from between pixels, so that they must be interpolated.
  var interpolates: Bool { zoom != 1...1 || rotation != 0 }

  /// Whether colours change.
  var recolors: Bool { brightness != 0 || contrast != 0 || saturation != 0 }
}

/// Named strengths of the random changes of training images, which leave what is on them.
public enum Augmentation: String, CaseIterable, Codable, Sendable {
  /// Images as they are.
  case none
  /// Mirrored every other epoch, and shifted by up to a sixteenth of the size.
  case light
  /// Also zoomed, turned and recoloured a little.
  case standard
  /// More of everything, and parts erased.
  case strong

  /// What the name stands for.
  public var settings: AugmentationSettings {
    var settings = AugmentationSettings()
    guard self != .none else { return settings }
    settings.flips = true
    settings.shift = 1 / 16
    if self == .standard {
      settings.zoom = 0.85...1
      settings.rotation = 8
      settings.brightness = 0.2
      settings.contrast = 0.2
      settings.saturation = 0.2
    }
    if self == .strong {
      settings.shift = 1 / 8
      settings.zoom = 0.6...1
      settings.rotation = 15
      settings.brightness = 0.4
      settings.contrast = 0.4
      settings.saturation = 0.4
      settings.erasing = 0.25
    }
    return settings
  }
}
