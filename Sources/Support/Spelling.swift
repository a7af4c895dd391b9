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

/// Returns how many letters must be changed, added or removed to turn one word into the other.
///
/// - Source: Levenshtein, 1966, "Binary codes capable of correcting deletions, insertions, and
///   reversals".
private func editDistance(_ first: String, _ second: String) -> Int {
  let target = Array(second)
  var row = Array(0...target.count)
  for (i, letter) in first.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in target.indices {
      let changed = diagonal + (letter == target[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(changed, row[j] + 1, diagonal + 1)
    }
  }
  return row[target.count]
}
