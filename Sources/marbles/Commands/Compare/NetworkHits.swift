import Support

/// For each image, which networks are right: `hits.csv`.
struct NetworkHits {
  struct Image {
    var path: String, label: String
    /// For each network, whether it is right.
    var hits: [Bool]
  }

  /// The networks, the best first.
  let names: [String]
  let images: [Image]

  /// The rows of the table, the names of the columns first: 1 where a network is right.
  var table: [[String]] {
    [["path", "label"] + names]
      + images.map { image in [image.path, image.label] + image.hits.map { $0 ? "1" : "0" } }
  }
}

extension NetworkHits {
  /// Reads the table of a comparison.
  ///
  /// - Throws: `Failure` if there is none, or if it is of another comparison.
  init(contentsOf path: String, of summary: NetworkComparisonReport.Summary) throws {
    let table = try ReadTable(contentsOf: path)
    names = summary.networks.map(\.name)
    let hasSameColumns = table.columns == ["path", "label"] + names
    images = (hasSameColumns ? table.rows : []).map { row in
      Image(path: row[0], label: row[1], hits: row.dropFirst(2).map { $0 == "1" })
    }
    let right = names.indices.map { place in images.count { $0.hits[place] } }
    guard hasSameColumns, images.count == summary.images,
      right == summary.networks.map(\.right)
    else {
      throw Failure(
        .data, "\(path): is not of the comparison.json beside it; the same command writes it again")
    }
  }
}
