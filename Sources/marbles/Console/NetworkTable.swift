import ConvNet
import Support

extension NetworkSummary {
  /// A row per layer and the totals, within 80 columns.
  ///
  /// - Parameter batchSize: Images whose activations the memory column counts.
  func lines(batchSize: Int) -> [String] {
    func line(
      _ place: String, _ layer: String, _ output: String, _ parameters: String, _ work: String,
      _ memory: String
    ) -> String {
      "\(place.fitted(12).left(12)) \(layer.fitted(24).left(24)) \(output.right(11)) "
        + "\(parameters.right(10)) \(work.right(8)) \(memory.right(8))"
    }
    func memory(_ bytes: Int) -> String { (bytes * batchSize).bytes }
    let head = line("layer", "", "output", "parameters", "mult-add", "memory")
    let body = rows.map { row in
      line(
        row.place, row.layer, "\(row.outputHeight)×\(row.outputWidth)×\(row.outputChannels)",
        row.parameters > 0 ? row.parameters.grouped : "",
        row.multiplyAdds > 0 ? row.multiplyAdds.scaled : "", memory(row.activationBytes))
    }
    let total = line(
      "total", "", "", parameters.grouped, multiplyAdds.scaled, memory(activationBytes))
    let images = batchSize == 1 ? "one image" : "a batch of \(batchSize)"
    return [head] + body + [
      total, "mult-add for one image, memory for the activations of \(images) in training",
    ]
  }
}

extension Int {
  /// Three digits and a unit: 950, 12.3 k, 1.16 M, 5.6 G.
  var scaled: String { scaled(by: 1000, units: ["", " k", " M", " G", " T"]) }

  /// Three digits and a unit: 96 B, 1.5 kB, 12.6 MB.
  var bytes: String { scaled(by: 1000, units: [" B", " kB", " MB", " GB", " TB"]) }

  private func scaled(by step: Double, units: [String]) -> String {
    var (value, unit) = (Double(self), 0)
    while value >= step * 0.9995, unit + 1 < units.count {
      (value, unit) = (value / step, unit + 1)
    }
    let digits = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
    return value.digits(digits) + units[unit]
  }
}
