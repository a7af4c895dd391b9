package import Foundation

// JSON as Marbles writes and reads it: snake_case keys in alphabetical order, dates as ISO 8601,
// and the strings "inf", "-inf" and "nan" for values that JSON cannot express as numbers.

/// Returns a value as JSON on one line.
package func jsonText(_ value: some Encodable) -> String {
  String(decoding: encoded(value, []), as: UTF8.self)
}

/// Returns a value as indented JSON that ends in a newline.
package func prettyJSON(_ value: some Encodable) -> String {
  String(decoding: encoded(value, .prettyPrinted), as: UTF8.self) + "\n"
}

/// Creates a decoder for what `jsonText` and `prettyJSON` write.
package func jsonDecoder() -> JSONDecoder {
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  decoder.dateDecodingStrategy = .iso8601
  decoder.nonConformingFloatDecodingStrategy = .convertFromString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  return decoder
}

private func encoded(
  _ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting
) -> Data {
  let encoder = JSONEncoder()
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
  encoder.dateEncodingStrategy = .iso8601
  // A diverged run has an infinite loss.
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  // Marbles encodes numbers, strings, lists and objects only, which cannot fail.
  return (try? encoder.encode(value)) ?? Data()
}
