internal import Foundation
public import Support

/// A convolution as im2col computes it: a patch of an image times a kernel is one number of a
/// feature map, and all patches as rows of a matrix times all kernels are all of them.
public struct ConvolutionFigure: Figure {
  /// Says what is shown.
  public var title: String
  /// Says how to read it.
  public var subtitle: String
  /// The input of the convolution.
  public var image: PixelBuffer
  /// The pixels under the kernel; what lies beyond the image is not drawn.
  public var patch: Rectangle
  /// The feature map of the kernel.
  public var featureMap: HeatMap
  /// The place in it that the patch gives.
  public var row: Int, column: Int
  /// Rows and columns of a kernel, and the names of its channels.
  public var kernelHeight: Int, kernelWidth: Int, channels: [String]
  /// Some rows of the matrix, the first that of the patch.
  ///
  /// Each has the values under the kernel, in the order row, column, channel.
  public var patches: [[Float]]
  /// Some kernels in the same order, the first that of the feature map.
  public var kernels: [[Float]]
  /// What is added to each of these kernels' maps.
  public var biases: [Float]
  /// How many rows and kernels there are in all.
  public var patchCount: Int, kernelCount: Int
  /// The colors.
  public var theme: Theme

  /// Creates a figure.
  ///
  /// - Precondition: There are a patch and a kernel, all of rows × columns × channels values, and a
  ///   bias for each kernel.
  public init(
    title: String, subtitle: String, image: PixelBuffer, patch: Rectangle, featureMap: HeatMap,
    row: Int, column: Int, kernelHeight: Int, kernelWidth: Int, channels: [String],
    patches: [[Float]], kernels: [[Float]], biases: [Float], patchCount: Int, kernelCount: Int,
    theme: Theme = .light
  ) {
    let count = kernelHeight * kernelWidth * channels.count
    precondition(
      !patches.isEmpty && !kernels.isEmpty && biases.count == kernels.count
        && (patches + kernels).allSatisfy { $0.count == count },
      "\(patches.count) patches and \(kernels.count) kernels of \(count) values")
    (self.title, self.subtitle, self.image, self.patch) = (title, subtitle, image, patch)
    (self.featureMap, self.row, self.column) = (featureMap, row, column)
    (self.kernelHeight, self.kernelWidth) = (kernelHeight, kernelWidth)
    (self.channels, self.patches, self.kernels) = (channels, patches, kernels)
    (self.biases, self.patchCount, self.kernelCount) = (biases, patchCount, kernelCount)
    self.theme = theme
  }

  public var size: Size { Size(1040, matrixTop + matrixHeight + 34) }

  /// The outputs of some patches and kernels.
  private var outputs: [[Float]] {
    patches.map { patch in
      zip(kernels, biases).map { kernel, bias in
        zip(patch, kernel).reduce(bias) { $0 + $1.0 * $1.1 }
      }
    }
  }

  public func draw(on canvas: any Canvas) {
    canvas.drawBackground(theme.palette)
    canvas.drawWords(title: title, subtitle: subtitle, theme.palette)
    drawStep(on: canvas)
    drawMatrices(on: canvas)
  }

  // MARK: One step

  private var ink: Color { theme.palette.series[theme.palette.isGray ? 0 : 1] }

  private func drawStep(on canvas: any Canvas) {
    let left = Rectangle(x: margin, y: bandTop, width: pictureSide, height: pictureSide)
    let right = Rectangle(
      x: canvas.width - margin - pictureSide, y: bandTop, width: pictureSide, height: pictureSide)
    head("input", at: left, on: canvas)
    canvas.draw(image.magnified(magnification(image.width)), in: left)
    let pixel = pictureSide / Double(image.width)
    canvas.clip(to: .rectangle(left)) {
      mark(
        Rectangle(
          x: left.x + patch.x * pixel, y: left.y + patch.y * pixel, width: patch.width * pixel,
          height: patch.height * pixel), on: canvas)
    }
    head("feature map", at: right, on: canvas)
    canvas.draw(
      featureMap.bitmap(theme).magnified(magnification(featureMap.width)), in: right)
    let cell = pictureSide / Double(featureMap.width)
    mark(
      Rectangle(
        x: right.x + Double(column) * cell, y: right.y + Double(row) * cell, width: cell,
        height: cell), on: canvas)
    drawProduct(from: left.right, to: right.x, on: canvas)
  }

  /// The patch, the kernel and their sum, between the pictures.
  private func drawProduct(from left: Double, to right: Double, on canvas: any Canvas) {
    let palette = theme.palette
    let symbol = TextStyle(size: 20, bold: true, alignment: .center)
    let gridWidth = Double(kernelWidth) * cellWidth
    let sumWidth = 118.0
    let gap = max(10, (right - left - 2 * gridWidth - sumWidth) / 4)
    let middle = bandTop + pictureSide / 2
    let first = Point(left + gap, bandTop)
    drawChannels(of: patches[0], "patch", at: first, on: canvas)
    canvas.write(
      "×", at: Point(first.x + gridWidth + gap / 2, middle), with: palette.text, symbol)
    let second = Point(first.x + gridWidth + gap, bandTop)
    drawChannels(of: kernels[0], "kernel", at: second, on: canvas)
    canvas.write(
      "=", at: Point(second.x + gridWidth + gap / 2, middle), with: palette.text, symbol)
    let sum = outputs[0][0] - biases[0]
    let x = second.x + gridWidth + gap
    for (line, words) in [
      "sum of products", Double(sum).decimal(3), "+ bias \(Double(biases[0]).decimal(3))",
      "= \(Double(outputs[0][0]).decimal(3))",
    ].enumerated() {
      canvas.write(
        canvas.shortened(words, line.isMultiple(of: 2) ? .note : .label, to: sumWidth),
        at: Point(x, middle - 30 + 20 * Double(line)),
        with: line.isMultiple(of: 2) ? palette.secondaryText : palette.text,
        line.isMultiple(of: 2) ? .note : .label)
    }
  }

