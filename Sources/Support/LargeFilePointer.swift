/// The text that Git LFS puts in the place of a large file that was not fetched.
package enum LargeFilePointer {
  /// Whether a file begins as one.
  package static func isOne(_ start: some Sequence<UInt8>) -> Bool {
    start.starts(with: "version https://git-lfs".utf8)
  }
}
