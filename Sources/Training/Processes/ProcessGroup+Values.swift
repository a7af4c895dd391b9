internal import Foundation
internal import Support
package import Tensors

extension ProcessGroup {
  /// A value of the first process, on all of them.
  ///
  /// - Throws: `DecodingError` if the first process is of another version.
  package func first<Value: Codable>(_ value: Value) throws -> Value {
    try jsonDecoder().decode(Value.self, from: Data(first(Array(jsonText(value).utf8))))
  }
}
