import Foundation
import Support

/// Writes a text file, whole or not at all.
///
/// - Throws: `Failure` with the code for output that cannot be written.
func writeText(_ text: String, to path: String) throws {
  do {
    try AtomicFile.write(Data(text.utf8), to: path)
  } catch {
    throw Failure(error)
  }
}
