import Foundation

/// A JSON text as dictionaries, arrays, strings and numbers.
///
/// The last digit of a number counts; `JSONSerialization` loses it.
public func exactJSON(_ text: some Sequence<UInt8>) throws -> Any {
  try JSONDecoder().decode(AnyJSON.self, from: Data(text)).value
}

private struct AnyJSON: Decodable {
  let value: Any

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      value = NSNull()
    } else if let flag = try? container.decode(Bool.self) {
      value = flag
    } else if let number = try? container.decode(Double.self) {
      value = NSNumber(value: number)
    } else if let text = try? container.decode(String.self) {
      value = text
    } else if let list = try? container.decode([AnyJSON].self) {
      value = list.map(\.value)
    } else {
      value = try container.decode([String: AnyJSON].self).mapValues(\.value)
    }
  }
}
