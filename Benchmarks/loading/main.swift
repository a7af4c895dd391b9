import Foundation
import ImageLoading
import Support

// Measures decoding on one thread: for each line on standard input decodes all files, from memory,
// to SIZE × SIZE RGB and answers with the seconds it took; so a driver can take turns between this
// and others.

let arguments = CommandLine.arguments
guard arguments.count >= 2, let size = Int(arguments[1]), (8...1024).contains(size) else {
  print("usage: loading-benchmark SIZE FILE…")
  exit(64)
}

let files = arguments.dropFirst(2).compactMap { try? FileBytes.read($0) }
let geometry = ImageGeometry(imageSize: size, fit: .stretch)
var checksum = 0
while readLine() != nil {
  var decoded = 0
  let time = ContinuousClock().measure {
    for bytes in files {
      guard let image = try? ImageDecoder().decode(bytes, atLeast: size) else { continue }
      checksum &+= Int(geometry.apply(to: image.pixels).bytes[0])
      decoded += 1
    }
  }
  print(time / .seconds(1), decoded, checksum)
  fflush(nil)
}
