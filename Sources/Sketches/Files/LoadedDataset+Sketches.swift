package import ImageLoading
package import Tensors

extension LoadedDataset {
  /// A set of sketches without files: the same images, content hashes and names as in the folder
  /// that `SketchWriter` writes, so that training gives the same numbers.
  ///
  /// - Parameters:
  ///   - count: Cats and dogs alternate, as in the files.
  ///   - workers: The workers that draw; results do not depend on their number.
  ///   - isWanted: Asked before each sketch; may say no at any time.
  /// - Throws: `DatasetError.strict` if it was no longer wanted.
  /// - Precondition: There is a cat and a dog.
  package init(
    sketches count: Int, by artist: SketchArtist, geometry: ImageGeometry, workers: Workers,
    isWanted: @Sendable () -> Bool = { true }
  ) throws(DatasetError) {
    precondition(count >= Animal.allCases.count, "\(count) sketches")
    // Class by class, as a folder is listed.
    let files = (0..<count).map { SketchFile(index: $0, seed: artist.configuration.seed) }
    let ordered = Animal.allCases.flatMap { animal in files.filter { $0.animal == animal } }
    let listing = DatasetListing(
      root: "sketches", layout: .classFolders, classNames: Animal.allCases.map(\.rawValue),
      files: ordered.map { file in
        ImageFile(
          path: file.path, classIndex: Animal.allCases.firstIndex(of: file.animal) ?? 0,
          folder: "\(file.animal.rawValue)/")
      })
    try self.init(listing, geometry: geometry, workers: workers) { index in
      guard isWanted() else { return [] }
      let file = ordered[index]
      return file.format.encode(artist.draw(file.animal, number: file.number))
    }
  }
}
