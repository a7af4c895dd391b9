import Benchmarking
import ConvNet
import Plotting
import Support

extension StepReport {
  /// Where the time of inference goes, and what each layer waits for.
  func rates(_ work: Work) -> [String] {
    func row(_ cells: [String]) -> String {
      let widths = [6, 8, 7, 6, 10]
      return "\(cells[0].fitted(26).left(26)) \(cells[1].left(11))"
        + zip(cells.dropFirst(2), widths).map { " " + $0.right($1) }.joined()
    }
    func giga(_ amount: Double, _ layer: Layer) -> String {
      amount > 0 ? (amount / max(layer.forward, 1e-12) / 1e9).digits(1) : ""
    }
    return [
      row(["inference", "output", "ms", "GFLOP/s", "done", "GB/s", "limit"])
    ]
      + work.layers.map { layer in
        let name = "\("\(layer.index)".right(2)) \(layer.layer)"
        // It was fused with the layer above.
        guard layer.forward > 0 else { return "\(name.fitted(26).left(26)) \(layer.output)" }
        return row([
          name, layer.output, layer.forward.milliseconds, giga(layer.effective, layer),
          giga(Double(layer.operations ?? 0), layer), giga(Double(layer.bytes ?? 0), layer),
          layer.limit ?? "",
        ])
      }
      + [
        "",
        "GFLOP/s as plain convolutions, and as done; limit: what the layer can be fastest",
        "by, the peak or reading, and how much of that it reaches",
      ]
  }

  /// The rates of the layers below the roof that the machine sets.
  func roofline(_ work: Work, theme: Theme) -> AxesFigure {
    let layers = work.layers.filter { ($0.operations ?? 0) > 0 && $0.forward > 0 }
    return .roofline(
      layers.map { layer in
        let operations = Double(layer.operations ?? 0)
        return LayerRate(
          name:
            "\(layer.index) \(layer.layer.split(separator: " ").prefix(2).joined(separator: " "))",
          operationsPerByte: operations / Double(max(1, layer.bytes ?? 1)),
          operationsPerSecond: operations / layer.forward)
      }, peak: peakOperationsPerSecond, bytesPerSecond: readBytesPerSecond ?? 1,
      subtitle: "\(model) at \(imageSize)×\(imageSize), batches of \(batchSize), "
        + threads.counted("thread"), theme: theme)
  }

  /// The values of the figure as a table.
  func roofTable(_ work: Work) -> [[String]] {
    [["layer", "text", "seconds", "operations", "bytes"]]
      + work.layers.compactMap { layer in
        guard let operations = layer.operations, let bytes = layer.bytes else { return nil }
        return ["\(layer.index)", layer.layer, "\(layer.forward)", "\(operations)", "\(bytes)"]
      }
  }
}

extension StepReport.Layer {
  /// What it waits for, and the part of that rate that it reaches.
  fileprivate var limit: String? {
    guard let arithmeticSeconds, let memorySeconds else { return nil }
    let isArithmetic = arithmeticSeconds > memorySeconds
    let least = isArithmetic ? arithmeticSeconds : memorySeconds
    return (isArithmetic ? "peak " : "read ")
      + (least / max(forward, 1e-12)).percentage(decimals: 0)
  }
}

extension Double {
  /// Seconds as milliseconds: 12.34.
  var milliseconds: String { (self * 1000).digits(self < 0.1 ? 2 : 0) }
}
