import ConvNet
import Foundation
import ImageLoading
import Plotting
import Support
import Tensors
import Training

/// Figures with the numbers of single layers.
extension ExplanationFigures {
  // MARK: Convolution

  private static let shownPatches = 12, shownKernels = 4

  /// A convolution as im2col computes it, at the place where its strongest filter answers most.
  var convolution: (figure: ConvolutionFigure, rows: [[String]])? {
    guard let found = FirstConvolution(of: explainer.network, explainer.values) else { return nil }
    let window = found.window
    let input = image.trace.activations[found.layer]
    let output = image.trace.activations[found.layer + 1]
    let strongest = strongest(output, found)
    let first = strongest % found.kernelCount
    let (row, column) = (
      strongest / found.kernelCount / window.outputWidth,
      strongest / found.kernelCount % window.outputWidth
    )
    let start = min(column, max(0, window.outputWidth - Self.shownPatches))
    // The marked patch first, then its neighbors in the row.
    let columns =
      [column]
      + (start..<min(start + Self.shownPatches, window.outputWidth)).filter { $0 != column }
    let kernels =
      [first]
      + (0..<found.kernelCount).filter { $0 != first }.prefix(Self.shownKernels - 1)
    let patches = columns.map { found.patch(of: input, row: row, column: $0) }
    let figure = ConvolutionFigure(
      title: "A convolution is a product of matrices",
      subtitle: "Layer \(found.layer), \(layerText(found.layer)), on \(image.fileName): a patch "
        + "times a kernel is one number of a feature map",
      image: picture(of: found.layer),
      patch: Rectangle(
        x: Double(column * window.stride - window.left),
        y: Double(row * window.stride - window.top), width: Double(window.width),
        height: Double(window.height)),
      featureMap: HeatMap(
        image.trace.channel(first, ofLayer: found.layer, in: explainer.network)),
      row: row, column: column, kernelHeight: window.height, kernelWidth: window.width,
      channels: channelNames(window.input.channels), patches: patches,
      kernels: kernels.map { found.kernels[$0] }, biases: kernels.map { found.biases[$0] },
      patchCount: window.positionCount, kernelCount: found.kernelCount, theme: theme)
    return (figure, table(found, row, columns, kernels, patches))
  }

  /// The index of the largest output, away from the edges where there is room.
  private func strongest(_ output: [Float], _ found: FirstConvolution) -> Int {
    let window = found.window
    func isInside(_ place: Int, of extent: Int) -> Bool {
      extent < 8 || (extent / 4..<extent - extent / 4).contains(place)
    }
    let inside = output.enumerated().map { index, value in
      let place = index / found.kernelCount
      return isInside(place / window.outputWidth, of: window.outputHeight)
        && isInside(place % window.outputWidth, of: window.outputWidth) ? value : -.infinity
    }
    return inside.offsetOfLargest
  }

  private func table(
    _ found: FirstConvolution, _ row: Int, _ columns: [Int], _ kernels: [Int],
    _ patches: [[Float]]
  ) -> [[String]] {
    let channels = channelNames(found.window.input.channels)
    let header =
      ["kernel_row", "kernel_column", "channel"] + columns.map { "patch_\(row)_\($0)" }
      + kernels.map { "kernel_\($0)" }
    return [header]
      + (0..<found.window.count).map { index in
        let place = index / channels.count
        return ["\(place / found.window.width)", "\(place % found.window.width)"]
          + [channels[index % channels.count]]
          + (patches.map { $0[index] } + kernels.map { found.kernels[$0][index] })
          .map { Double($0).text }
      }
  }

  private func layerText(_ layer: Int) -> String { explainer.network.layers[layer].text.fitted(40) }

  private func channelNames(_ count: Int) -> [String] {
    count == 3 ? ["red", "green", "blue"] : (0..<count).map { "channel \($0)" }
  }

  /// The input of a layer: the photo, or else the mean of its channels.
  private func picture(of layer: Int) -> PixelBuffer {
    guard layer > 0 else { return image.pixels }
    let shape = explainer.network.shapes[layer]
    let means = image.trace.activations[layer].pixelMeans(channels: shape.channels)
    return HeatMap(width: shape.width, height: shape.height, values: means).bitmap(theme)
  }

  // MARK: Pooling

  /// Rows and columns of outputs whose numbers are shown.
  private static let shownOutputs = 4

