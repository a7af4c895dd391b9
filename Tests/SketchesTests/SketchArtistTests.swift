import ImageLoading
import Sketches
import Testing

@Suite struct SketchArtistTests {
  let artist = SketchArtist(configuration: SketchConfiguration(seed: 11))

  @Test(arguments: Animal.allCases)
  func `the same seed and number give the same pixels, whatever was drawn before`(animal: Animal) {
    let first = artist.draw(animal, number: 5)
    _ = artist.draw(.cat, number: 6)
    let other = SketchArtist(configuration: SketchConfiguration(seed: 11))
    #expect(other.draw(animal, number: 5) == first)
  }

  @Test(arguments: Animal.allCases)
  func `different numbers give different images`(animal: Animal) {
    let images = Set((1...12).map { artist.draw(animal, number: $0) })
    #expect(images.count == 12)
  }

  @Test func `another seed gives another image`() {
    let other = SketchArtist(configuration: SketchConfiguration(seed: 12))
    #expect(other.draw(.cat, number: 1) != artist.draw(.cat, number: 1))
  }

  @Test func `a cat and a dog of one number differ in more than the animal`() {
    let same = (1...40).filter {
      artist.plan(.cat, number: $0).backdrop == artist.plan(.dog, number: $0).backdrop
    }
    #expect(same.count < 20)
  }

  @Test(arguments: [160...320, 32...32, 90...91])
  func `width and height lie in the range asked for`(range: ClosedRange<Int>) {
    let artist = SketchArtist(configuration: SketchConfiguration(imageSize: range, seed: 3))
    for number in 1...4 {
      let image = artist.draw(.dog, number: number)
      #expect(range.contains(image.width) && range.contains(image.height))
    }
  }

  @Test func `portrait and landscape formats occur`() {
    let plans = (1...40).map { artist.plan(.cat, number: $0) }
    #expect(plans.contains { $0.width > $0.height + 30 })
    #expect(plans.contains { $0.height > $0.width + 30 })
  }

  @Test func `the classes are equally bright and equally colored on average`() {
    func mean(_ animal: Animal) -> [Double] {
      var sums = [0.0, 0, 0]
      for number in 1...100 {
        let image = artist.draw(animal, number: number)
        for channel in 0..<3 {
          var sum = 0
          for index in stride(from: channel, to: image.bytes.count, by: 3) {
            sum += Int(image.bytes[index])
          }
          sums[channel] += Double(sum) / Double(image.width * image.height) / 100
        }
      }
      return sums
    }
    // The mean of one image spreads by about 30 steps, that of a hundred by 3.
    for (cat, dog) in zip(mean(.cat), mean(.dog)) {
      #expect(abs(cat - dog) < 12)
      #expect((60...190).contains(cat))
    }
  }

  @Test func `an image smaller than a thumbnail is a programmer's mistake`() async {
    await #expect(processExitsWith: .failure) {
      _ = SketchConfiguration(imageSize: 8...20, seed: 1)
    }
  }

  @Test(arguments: Animal.allCases)
  func `a mask has the size of its sketch, and the animal takes a good part of it`(
    animal: Animal
  ) {
    let artist = SketchArtist(configuration: SketchConfiguration(seed: 6))
    for number in 1...12 {
      let (image, mask) = (
        artist.draw(animal, number: number), artist.mask(animal, number: number)
      )
      #expect(mask.width == image.width && mask.height == image.height)
      #expect(Set(mask.bytes).isSubset(of: [0, 255]))
      let share = Double(mask.bytes.count { $0 == 255 }) / Double(mask.bytes.count)
      #expect((0.08...0.85).contains(share), "\(animal) \(number): \(share)")
    }
  }
}
