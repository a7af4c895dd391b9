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

  init(names: [String], images: [Image]) {
    self.names = names
    self.images = images
  }

  /// Reads the table of a comparison.
  ///
  /// - Throws: `Failure` if there is none, or if it is of another comparison.
  init(contentsOf path: String, of summary: NetworkComparisonReport.Summary) throws {
    let table = try ReadTable(contentsOf: path)
    names = summary.networks.map(\.name)
    let places = table.columns.count == names.count + 2 ? 2..<table.columns.count : 0..<0
    images = table.rows.map { row in
      Image(path: row[0], label: row.count > 1 ? row[1] : "", hits: places.map { row[$0] == "1" })
    }
    let right = names.indices.map { place in
      places.isEmpty ? -1 : images.count { $0.hits[place] }
    }
    guard Array(table.columns.dropFirst(2)) == names, images.count == summary.images,
      right == summary.networks.map(\.right)
    else {
      throw Failure(
        .data, "\(path): is not of the comparison.json beside it; the same command writes it again")
    }
  }
}
