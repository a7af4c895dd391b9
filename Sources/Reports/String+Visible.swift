import Support

extension String {
  /// With every character shown that would otherwise be obeyed: a line break as `␊`, an override of
  /// the direction as `‹U+202E›`.
  ///
  /// What joins letters of a script or parts of an emoji is needed to show them and stays.
  var visible: String {
    guard unicodeScalars.contains(where: \.isObeyed) else { return self }
    return unicodeScalars.map { $0.isObeyed ? $0.picture : String($0) }.joined()
  }

  /// As content and as the value of a quoted attribute.
  var escaped: String {
    var text = ""
    text.reserveCapacity(utf8.count)
    for scalar in unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

extension Unicode.Scalar {
  /// A sign that stands for it.
  fileprivate var picture: String {
    let pictures: UInt32 = 0x2400
    let sign = value < 0x20 ? pictures + value : value == 0x7F ? pictures + 0x21 : nil
    if let sign = sign.flatMap(Unicode.Scalar.init) { return String(sign) }
    let digits = String(value, radix: 16, uppercase: true)
    return "‹U+\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)›"
  }
}
