import Foundation
import ImageLoading
import Testing

/// Every file of the shared corpora against the manifests' record of Pillow 13.
@Suite(.enabled(if: SharedCorpus.isPresent, SharedCorpus.absence))
struct CorpusTests {
  /// What became of the files of a corpus.
  private struct Tally {
    var equal = 0
    var different: [String] = []
    var refused: [String] = []
  }

  private func tally(
    _ corpus: SharedCorpus, where isIncluded: (SharedCorpus.Entry) -> Bool = { _ in true }
  ) throws -> Tally {
    var tally = Tally()
    for entry in try corpus.entries() where isIncluded(entry) {
      let truth = entry["truth_rgb8_round_sha256"] ?? entry["transposed_rgb8_sha256"]
      guard let truth else { continue }
      do {
        let image = try ImageDecoder().decode(entry.bytes())
        // The manifests drop transparency; the fixtures check what is over white.
        let isTransparent = image.remarks.contains { $0.description.contains("transparency") }
        if truth == ContentHash.sha256(image.pixels.bytes) {
          tally.equal += 1
        } else if !isTransparent {
          tally.different.append(entry.file.lastPathComponent)
        }
      } catch {
        tally.refused.append(entry.file.lastPathComponent)
      }
    }
    return tally
  }

  @Test func `PngSuite is read as its ground truth says`() throws {
    let tally = try tally(SharedCorpus(name: "pngsuite"))
    #expect(tally.equal >= 95)
    #expect(tally.different.isEmpty)
    #expect(tally.refused == ["xcsn0g01.png"], "its checksum is wrong, which Pillow ignores")
  }

  @Test func `PNGs of many programs have Pillow's pixels`() throws {
    // Pillow clips or truncates 16-bit samples.
    let tally = try tally(SharedCorpus(name: "png-variants")) {
      $0["exercises"]?.contains("16-bit") != true
    }
    #expect(tally.equal >= 360)
    #expect(tally.different.isEmpty)
    #expect(tally.refused == ["image-png--x_interlaced_chck.png"], "a wrong checksum")
  }

  @Test func `JPEGs of many programs have Pillow's pixels`() throws {
    let tally = try tally(SharedCorpus(name: "jpeg-variants"))
    #expect(tally.equal >= 190)
    // Libraries of different age smooth the blocks of incomplete progressive files differently.
    #expect(tally.different.allSatisfy { $0.hasPrefix("wuffs--peacock.progressive.scan") })
    #expect(tally.refused.count <= 5, "\(tally.refused)")
  }

  @Test func `cameras' orientations are understood`() throws {
    let tally = try tally(SharedCorpus(name: "exif"))
    #expect(tally.equal >= 70)
    // Pillow also looks into ImageMagick's text chunks.
    #expect(tally.different.allSatisfy { $0.contains("imagemagick") })
    #expect(tally.refused == ["Pillow--hopper_bad_exif.jpg"], "its data is damaged")
  }

  @Test(arguments: ["corrupt-jpeg", "corrupt-png", "bombs"].map(SharedCorpus.init))
  func `no file takes a second or brings the process down`(corpus: SharedCorpus) throws {
    let clock = ContinuousClock()
    for entry in try corpus.entries() {
      let bytes = try entry.bytes()
      let time = clock.measure { _ = try? ImageDecoder().decode(bytes) }
      #expect(time < .seconds(1), "\(entry.file.lastPathComponent)")
    }
  }
}
