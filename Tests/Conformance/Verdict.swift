import ImageLoading
import Support

/// What became of one file, measured against its manifest.
enum Verdict {
  /// The very pixels of the reference.
  case equal
  /// At most one level away from it in the mean.
  case close
  /// Damaged; an image came out together with a remark that says so.
  case remarked
  /// No image, as it should be.
  case refused
  /// Not as the reference has it, and why.
  case wrong(String)

  /// Judges a file by what the decoder makes of it.
  init(_ entry: Corpus.Entry, _ expectations: Expectations) throws {
    let bytes = try entry.bytes()
    do throws(ImageDecodingError) {
      self.init(try ImageDecoder().decode(bytes), entry, expectations)
    } catch {
      let mustDecode = entry.expected.hasPrefix("accept") && entry.isDecodedByPillow
      self = mustDecode ? .wrong("refused: \(error)") : .refused
    }
  }

  private init(_ image: DecodedImage, _ entry: Corpus.Entry, _ expectations: Expectations) {
    let isRemarked = image.remarks.contains {
      switch $0 {
      case .truncated, .damagedData, .extraBytes, .missingEndMarker: true
      case .orientationApplied, .converted, .firstFrame: false
      }
    }
    guard entry.isDecodedByPillow else {
      // A file may be read although Pillow gives up, but not as if nothing were the matter.
      let isFine = isRemarked || entry.expected.hasPrefix("accept")
      self = isFine ? .remarked : .wrong("decoded without a remark, Pillow refuses it")
      return
    }
    if expectations.sha256(entry) == ContentHash.sha256(image.pixels.bytes) {
      self = .equal
    } else if let difference = expectations.pixels(entry).map({ $0.meanDifference(image.pixels) }) {
      let text = String(Int((difference * 100).rounded()))
      self =
        difference <= 1
        ? .close
        : isRemarked ? .remarked : .wrong("mean difference of \(text)/100 levels from Pillow's")
    } else {
      self = isRemarked ? .remarked : .wrong("other pixels than the reference")
    }
  }
}

extension PixelBuffer {
  /// Mean of the absolute differences of all samples, levels; 256 for images of other sizes.
  fileprivate func meanDifference(_ other: PixelBuffer) -> Double {
    guard width == other.width, height == other.height else { return 256 }
    var sum = 0
    for (a, b) in zip(bytes, other.bytes) { sum += abs(Int(a) - Int(b)) }
    return Double(sum) / Double(bytes.count)
  }
}
