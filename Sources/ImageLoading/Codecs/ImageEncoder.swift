internal import CImageCodecs
public import Support

/// Encodes images into memory, for practice sets, reports and tests.
public enum ImageEncoder {
  /// Encodes a 4:2:0 JPEG of `quality` 1…100.
  ///
  /// - Precondition: no side is longer than 65,500 pixels, which is JPEG's limit.
  public static func jpeg(_ image: PixelBuffer, quality: Int) -> [UInt8] {
    precondition((1...100).contains(quality), "quality \(quality) is not in 1...100")
    // The bound TurboJPEG documents for images with subsampled chroma, on whole blocks.
    let capacity = (image.width + 16) * (image.height + 16) * 6 + 2_048
    return unsafe encode(image, capacity) { pixels, output, written, message in
      unsafe mrb_jpeg_encode(
        pixels, UInt32(image.width), UInt32(image.height), Int32(quality), output, capacity,
        written, message)
    }
  }

  /// Encodes an 8-bit RGB PNG, compressed at zlib's `level` 0…9.
  public static func png(_ image: PixelBuffer, level: Int) -> [UInt8] {
    precondition((0...9).contains(level), "level \(level) is not in 0...9")
    // Stored blocks and chunk headers add less than a percent to rows and their filter bytes.
    let raw = image.height * (image.width * 3 + 1)
    let capacity = raw + raw / 64 + 4_096
    return unsafe encode(image, capacity) { pixels, output, written, message in
      unsafe mrb_png_encode(
        pixels, UInt32(image.width), UInt32(image.height), Int32(level), output, capacity,
        written, message)
    }
  }

  private static func encode(
    _ image: PixelBuffer, _ capacity: Int,
    _ body: (
      UnsafePointer<UInt8>?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>,
      UnsafeMutablePointer<CChar>?
    ) -> mrb_status
  ) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
      var message = [CChar](repeating: 0, count: Int(MRB_MESSAGE_CAPACITY))
      var written = 0
      let status = unsafe image.bytes.withUnsafeBufferPointer { pixels in
        unsafe message.withUnsafeMutableBufferPointer { text in
          unsafe body(pixels.baseAddress, output.baseAddress, &written, text.baseAddress)
        }
      }
      precondition(status == MRB_OK, "a \(image.width)×\(image.height) image cannot be encoded")
      count = written
    }
  }
}
