import ConvNet
import Foundation
import TestSupport
import Testing

@Suite struct LayersTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `layers are listed with what each can be given, within 80 columns`() throws {
    let lines = try Tool.run(["layers"], in: folder).output.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(!lines.contains { $0.contains("…") }, "an explanation is cut off")
    for entry in LayerCatalogue.standard.entries {
      let start = try #require(lines.firstIndex { $0.hasPrefix("\(entry.name) ") })
      let own = lines[(start + 1)...].prefix { $0.hasPrefix(" ") }
      #expect(own.count == entry.parameters.count + (entry.learns ? 1 : 0), "\(entry.name)")
      for (parameter, line) in zip(entry.parameters, own) {
        #expect(line.contains(parameter.form), "\(entry.name): \(line)")
        if !parameter.isRequired, let value = parameter.defaultText {
          #expect(line.contains(value), "\(entry.name): \(line)")
        }
      }
    }
  }

  @Test func `the JSON object has every layer with its parameters`() throws {
    let report = try Tool.json(Tool.run(["layers", "--json"], in: folder))
    let layers = try #require(report["layers"] as? [[String: Any]])
    #expect(
      layers.compactMap { $0["name"] as? String } == LayerCatalogue.standard.entries.map(\.name))
    let convolution = try #require(layers.first?["parameters"] as? [[String: Any]])
    #expect(convolution.first?["is_required"] as? Bool == true)
    #expect(convolution.contains { $0["form"] as? String == "stride N" })
  }

  @Test func `an argument it does not take is refused`() throws {
    let outcome = try Tool.run(["layers", "conv"], in: folder)
    #expect(outcome.code == 64)
    #expect(outcome.output.isEmpty)
  }
}
