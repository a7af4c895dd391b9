extension Unicode.Scalar {
  /// Joiners, and the letters of flags.
  private static let joiners: Set<UInt32> = [0x200C, 0x200D]
  private static let flagLetters: ClosedRange<UInt32> = 0xE0020...0xE007F

  /// Whether terminals and pages obey it instead of showing it: a code, a line break, a change of
  /// direction.
  ///
  /// What joins letters of a script or parts of an emoji is needed to show them and is not meant.
  package var isObeyed: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    case .format: !Self.joiners.contains(value) && !Self.flagLetters.contains(value)
    default: properties.isNoncharacterCodePoint
    }
  }
}
