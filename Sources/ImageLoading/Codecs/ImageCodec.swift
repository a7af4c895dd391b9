internal import CImageCodecs
internal import Support

/// Wraps the C functions of one format; turns their status and message into errors.
struct ImageCodec {
  let format: ImageFormat

  /// Reads the header; refuses images above the pixel limit before memory is allocated.
  func information(_ bytes: [UInt8]) throws(ImageDecodingError) -> mrb_image_info {
    var info = mrb_image_info()
    let (status, message) = unsafe call { message in
      unsafe bytes.withUnsafeBufferPointer { input in
        unsafe format == .png
          ? mrb_png_read_info(input.baseAddress, input.count, &info, message)
          : mrb_jpeg_read_info(input.baseAddress, input.count, &info, message)
      }
    }
    try check(status, message, info, mrb_decode_report())
    return info
  }

  /// Decodes at 1/`denominator` of the size in `info`; PNG supports only 1.
  func pixels(
    _ bytes: [UInt8], _ info: mrb_image_info, denominator: Int
  ) throws(ImageDecodingError) -> (PixelBuffer, mrb_decode_report) {
    func scaled(_ size: UInt32) -> Int { (Int(size) + denominator - 1) / denominator }
    var report = mrb_decode_report()
    var outcome = (status: MRB_OK, message: "")
    // Left uninitialized, so that the pages of a truncated image are never touched.
    let capacity = scaled(info.width) * scaled(info.height) * 3
    let pixels = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
      unsafe outcome = call { message in
        unsafe bytes.withUnsafeBufferPointer { input in
          unsafe format == .png
            ? mrb_png_decode(
              input.baseAddress, input.count, output.baseAddress, capacity, &report, message)
            : mrb_jpeg_decode(
              input.baseAddress, input.count, UInt32(denominator), output.baseAddress, capacity,
              &report, message)
        }
      }
      count = outcome.status == MRB_OK ? capacity : 0
    }
    try check(outcome.status, outcome.message, info, report)
    let image = PixelBuffer(width: Int(report.width), height: Int(report.height), bytes: pixels)
    return (image, report)
  }

  private func call(
    _ body: (UnsafeMutablePointer<CChar>?) -> mrb_status
  ) -> (status: mrb_status, message: String) {
    var message = [CChar](repeating: 0, count: Int(MRB_MESSAGE_CAPACITY))
    let status = unsafe message.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress) }
    let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return (status, String(decoding: text, as: UTF8.self))
  }

  private func check(
    _ status: mrb_status, _ message: String, _ info: mrb_image_info, _ report: mrb_decode_report
  ) throws(ImageDecodingError) {
    switch status {
    case MRB_OK: return
    case MRB_UNSUPPORTED: throw .unsupported(feature: message)
    case MRB_TOO_LARGE: throw .tooLarge(width: Int(info.width), height: Int(info.height))
    case MRB_TRUNCATED where info.height > 0:
      throw .truncated(rows: Int(report.rows), of: Int(info.height))
    default: throw .corrupt(reason: message)
    }
  }
}
