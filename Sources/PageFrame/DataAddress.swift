internal import Foundation

/// A file within an address, as pictures are sent to a page (RFC 2397).
///
/// - Parameter type: As in `image/png`.
package func dataAddress(_ file: [UInt8], type: String) -> String {
  "data:\(type);base64,\(Data(file).base64EncodedString())"
}