  /// The first pooling on its strongest channel, around the place with the highest value.
  var pooling: (figure: PoolingFigure, rows: [[String]])? {
    guard let found = FirstPooling(of: explainer.network) else { return nil }
    let (window, network) = (found.window, explainer.network)
    let channel = image.trace.channelMeans(ofLayer: found.layer, in: network).offsetOfLargest
    let before = image.trace.channel(channel, ofLayer: found.layer - 1, in: network)
    let after = image.trace.channel(channel, ofLayer: found.layer, in: network)
    let highest = after.values.offsetOfLargest
    func part(_ place: Int, of extent: Int) -> Range<Int> {
      let count = min(Self.shownOutputs, extent)
      let start = min(max(0, place - count / 2), extent - count)
      return start..<start + count
    }
    let rows = part(highest / after.width, of: after.height)
    let columns = part(highest % after.width, of: after.width)
    // What lies under the windows of these outputs, within the map.
    func under(_ outputs: Range<Int>, _ size: Int, before: Int, extent: Int) -> Range<Int> {
      max(
        0, outputs.lowerBound * window.stride - before)..<min(
          extent, (outputs.upperBound - 1) * window.stride - before + size)
    }
    let inputRows = under(rows, window.height, before: window.top, extent: before.height)
    let inputColumns = under(columns, window.width, before: window.left, extent: before.width)
    let winners =
      found.reduction == .average
      ? []
      : rows.flatMap { row in
        columns.map { winner(of: window, before, row, $0) }
      }
    let figure = PoolingFigure(
      title: found.reduction == .maximum
        ? "Max pooling keeps the largest of each window"
        : "Average pooling keeps the mean of each window",
      subtitle: "Layer \(found.layer), \(layerText(found.layer)), channel \(channel) of "
        + image.fileName,
      before: HeatMap(before), after: HeatMap(after),
      inputPart: Rectangle(inputRows, inputColumns), outputPart: Rectangle(rows, columns),
      inputs: before.part(inputRows, inputColumns), outputs: after.part(rows, columns),
      winners: winners.map {
        .init(row: $0.row - inputRows.lowerBound, column: $0.column - inputColumns.lowerBound)
      },
      windows: window.stride < max(window.height, window.width)
        ? []
        : rows.flatMap { row in
          columns.map { column in
            Rectangle(
              x: Double(column * window.stride - window.left - inputColumns.lowerBound),
              y: Double(row * window.stride - window.top - inputRows.lowerBound),
              width: Double(window.width), height: Double(window.height))
          }
        }, theme: theme)
    return (
      figure,
      before.rows("before", inputRows, inputColumns)
        + after.rows("after", rows, columns).dropFirst()
    )
  }

  /// The place of the largest value under a window, the first of equal ones.
  private func winner(
    of window: Window, _ map: AttributionMap, _ row: Int, _ column: Int
  ) -> (row: Int, column: Int) {
    var best: (row: Int, column: Int, value: Float) = (0, 0, -.infinity)
    for y in 0..<window.height {
      for x in 0..<window.width {
        let place = (
          row: row * window.stride - window.top + y,
          column: column * window.stride - window.left + x
        )
        guard (0..<map.height).contains(place.row), (0..<map.width).contains(place.column) else {
          continue
        }
        let value = map.values[place.row * map.width + place.column]
        if value > best.value { best = (place.row, place.column, value) }
      }
    }
    return (best.row, best.column)
  }
}

extension AttributionMap {
  /// Some rows and columns.
  fileprivate func part(_ rows: Range<Int>, _ columns: Range<Int>) -> [[Float]] {
    rows.map { row in columns.map { values[row * width + $0] } }
  }

  /// These as a table.
  fileprivate func rows(
    _ name: String, _ rows: Range<Int>, _ columns: Range<Int>
  ) -> [[String]] {
    [["map", "row", "column", "value"]]
      + rows.flatMap { row in
        columns.map { [name, "\(row)", "\($0)", Double(values[row * width + $0]).text] }
      }
  }
}

extension Rectangle {
  /// Pixels in rows and columns.
  fileprivate init(_ rows: Range<Int>, _ columns: Range<Int>) {
    self.init(
      x: Double(columns.lowerBound), y: Double(rows.lowerBound), width: Double(columns.count),
      height: Double(rows.count))
  }
}

extension [Float] {
  /// The mean of the channels of each pixel.
  fileprivate func pixelMeans(channels: Int) -> [Float] {
    stride(from: 0, to: count, by: channels).map { start in
      self[start..<start + channels].reduce(0, +) / Float(channels)
    }
  }
}
