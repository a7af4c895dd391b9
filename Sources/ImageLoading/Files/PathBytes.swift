extension String {
  /// The bytes of a path, by which paths are compared.
  ///
  /// Swift compares texts by their meaning, so that names in two Unicode forms are equal, though
  /// they are two files.
  package var pathBytes: [UInt8] { Array(utf8) }
}
