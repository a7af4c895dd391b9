import ArgumentParser
import ConvNet
import Support
import Tensors
import Training

/// How much memory a run will take, and how much of it the passes of training may.
struct RunMemory {
  /// The most bytes that this process will take, by about 5%.
  let peak: Int
  /// Bytes that passes of training may take; nil for any number.
  let passes: Int?

  /// What the program takes besides while it trains: figures and their fonts, the threads, batches
  /// that are read in advance; bytes.
  private static let besides = 24 << 20

  /// Finds the memory of a run.
  ///
  /// - Parameters:
  ///   - limit: Bytes that this process may take; nil for any number.
  ///   - images: Bytes of images that are not loaded yet.
  /// - Throws: `Failure` for wrong usage if the limit cannot be kept.
  init(
    _ configuration: TrainingConfiguration, limit: Int?, classCount: Int, trainingCount: Int,
    images: Int = 0, workers: Workers
  ) throws {
    func need(_ limit: Int?) throws -> MemoryNeed {
      var limited = workers
      limited.memoryLimit = limit
      return try configuration.memoryNeed(
        classCount: classCount, trainingCount: trainingCount, workers: limited)
    }
    func peak(_ need: MemoryNeed) -> Int {
      (MemoryLimit.resident ?? 0) + images + Self.besides + need.total
    }
    let free = try need(nil)
    guard let limit else {
      (self.peak, passes) = (peak(free), nil)
      return
    }
    let room = max(0, limit - peak(free) + free.total - free.vectors)
    let limited = try need(room)
    self.peak = peak(limited)
    passes = room
    guard self.peak <= limit else {
      throw Failure(
        limit, least: self.peak, configuration.batchSize,
        or: " or --image-size (\(configuration.imageSize))")
    }
  }

  /// Workers that keep to it.
  func limiting(_ workers: Workers) -> Workers {
    var limited = workers
    limited.memoryLimit = passes
    return limited
  }

  /// "about 231.4 MB".
  var text: String { "about \(peak.byteText)" }
}

extension Failure {
  /// The failure to keep to `--memory-limit`.
  ///
  /// - Parameters:
  ///   - least: Bytes that are possible; a little more is named, since the process may be a little
  ///     larger next time.
  ///   - other: What else can be lowered.
  init(_ limit: Int, least: Int, _ batchSize: Int, or other: String = "") {
    let megabytes = Int((Double(least) * 1.01 / 1e6).rounded(.up))
    self.init(
      .usage,
      "--memory-limit is \(limit.byteText), but training takes at least \(megabytes.grouped) MB; "
        + "allow as much, lower --batch-size (\(batchSize))\(other), or use a smaller network")
  }
}

/// Reads a size of memory such as `500MB` or `1.5GiB`.
///
/// - Throws: `ValidationError` for anything else, and for less than a megabyte.
func memorySize(_ text: String) throws -> Int {
  let units = ["kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12].merging(
    ["KiB": 0x1p10, "MiB": 0x1p20, "GiB": 0x1p30, "TiB": 0x1p40]) { first, _ in first }
  guard let parts = text.wholeMatch(of: /([0-9]+(?:\.[0-9]+)?) ?([kKMGT]i?B)/),
    let number = Double(parts.1), let unit = units[String(parts.2)],
    (1e6...1e15).contains(number * unit)
  else {
    throw ValidationError(
      "expected a size of at least a megabyte, such as 500MB, 1.5GB or 512MiB")
  }
  return Int(number * unit)
}
