internal import Foundation
internal import Support

// Pieces that several reports have.
extension HTML {
  /// A number that matters, with a note on it.
  package struct KeyNumber: Sendable {
    let name: String, value: String, note: String

    /// Creates a number.
    package init(_ name: String, _ value: String, _ note: String = "") {
      self.name = name
      self.value = value
      self.note = note
    }
  }

  /// Large numbers side by side.
  package static func numbers(_ numbers: [KeyNumber]) -> HTML {
    .element("dl", ["class": "numbers"]) {
      for number in numbers {
        HTML.element("div") {
          HTML.element("dt") { number.name }
          HTML.element("dd") {
            HTML.element("strong") { number.value }
            if !number.note.isEmpty { HTML.element("span", ["class": "quiet"]) { number.note } }
          }
        }
      }
    }
  }

  /// A sentence with names that are not known one by one: what is read from the right is isolated,
  /// so that numbers after it stay where they are.
  package static func sentence(_ text: String) -> HTML {
    HTML {
      for part in text.partsByDirection {
        if part.isFromRight { HTML.name(part.text) } else { part.text }
      }
    }
  }

  /// A paragraph.
  package static func paragraph(_ text: String) -> HTML { .element("p") { text } }

  /// A paragraph of what is less important.
  package static func quiet(_ text: String) -> HTML { .element("p", ["class": "quiet"]) { text } }

  /// Sentences one below the other.
  package static func list(_ items: [HTML]) -> HTML {
    .element("ul") {
      for item in items { HTML.element("li") { item } }
    }
  }

  /// What is shown on request.
  package static func folded(_ summary: String, @HTMLBuilder _ content: () -> HTML) -> HTML {
    .element("details") {
      HTML.element("summary") { summary }
      content()
    }
  }

  /// Commands to copy, one on each line.
  package static func commands(_ lines: [String]) -> HTML {
    .element("pre", ["tabindex": "0"]) {
      for (index, line) in lines.enumerated() {
        if index > 0 { HTML.lineBreak }
        HTML.element("code") { line }
      }
    }
  }

  private static var lineBreak: HTML { .element("br", [:]) }

  /// Digits that are compared, not read.
  package static func hash(_ digits: String) -> HTML {
    .element("span", ["class": "hash"]) { digits }
  }

  /// An image and what is said of it.
  package struct CaptionedImage: Sendable {
    let jpeg: [UInt8]?, description: String, caption: HTML, file: String

    /// Creates one.
    ///
    /// - Parameters:
    ///   - jpeg: A JPEG file; nil if the image cannot be shown.
    ///   - description: For those who cannot see it.
    ///   - file: Where it is from.
    package init(jpeg: [UInt8]?, description: String, caption: HTML, file: String) {
      self.jpeg = jpeg
      self.description = description
      self.caption = caption
      self.file = file
    }
  }

  /// Small images in rows, as many as fit.
  ///
  /// - Parameter size: Pixels of each side.
  package static func images(_ images: [CaptionedImage], size: Int) -> HTML {
    .element("ul", ["class": "images"]) {
      for image in images {
        HTML.element("li") {
          if let jpeg = image.jpeg {
            HTML.element(
              "img",
              [
                "src": "data:image/jpeg;base64,\(Data(jpeg).base64EncodedString())",
                "alt": image.description, "width": "\(size)", "height": "\(size)",
              ])
          }
          image.caption
          HTML.element("span", ["class": "quiet"]) { HTML.name(image.file, upTo: 60) }
        }
      }
    }
  }
}
