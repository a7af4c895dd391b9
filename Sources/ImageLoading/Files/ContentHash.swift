internal import COpenSSL
package import Foundation

/// Fingerprints of file contents, for telling copies apart and for checking what was loaded.
public enum ContentHash {
  /// The SHA-256 digest as 64 lowercase hexadecimal digits.
  public static func sha256(_ bytes: [UInt8]) -> String { sha256(of: CollectionOfOne(bytes)) }

  /// The SHA-256 digest of pieces as if they were one.
  package static func sha256(of pieces: some Sequence<some ContiguousBytes>) -> String {
    let context = unsafe EVP_MD_CTX_new()
    defer { unsafe EVP_MD_CTX_free(context) }
    unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil)
    for piece in pieces {
      unsafe piece.withUnsafeBytes { bytes in
        _ = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
      }
    }
    var digest = [UInt8](repeating: 0, count: 32)
    unsafe EVP_DigestFinal_ex(context, &digest, nil)
    return hexadecimal(digest)
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
