internal import Foundation

// One way to write JSON: snake_case keys in alphabetical order.

func jsonDecoder() -> JSONDecoder {
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  decoder.dateDecodingStrategy = .iso8601
  decoder.nonConformingFloatDecodingStrategy = .convertFromString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  return decoder
}

private func jsonEncoder(pretty: Bool) -> JSONEncoder {
  let encoder = JSONEncoder()
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.outputFormatting =
    pretty
    ? [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    : [.sortedKeys, .withoutEscapingSlashes]
  // A diverged run has losses that JSON has no number for.
  encoder.dateEncodingStrategy = .iso8601
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  return encoder
}

/// A value as JSON on one line.
public func jsonText(_ value: some Encodable) -> String {
  // Our own values hold numbers, strings, lists and objects only: encoding them cannot fail.
  String(decoding: (try? jsonEncoder(pretty: false).encode(value)) ?? Data(), as: UTF8.self)
}

/// A value as JSON for people to read, ending in a newline.
public func prettyJSON(_ value: some Encodable) -> String {
  String(decoding: (try? jsonEncoder(pretty: true).encode(value)) ?? Data(), as: UTF8.self) + "\n"
}
