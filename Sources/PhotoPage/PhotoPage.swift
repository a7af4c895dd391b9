internal import Foundation
package import LocalServer
internal import Support
internal import Synchronization
package import Tensors
package import Training

/// The page on which a network says what it sees in a photo: its files, and what it asks for.
///
/// A photo comes as the bytes of its file, is answered for, and is gone: nothing is written.
package final class PhotoPage: Sendable {
  /// The most bytes of a photo.
  package static let fileLimit = 32 << 20

  private let subject: Mutex<PhotoSubject>
  private let introduction: Introduction

  /// What the page shows before there is a photo.
  private struct Introduction: Encodable {
    var network: String
    /// What the network knows.
    var words: String
  }

  /// Prepares a network.
  ///
  /// - Parameter name: What the page calls it.
  /// - Throws: `ArchitectureError` if its layers cannot be read, or it does not fit into memory.
  package init(_ checkpoint: Checkpoint, name: String, workers: Workers) throws {
    let description = checkpoint.description
    let size = description.imageSize
    introduction = Introduction(
      network: name,
      words: "\(name) knows \(description.classes.joined(separator: ", ")), and sees "
        + "\(size)×\(size) pixels."
        + (description.answering == nil
          ? "" : " Of what is unlike all of them it says that it does not know."))
    let subject = try PhotoSubject(checkpoint, workers: workers)
    self.subject = Mutex(subject)
  }

  /// Everything that is served.
  package var routes: [Route] {
    Self.assets
      + [
        Route(.get, "/photo/network") { [introduction] _ in Response(json: introduction) },
        post("answer") { subject, bytes throws(FieldError) in try subject.answer(bytes) },
        post("occlusion") { subject, bytes throws(FieldError) in try subject.occlusion(bytes) },
      ]
  }

  /// The page without a network, which says why there is none.
  package static func routes(withoutNetwork reason: String) -> [Route] {
    let refusal = Response(json: FieldError(photo: reason), status: 400)
    return assets + [
      Route(.get, "/photo/network") { _ in refusal },
      Route(.post, "/photo/answer", bodyLimit: fileLimit) { _ in refusal },
    ]
  }

  private func post(
    _ name: String,
    _ answer:
      @escaping @Sendable (inout PhotoSubject, [UInt8]) throws(FieldError) -> some Encodable
      & SendableMetatype
  ) -> Route {
    Route(.post, "/photo/\(name)", bodyLimit: Self.fileLimit) { [self] request in
      // One photo at a time: both cores are busy with it.
      subject.withLock { subject in
        .answering { () throws(FieldError) in
          Response(json: try answer(&subject, request.body))
        }
      }
    }
  }
}

extension FieldError {
  /// Why there is no answer for a photo.
  init(photo message: String) { self.init(field: "photo", message: message) }
}
