// Dividing images for cross-validation.
extension LoadedDataset {
  /// Divides the images into folds of about the same size and the same classes.
  ///
  /// Copies and near copies of an image are in one fold.
  ///
  /// - Parameters:
  ///   - count: Folds, at least 2.
  ///   - seed: Determines which images are together.
  /// - Returns: For each image, its fold, 0..<count.
  package func folds(_ count: Int, seed: UInt64) -> [Int] {
    precondition(count >= 2, "\(count) folds")
    let groups = CopyGroups(images).keys(images)
    var folds: [String: Int] = [:]
    for classIndex in classNames.indices {
      let own = images.indices.filter { images[$0].classIndex == classIndex }
      var sizes = [Int](repeating: 0, count: count)
      let members = Dictionary(grouping: own) { groups[$0] }
      for key in Split.order(of: members.keys, seed: seed) {
        // A copy in an earlier class may have decided the fold already.
        let fold = folds[key] ?? sizes.indices.min { sizes[$0] < sizes[$1] } ?? 0
        folds[key] = fold
        sizes[fold] += members[key]?.count ?? 0
      }
    }
    return groups.map { folds[$0] ?? 0 }
  }
}
