package import Support
internal import Tensors

extension FirstConvolution {
  /// A kernel in color, or in gray if it is for no image: on its own scale, gray is zero.
  package func picture(ofKernel index: Int) -> PixelBuffer {
    let kernel = kernels[index], channels = window.input.channels
    let scale = kernel.reduce(Float(1e-30)) { max($0, abs($1)) }
    let bytes = (0..<window.height * window.width * 3).map { index -> UInt8 in
      let pixel = kernel[index / 3 * channels..<(index / 3 + 1) * channels]
      let value =
        channels == 3
        ? pixel[pixel.startIndex + index % 3] : pixel.reduce(0, +) / Float(channels)
      return UInt8((127.5 + 127.5 * value / scale).rounded())
    }
    return PixelBuffer(width: window.width, height: window.height, bytes: bytes)
  }
}
