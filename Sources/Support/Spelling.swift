/// Returns the known word that a mistyped one probably meant, or nil if none is close.
///
/// Case is ignored; at most a third of the letters may differ.
package func closest(to word: String, in known: [String]) -> String? {
  let limit = (word.count + 1) / 3
  // No known word is within the limit of one that is twice as long.
  guard word.count <= 2 * (known.map(\.count).max() ?? 0) + 2 else { return nil }
  let best = known.map { (word: $0, distance: editDistance(word.lowercased(), $0.lowercased())) }
    .min { $0.distance < $1.distance }
  guard let best, best.distance <= limit else { return nil }
  return best.word
}

/// Returns how many letters must be changed, added, removed or swapped with the next to turn one
/// word into the other.
///
/// - Source: Damerau, 1964, "A technique for computer detection and correction of spelling errors".
private func editDistance(_ first: String, _ second: String) -> Int {
  let (source, target) = (Array(first), Array(second))
  var before: [Int] = []
  var row = Array(0...target.count)
  for i in source.indices {
    var next = [i + 1]
    for j in target.indices {
      let changed = row[j] + (source[i] == target[j] ? 0 : 1)
      var distance = min(changed, next[j] + 1, row[j + 1] + 1)
      if i > 0, j > 0, source[i] == target[j - 1], source[i - 1] == target[j] {
        distance = min(distance, before[j - 1] + 1)
      }
      next.append(distance)
    }
    (before, row) = (row, next)
  }
  return row[target.count]
}
