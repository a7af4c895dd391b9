/// Limits of the random changes that augmentation makes to training images.
public struct AugmentationSettings: Equatable, Sendable {
  /// Whether images are mirrored every other epoch.
  ///
  /// - Source: alternating flip; Jordan, "94% on CIFAR-10 in 3.29 Seconds", 2024.
  public var flips = false
  /// Largest shift along each axis, as a fraction of the size, 0…0.5; uncovered pixels are
  /// reflected.
  public var shift: Float = 0
  /// Fraction of the side that is cropped and scaled up to the whole; within 0.1…1.
  public var zoom: ClosedRange<Float> = 1...1
  /// Whether the crop lies anywhere in the image, instead of in its middle.
  ///
  /// - Source: random resized crops; Szegedy et al., "Going Deeper with Convolutions", 2014.
  public var cropsAnywhere = false
  /// Largest stretch of a crop: its aspect ratio is drawn from 2⁻ˣ…2ˣ, evenly in the exponent.
  public var stretch: Float = 0
  /// Largest rotation in either direction, degrees, 0…180.
  public var rotation: Float = 0
  /// Each draws a factor from 1 − x…1 + x; 0…1.
  public var brightness: Float = 0, contrast: Float = 0, saturation: Float = 0
  /// Probability that a rectangle is replaced by the mean color, 0…1.
  ///
  /// - Source: random erasing; Zhong et al., "Random Erasing Data Augmentation", 2020.
  public var erasing: Double = 0
  /// Fraction of the image that is erased.
  public var erasedArea: ClosedRange<Double> = 0.02...0.25

  /// Settings that change nothing.
  public init() {}

  /// Whether pixels are sampled between source pixels and must be interpolated.
  public var interpolates: Bool { zoom != 1...1 || rotation != 0 || stretch != 0 }

  /// Whether colors change.
  var recolors: Bool { brightness != 0 || contrast != 0 || saturation != 0 }
}

/// Named strengths of augmentation; none of them changes which class an image shows.
public enum Augmentation: String, CaseIterable, Codable, Sendable {
  /// Leaves images unchanged.
  case none
  /// Mirrors images every other epoch and shifts them by up to a sixteenth of the size.
  case light
  /// Also zooms, rotates and recolors them a little.
  case standard
  /// Mirrors images every other epoch, crops them anywhere to 40% or more of the area, stretches
  /// and recolors them a little.
  case crops
  /// Does more of everything, and erases rectangles.
  case strong

  /// The limits this name stands for.
  public var settings: AugmentationSettings {
    var settings = AugmentationSettings()
    guard self != .none else { return settings }
    settings.flips = true
    if self == .crops {
      settings.zoom = 0.63...1
      settings.cropsAnywhere = true
      settings.stretch = 0.3
      settings.brightness = 0.2
      settings.contrast = 0.2
      settings.saturation = 0.2
      return settings
    }
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
