import Foundation
import ImageLoading
import Tensors

// Measures how fast pictures become numbers, on one thread. Two modes:
//   decode SIZE FILE…  for each line on standard input decodes all files, from memory, to
//                      SIZE × SIZE RGB and answers with the seconds it took; so a driver can
//                      take turns between this and others;
//   batches SIZE       prints images per second of warm batches for each augmentation.

let arguments = CommandLine.arguments
guard arguments.count >= 3, let size = Int(arguments[2]), (8...1024).contains(size) else {
  print("usage: loading-benchmark decode SIZE FILE… | batches SIZE")
  exit(64)
}

/// Seconds that some work takes.
func seconds(_ work: () -> Void) -> Double {
  ContinuousClock().measure(work) / .seconds(1)
}

switch arguments[1] {
case "decode":
  let files = arguments.dropFirst(3).compactMap { try? FileBytes.read($0) }
  let geometry = ImageGeometry(imageSize: size, fit: .stretch)
  var checksum = 0
  while readLine() != nil {
    var decoded = 0
    let time = seconds {
      for bytes in files {
        guard let picture = try? ImageDecoder().decode(bytes, atLeast: size) else { continue }
        checksum &+= Int(geometry.apply(to: picture.pixels).bytes[0])
        decoded += 1
      }
    }
    print(time, decoded, checksum)
    fflush(nil)
  }
default:
  let count = 2048
  let picture = size * size * 3
  var generator = SeededGenerator(seed: 1, stream: 1)
  let pixels = (0..<count * picture).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
  let batchSize = 64
  let batch = Arena(pieces: [batchSize * picture]).piece(batchSize * picture)
  let assembler = BatchAssembler(
    imageSize: size,
    normalization: Normalization(
      mean: [0.5, 0.5, 0.5], standardDeviation: [0.25, 0.25, 0.25]),
    workers: Workers(count: 1))
  func epoch(_ number: Int, _ settings: AugmentationSettings) -> Double {
    let order = Array(0..<count).shuffled(using: &generator)
    return seconds {
      for start in stride(from: 0, to: count, by: batchSize) {
        assembler.assemble(
          pixels: pixels, indices: Array(order[start..<start + batchSize]), into: batch,
          augmentation: settings, seed: 1, epoch: number)
      }
    }
  }
  // Taking turns, so that whatever else the machine does meets all alike.
  var times: [Augmentation: [Double]] = [:]
  for number in 0..<8 {
    for augmentation in Augmentation.allCases {
      times[augmentation, default: []].append(epoch(number, augmentation.settings))
    }
  }
  for augmentation in Augmentation.allCases {
    let sorted = times[augmentation, default: []].sorted()
    print(
      augmentation.rawValue, Int(Double(count) / sorted[sorted.count / 2]),
      Int(Double(count) / sorted[0]))
  }
}
