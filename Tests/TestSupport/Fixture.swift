public import Foundation

/// Reads a JSON file of reference values from the `Fixtures` folder of a test target.
public func fixture<Content: Decodable>(
  _ type: Content.Type = Content.self, _ name: String, in bundle: Bundle
) throws -> Content {
  let url = bundle.bundleURL.appending(path: "Fixtures").appending(path: name)
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return try decoder.decode(Content.self, from: Data(contentsOf: url))
}
