import ConvNet
import Foundation
import ImageLoading
import Tensors
import TestSupport
import Testing
import Training

@Suite struct LossSurfaceTests {
  /// What NumPy and PyTorch make of the same numbers: see Tools/reference/loss_planes.py.
  private struct Reference: Decodable {
    struct Principal: Decodable {
      var explained: [Double], places: [[Double]], distances: [Double]
    }
    var principal: Principal, normalized: [Double]
  }

  private func reference() throws -> Reference {
    try fixture(Reference.self, "loss-planes.json", in: .module)
  }

  // MARK: Planes

  private func values(_ scalars: [Float]) -> NetworkValues {
    var parameters = ParameterVector(
      ParameterLayout([ParameterSlot(name: "0.weight", shape: [1, scalars.count])]))
    parameters.scalars = scalars
    return NetworkValues(parameters: parameters, statistics: ParameterVector(ParameterLayout([])))
  }

  @Test func `principal directions are those of NumPy`() throws {
    var path: [[Float]] = []
    for index in 0..<7 {
      let step = hashedNumbers(stream: index, count: 40).map { $0 / Float(index + 1) }
      path.append(zip(path.last ?? [Float](repeating: 0, count: 40), step).map { $0 + $1 })
    }
    let expected = try reference().principal
    let found = try #require(LossPlane.principal(of: [path.map(values)]))
    for (own, other) in zip(found.explained, expected.explained) {
      #expect(abs(own - other) < 1e-6)
    }
    for (index, scalars) in path.enumerated() {
      let place = found.plane.place(of: values(scalars))
      #expect(abs(place.x - expected.places[index][0]) < 1e-5)
      #expect(abs(place.y - expected.places[index][1]) < 1e-5)
      #expect(abs(place.distance - expected.distances[index]) < 1e-4)
    }
    #expect(abs(found.plane.cosine) < 1e-6)
  }

  @Test func `filters of random directions have the lengths of the network's, as in PyTorch`()
    throws
  {
    let count = 4 * 27
    let own = LossPlane.normalized(
      hashedNumbers(stream: 101, count: count), like: hashedNumbers(stream: 100, count: count),
      filters: 4)
    for (own, other) in zip(own, try reference().normalized) {
      #expect(abs(Double(own) - other) < 1e-6)
    }
  }

  @Test func `random planes leave biases, normalizations and statistics as they are`() throws {
    let rehearsal = try Rehearsal()
    try rehearsal.train()
    let network = try rehearsal.state().checkpoint
    let plane = LossPlane.random(around: NetworkValues(network), seed: 3)
    var moved = plane.origin
    plane.move(&moved, toX: 0.5, y: -0.25)
    #expect(moved.statistics == network.statistics)
    for (slot, range) in zip(network.parameters.layout.slots, network.parameters.layout.ranges) {
      let isSame = moved.parameters.scalars[range] == network.parameters.scalars[range]
      #expect(isSame == (slot.shape.count < 2), "\(slot.name)")
    }
    #expect(abs(plane.cosine) < 0.5)
    var other = plane.origin
    LossPlane.random(around: NetworkValues(network), seed: 4).move(&other, toX: 0.5, y: -0.25)
    #expect(other != moved)
  }

  @Test func `a path on a line spans no plane`() {
    let path = (0..<5).map { step in values((0..<4).map { Float($0 * step) }) }
    #expect(LossPlane.principal(of: [path]) == nil)
    #expect(LossPlane.principal(of: [[values([1, 2])]]) == nil)
    #expect(LossPlane.through(path[0], path[1], path[3]) == nil)
    #expect(LossPlane.through(path[1], path[1], path[1]) == nil)
  }

  /// Networks of three seeds.
  private func threeNetworks() throws -> [NetworkValues] {
    try (UInt64(1)...3).map { seed in
      var configuration = Stripes.configuration()
      configuration.seed = seed
      let rehearsal = try Rehearsal(configuration)
      try rehearsal.train()
      return NetworkValues(try rehearsal.state().checkpoint)
    }
  }

  @Test func `a line between two networks has them at its ends, and its other points between`()
    throws
  {
    let (first, second) = (values([1, 2, 3]), values([2, 0, 5]))
    let line = try #require(LossPlane.line(from: first, to: second))
    var moved = first
    line.move(&moved, toX: 0.5, y: 3)
    #expect(moved == values([1.5, 1, 4]))
    let place = line.place(of: values([2, 0, 6]))
    #expect(abs(place.x - (1 + 2.0 / 9)) < 1e-6 && place.y == 0)
    #expect(abs(place.distance - (1 - 4.0 / 9).squareRoot()) < 1e-6)
    #expect(LossPlane.line(from: first, to: first) == nil)
  }

  @Test func `a plane through three networks has each of them at its corner`() throws {
    let networks = try threeNetworks()
    let plane = try #require(LossPlane.through(networks[0], networks[1], networks[2]))
    for (values, corner) in zip(networks, [(0.0, 0.0), (1, 0), (0, 1)]) {
      let place = plane.place(of: values)
      #expect(abs(place.x - corner.0) < 1e-6 && abs(place.y - corner.1) < 1e-6)
      #expect(place.distance < 1e-2)
      var moved = plane.origin
      plane.move(&moved, toX: corner.0, y: corner.1)
      for (own, other) in [
        (moved.parameters, values.parameters), (moved.statistics, values.statistics),
      ] {
        for (a, b) in zip(own.scalars, other.scalars) {
          #expect(abs(a - b) < 1e-5 * max(1, abs(b)))
        }
      }
    }
  }