  /// The values of each channel below each other.
  private func drawChannels(
    of values: [Float], _ name: String, at origin: Point, on canvas: any Canvas
  ) {
    let height = (pictureSide - Double(channels.count) * 18) / Double(channels.count * kernelHeight)
    head(
      name,
      at: Rectangle(x: origin.x, y: origin.y, width: Double(kernelWidth) * cellWidth, height: 0),
      on: canvas)
    for (index, channel) in channels.enumerated() {
      let grid = NumberGrid(
        values: (0..<kernelHeight).map { row in
          (0..<kernelWidth).map { values[(row * kernelWidth + $0) * channels.count + index] }
        }, fullScale: NumberGrid.scale(of: values), cellWidth: cellWidth,
        cellHeight: min(24, height))
      let top = origin.y + Double(index) * pictureSide / Double(channels.count)
      canvas.write(
        channel, at: Point(origin.x, top + 12), with: theme.palette.secondaryText,
        TextStyle(size: 12))
      grid.draw(at: Point(origin.x, top + 17), theme.palette, on: canvas)
    }
  }

  // MARK: All steps

  private func drawMatrices(on canvas: any Canvas) {
    let palette = theme.palette
    let symbol = TextStyle(size: 20, bold: true, alignment: .center)
    let shown = shownPlaces
    let matrix = NumberGrid(
      values: patches.map { patch in shown.map { $0.map { patch[$0] } } },
      fullScale: NumberGrid.scale(of: patches.joined()))
    let kernelMatrix = NumberGrid(
      values: shown.map { place in kernels.map { kernel in place.map { kernel[$0] } } },
      fullScale: NumberGrid.scale(of: kernels.joined()))
    let output = NumberGrid(
      values: outputs.map { $0.map { $0 } }, fullScale: NumberGrid.scale(of: outputs.joined()))
    let total = matrix.width + kernelMatrix.width + output.width
    let gap = (canvas.width - 2 * margin - total) / 2
    let y = matrixTop
    var x = margin
    for (index, (grid, words, after)) in [
      (matrix, "patches as rows: \(patchCount.grouped) × \(patches[0].count)", "×"),
      (kernelMatrix, "kernels as columns: \(patches[0].count) × \(kernelCount)", "="),
      (output, "feature maps: \(patchCount.grouped) × \(kernelCount)", ""),
    ].enumerated() {
      canvas.write(
        canvas.shortened(words, .label, to: grid.width + gap - 6), at: Point(x, y - 10),
        with: palette.text, .label)
      grid.draw(at: Point(x, y), palette, on: canvas)
      let marked: Rectangle =
        switch index {
        case 0: grid.box(rows: 0..<1, columns: 0..<grid.columns, at: Point(x, y))
        case 1: grid.box(rows: 0..<grid.values.count, columns: 0..<1, at: Point(x, y))
        default: grid.box(rows: 0..<1, columns: 0..<1, at: Point(x, y))
        }
      mark(marked, on: canvas)
      let isPart = index == 1 ? kernels.count < kernelCount : patches.count < patchCount
      if isPart {
        canvas.write(
          index == 1
            ? "\(kernels.count) of \(kernelCount) shown" : "\(patches.count) of them shown",
          at: Point(x, y + grid.height + 18), with: palette.secondaryText, .note)
      }
      canvas.write(
        after, at: Point(x + grid.width + gap / 2, y + 20), with: palette.text, symbol)
      x += grid.width + gap
    }
  }

  /// The places of a patch that are shown: all of a few, or the first and the last, with nil
  /// between them for those left out.
  private var shownPlaces: [Int?] {
    let places = Array(patches[0].indices)
    guard places.count > 12 else { return places }
    return places.prefix(9).map { $0 } + [nil] + places.suffix(2).map { $0 }
  }

  // MARK: Layout

  private var margin: Double { AxesFigureLayout.margin }
  private let bandTop = 112.0, pictureSide = 216.0
  /// Of the cells of a patch; those of a large one show colors alone.
  private var cellWidth: Double { min(40, 150 / Double(kernelWidth)) }
  private var matrixTop: Double { bandTop + pictureSide + 62 }
  private var matrixHeight: Double {
    22 * Double(max(patches.count, shownPlaces.count)) + 20
  }

  private func head(_ words: String, at box: Rectangle, on canvas: any Canvas) {
    canvas.write(words, at: Point(box.x, box.y - 10), with: theme.palette.text, .label)
  }

  /// Outlines a place so that it shows on light and on dark, with a ring around a small one.
  private func mark(_ box: Rectangle, on canvas: any Canvas) {
    if box.width < 16 {
      let ring = Path.circle(
        center: Point(box.x + box.width / 2, box.y + box.height / 2), radius: 15)
      canvas.stroke(ring, with: theme.palette.background, Stroke(width: 4.5))
      canvas.stroke(ring, with: ink, Stroke(width: 2))
    }
    canvas.stroke(.rectangle(box), with: theme.palette.background, Stroke(width: 5))
    canvas.stroke(.rectangle(box), with: ink, Stroke(width: 2.5))
  }

  private func magnification(_ pixels: Int) -> Int { max(1, Int(2 * pictureSide) / pixels) }
}
