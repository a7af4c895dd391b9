import Foundation
import ImageLoading
import LocalServer
import PhotoPage
import Support
import Tensors
import Testing
import Training

/// What the page for photos is told, with a network that comes with Marbles.
@Suite struct PhotoPageTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path(percentEncoded: false)
  private static let network = "\(root)/models/cats-and-dogs-quick.safetensors"

  let page: PhotoPage

  init() throws {
    page = try PhotoPage(
      Checkpoint(contentsOf: Self.network), name: "quick", workers: Workers(count: 2))
  }

  private func bytes(of path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path)))
  }

  private func sketches() throws -> [String] {
    let folder = "\(Self.root)/data/sketches"
    return try ["cat", "dog"].flatMap { name in
      try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)").sorted()
        .map { "\(folder)/\(name)/\($0)" }
    }
  }

  /// The answer of a route as JSON.
  private func ask(
    _ name: String, _ body: [UInt8], of routes: [Route]? = nil
  ) throws -> (status: Int, object: [String: Any]) {
    let path = "/photo/\(name)"
    let route = try #require((routes ?? page.routes).first { $0.path == path })
    let response = route.answer(Request(route.method, path, body: body))
    guard case .bytes(let text) = response.content else { return (response.status, [:]) }
    let object = try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any]
    return (response.status, try #require(object))
  }

  /// The image of an address.
  private func image(_ address: Any?) throws -> PixelBuffer {
    let text = try #require(address as? String)
    let start = "data:image/png;base64,"
    #expect(text.hasPrefix(start))
    let bytes = try #require(Data(base64Encoded: String(text.dropFirst(start.count))))
    return try ImageDecoder().decode(Array(bytes)).pixels
  }

  @Test func `a photo is answered as predict answers it`() throws {
    let paths = try sketches()
    let classifier = try Classifier(
      Checkpoint(contentsOf: Self.network), workers: Workers(count: 2))
    let expected = try classifier.predictions(for: paths)
    #expect(paths.count == 24)
    for (path, result) in zip(paths, expected) {
      let prediction = try result.get()
      let (status, answer) = try ask("answer", bytes(of: path))
      #expect(status == 200 && answer["answer"] as? String == prediction.answer)
      #expect(answer["verdict"] as? String == prediction.verdict.rawValue)
      let classes = try #require(answer["classes"] as? [[String: Any]])
      let first = try #require(classes.first)
      #expect(first["name"] as? String == prediction.label)
      #expect(
        abs((first["probability"] as? Double ?? 0) - Double(prediction.probability)) < 1e-5)
      #expect((answer["sentence"] as? String)?.contains(prediction.label) == true)
    }
  }

  @Test func `maps are pictures of what the network sees`() throws {
    let photo = try bytes(of: sketches()[3])
    let answer = try ask("answer", photo).object
    let seen = try image(answer["seen"])
    #expect(seen.width == seen.height && seen.width > 16)
    let occlusion = try ask("occlusion", photo).object
    for map in [try #require(answer["map"] as? [String: Any]), occlusion] {
      let drawn = try image(map["picture"])
      #expect(drawn.width == seen.width && drawn.height == seen.height && drawn != seen)
      #expect((map["reading"] as? String)?.hasSuffix(".") == true)
    }
    #expect(occlusion["method"] as? String == "occlusion")
  }

  @Test func `what is no photo is refused in the words of the decoder`() throws {
    let photo = try bytes(of: sketches()[0])
    let png = ImageEncoder.png(PixelBuffer(width: 2, height: 2, bytes: [UInt8](0..<12)), level: 1)
    for bad in [[], Array("a poem".utf8), Array(photo.prefix(300)), Array(png.prefix(40))] {
      var words = ""
      do {
        _ = try ImageDecoder().decode(bad)
      } catch {
        words = error.description
      }
      for name in ["answer", "occlusion"] {
        let (status, problem) = try ask(name, bad)
        #expect(status == 400 && !words.isEmpty)
        #expect(problem["field"] as? String == "photo" && problem["message"] as? String == words)
      }
    }
    #expect(try ask("answer", photo).status == 200)
  }

  @Test func `a photo of any size and proportion is told with its own size`() throws {
    for (width, height) in [(1, 1), (3000, 2), (2, 900), (640, 480)] {
      let pixels = PixelBuffer(
        width: width, height: height,
        bytes: [UInt8](repeating: 90, count: width * height * 3))
      let (status, answer) = try ask("answer", ImageEncoder.png(pixels, level: 1))
      #expect(status == 200)
      #expect(answer["width"] as? Int == width && answer["height"] as? Int == height)
      #expect(answer["format"] as? String == "png")
      let facts = try #require(answer["facts"] as? String)
      #expect(facts.hasPrefix("PNG, \(width)×\(height) pixels · ") && facts.hasSuffix(" ms"))
    }
  }

  @Test func `without a network the page says why`() throws {
    let routes = PhotoPage.routes(withoutNetwork: "there is none")
    let (status, problem) = try ask("network", [], of: routes)
    #expect(status == 400 && problem["message"] as? String == "there is none")
    #expect(try ask("answer", [1], of: routes).status == 400)
    #expect(routes.contains { $0.path == "/photo" })
    let network = try ask("network", []).object
    #expect(network["network"] as? String == "quick")
    #expect((network["words"] as? String)?.hasPrefix("quick knows cat, dog, and sees ") == true)
  }
}