  // MARK: Losses

  private func surface(
    _ rehearsal: Rehearsal, _ checkpoint: Checkpoint, on indices: [Int], threads: Int = 2
  ) throws -> LossSurface {
    try LossSurface(
      checkpoint.description, at: NetworkValues(checkpoint), data: rehearsal.data.loaded,
      indices: indices, targets: indices.map { rehearsal.data.loaded.images[$0].classIndex },
      workers: Workers(count: threads))
  }

  @Test func `the loss of a linear network is the one of its formula all over the plane`() throws {
    var configuration = Stripes.configuration(epochs: 1)
    configuration.architecture = "flatten, dense"
    let rehearsal = try Rehearsal(configuration)
    try rehearsal.train()
    let network = try rehearsal.state().checkpoint
    let indices = Array(rehearsal.data.training.prefix(70))
    let surface = try surface(rehearsal, network, on: indices)
    let plane = LossPlane.random(around: NetworkValues(network), seed: 1)
    for place in [(0.0, 0.0), (0.7, -0.4), (-1, 1)] {
      var moved = plane.origin
      plane.move(&moved, toX: place.0, y: place.1)
      let expected = crossEntropy(of: moved, rehearsal.data, indices)
      let own = surface.loss(in: plane, x: place.0, y: place.1)
      #expect(abs(own - expected) < 1e-4 * max(1, expected), "\(place): \(own), \(expected)")
    }
  }

  /// The loss of a dense layer, in double precision.
  private func crossEntropy(
    of values: NetworkValues, _ data: TrainingData, _ indices: [Int]
  ) -> Double {
    let (weights, biases) = (values.parameters[slot: 0], values.parameters[slot: 1])
    let size = weights.count / 2
    let losses = indices.map { index in
      let pixels = data.loaded.pixels[index * size..<(index + 1) * size]
      let logits = (0..<2).map { output in
        pixels.enumerated().reduce(Double(biases[output])) { sum, pixel in
          let channel = pixel.offset % 3
          let value =
            (Double(pixel.element) / 255 - Double(data.normalization.mean[channel]))
            / Double(data.normalization.standardDeviation[channel])
          // The weights of a file go through channels first.
          let place = channel * size / 3 + pixel.offset / 3
          return sum + value * Double(weights[output * size + place])
        }
      }
      let top = logits.max() ?? 0
      return top + log(logits.reduce(0) { $0 + exp($1 - top) })
        - logits[data.loaded.images[index].classIndex]
    }
    return losses.reduce(0, +) / Double(losses.count)
  }

  @Test func `the loss at the origin is that of the checkpoint, to the last bit`() throws {
    let rehearsal = try Rehearsal()
    try rehearsal.train()
    let network = try rehearsal.state().checkpoint
    let indices = rehearsal.data.training
    let expected = try rehearsal.loss(of: network, on: indices)
    for threads in [1, 2] {
      let surface = try surface(rehearsal, network, on: indices, threads: threads)
      let plane = LossPlane.random(around: NetworkValues(network), seed: 1)
      _ = surface.loss(in: plane, x: 1, y: 1)
      #expect(surface.loss(in: plane, x: 0, y: 0) == expected)
      #expect(surface.loss(at: NetworkValues(network)) == expected)
    }
  }

  @Test func `variances stay positive however far a plane reaches`() throws {
    let networks = try threeNetworks()
    let plane = try #require(LossPlane.through(networks[0], networks[1], networks[2]))
    var moved = plane.origin
    plane.move(&moved, toX: -5, y: -5)
    let layout = moved.statistics.layout
    for (slot, range) in zip(layout.slots, layout.ranges) where slot.name.hasSuffix("running_var") {
      #expect(moved.statistics.scalars[range].allSatisfy { $0 > 0 })
    }
  }

  @Test func `a network that overflows has no loss, and those after it are not changed`() throws {
    let rehearsal = try Rehearsal()
    try rehearsal.train()
    let network = try rehearsal.state().checkpoint
    let surface = try surface(rehearsal, network, on: rehearsal.data.validation)
    let plane = LossPlane.random(around: NetworkValues(network), seed: 1)
    let before = surface.loss(in: plane, x: 0.5, y: 0.5)
    #expect(surface.loss(in: plane, x: 1e38, y: 0).isNaN)
    #expect(surface.loss(in: plane, x: 0.5, y: 0.5) == before)
  }

  // MARK: Grids

  @Test(arguments: [5, 8, 51])
  func `every point of a grid is measured once, the coarse ones first`(count: Int) {
    var grid = LossGrid(x: -1...1, y: 0...2, count: count)
    let points = grid.rounds.flatMap(\.self)
    #expect(points.count == count * count && Set(points).count == points.count)
    #expect(grid.rounds[0].count <= 100)
    for point in grid.rounds[0] { grid[point] = Double(point.column) }
    #expect(grid.filled.allSatisfy { $0.isFinite })
    #expect(grid.missing == count * count - grid.rounds[0].count)
    // In the middle of a round, too, no place is empty.
    for point in grid.rounds.dropFirst().first?.prefix(3) ?? [] { grid[point] = 1 }
    #expect(grid.filled.allSatisfy { $0.isFinite })
    #expect(grid.place(of: points[0]) == (-1, 0))
  }

  @Test func `the middle of a grid around zero is zero`() {
    let grid = LossGrid(x: -0.3...0.3, y: -0.3...0.3, count: 51)
    #expect(grid.place(of: LossGrid.Point(column: 25, row: 25)) == (0, 0))
  }
}
