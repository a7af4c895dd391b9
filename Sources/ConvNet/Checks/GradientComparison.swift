internal import Tensors

/// One layer with random values, and its gradients for several weightings of the outputs.
struct GradientComparison {
  /// An array whose gradient is compared.
  struct Checked {
    let name: String
    let values: FloatRegion, gradient: FloatRegion
    /// For each weighting, the gradient, and how far it moves when the weights move by rounding.
    fileprivate var exact: [[Float]] = [], rounding: [[Float]] = []

    /// The root of the mean square of the gradients of an element, summed over the weightings.
    fileprivate var typicalGradient: Double {
      let sum = exact.joined().reduce(0) { $0 + Double($1) * Double($1) }
      return (sum / Double(values.count)).squareRoot()
    }
  }

  /// The input, then the parameters.
  private(set) var arrays: [Checked]

  private let trial: LayerTrial
  private let weightings: [[Float]]
  /// The outputs at the random values.
  private let base: [Double]
  /// The root of their mean square.
  private let outputSize: Double
  private var generator: SeededGenerator

  private static let input = "input"
  private static let weightingCount = 4
  /// Values and steps are multiples of this, so that moving an element is exact.
  private static let unit: Float = 0x1p-12
  private static let steps: [Float] = [1, 0x1p-2, 0x1p-4, 0x1p-6, 0x1p-8, 0x1p-10]
  /// Groups with which the step is chosen.
  private static let trialGroups = 4
  /// A difference below so many standard deviations of its rounding means nothing; of many outputs,
  /// some are far out.
  private static let deviations = 6.0, deviationsOfMany = 12.0
  /// Elements moved together, at most: in a larger group, rounding would hide an error in one.
  private static let largestGroup = 32_768
  /// How well the kernels approximate functions such as exp.
  private static let approximation = 2e-6

  init(
    _ layer: any Layer, on shape: Shape, seed: UInt64, workers: Workers
  ) throws(ArchitectureError) {
    // In a block, only how its layers are joined is still open.
    let trial = try LayerTrial(
      layer, on: shape, workers: workers, convolution: layer.layers.isEmpty ? .automatic : .im2col)
    var generator = SeededGenerator(seed: seed)
    func round(_ region: FloatRegion) {
      for index in 0..<region.count {
        region[index] = (region[index] / Self.unit).rounded() * Self.unit
      }
    }
    for index in 0..<trial.inputs.count {
      let value = generator.nextNormal()
      // Times an input near zero, the gradient of a weight would be too small to judge.
      trial.inputs[index] =
        trial.parameterGradients.isEmpty ? value : value + (value < 0 ? -0.5 : 0.5)
    }
    round(trial.inputs)
    for (slot, region) in zip(trial.slots, trial.arrays) {
      region.copy(from: layer.initialValue(of: slot, using: &generator))
      // Zeros and ones would hide mistakes.
      for index in 0..<region.count {
        region[index] += 0.1 * Float(2 * generator.nextUniform() - 1)
      }
      round(region)
    }
    var arrays = [
      Checked(name: Self.input, values: trial.inputs, gradient: trial.inputGradients)
    ]
    for (index, gradient) in trial.parameterGradients.enumerated() {
      arrays.append(
        Checked(name: trial.slots[index].name, values: trial.arrays[index], gradient: gradient))
    }
    trial.runForward()
    let base = trial.outputs.array.map(Double.init)
    self.base = base
    outputSize = (base.reduce(0) { $0 + $1 * $1 } / Double(base.count)).squareRoot()
    var weightings: [[Float]] = []
    for _ in 0..<Self.weightingCount {
      let weights = base.map { _ in
        Float(generator.nextUniform() + 0.5) * (generator.next() & 1 == 0 ? 1 : -1)
      }
      weightings.append(weights)
      trial.outputGradients.copy(from: weights)
      trial.runBackward()
      for index in arrays.indices { arrays[index].exact.append(arrays[index].gradient.array) }
      trial.outputGradients.copy(
        from: weights.map { $0 * (1 + 0x1p-22 * Float(2 * generator.nextUniform() - 1)) })
      trial.runBackward()
      for index in arrays.indices {
        let exact = arrays[index].exact[weightings.count - 1]
        arrays[index].rounding.append(zip(exact, arrays[index].gradient.array).map { $0 - $1 })
      }
    }
    self.trial = trial
    self.arrays = arrays
    self.weightings = weightings
    self.generator = generator
  }

  /// Compares all elements of an array.
  mutating func check(_ array: Checked, groupCount: Int) -> GradientCheck {
    let order = (0..<array.values.count).shuffled(using: &generator)
    let count = min(order.count, max(groupCount, (order.count - 1) / Self.largestGroup + 1))
    let groups = (0..<count).map { group in
      stride(from: group, to: order.count, by: count).map {
        (place: order[$0], sign: Float(generator.next() & 1 == 0 ? 1 : -1))
      }
    }
    let tried = groups.prefix(Self.trialGroups)
    let rounding = rounding(array, tried)
    let step = bestStep(array, tried, rounding)
    let typical = array.typicalGradient
    var (worst, outputs, skipped) = (0.0, 0, 0)
    for group in groups {
      let slopes = slopes(array.values, group, step, rounding)
      skipped += slopes.kinks.count
      outputs += slopes.kinks.count + slopes.outputs.count
      worst = max(worst, error(of: slopes, array, group, typical))
    }
    return GradientCheck(
      layer: trial.layer.text, array: array.name, checked: order.count,
      outputs: outputs, skipped: skipped, relativeError: worst)
  }

  private typealias Group = [(place: Int, sign: Float)]

  /// How each output changes with a group.
  private struct Slopes {
    /// Outputs that change and have a derivative; it; and the standard deviation of its rounding.
    var outputs: [Int] = [], values: [Double] = [], rounding: [Double] = []
    var kinks: [Int] = []
    /// How much two step lengths disagree, and what rounding may add, over the slopes.
    var uncertainty = 0.0
  }

  /// The outputs when the elements of a group are moved.
  private func outputs(_ values: FloatRegion, _ group: Group, movedBy step: Float) -> [Double] {
    for (place, sign) in group { values[place] += sign * step }
    trial.runForward()
    for (place, sign) in group { values[place] -= sign * step }
    return trial.outputs.array.map(Double.init)
  }

  /// The standard deviation of the rounding of an output, relative to the larger of it and what is
  /// typical of outputs.
  ///
  /// At the shortest step, the second difference of a smooth function is rounding alone.
  private func rounding(_ array: Checked, _ groups: ArraySlice<Group>) -> Double {
    let squares = groups.map { group in
      let above = outputs(array.values, group, movedBy: Self.unit)
      let below = outputs(array.values, group, movedBy: -Self.unit)
      let squares = base.indices.map { output in
        let second = (above[output] - 2 * base[output] + below[output]) / magnitude(base[output])
        return second * second
      }
      return squares.reduce(0, +) / Double(squares.count)
    }
    // Of a second difference, the variance is 1 + 4 + 1 times that of an output.
    return max(0x1p-25, ((squares.min() ?? 0) / 6).squareRoot())
  }

  /// An output near zero may be the sum of values that are not.
  private func magnitude(_ output: Double) -> Double {
    max(abs(output), outputSize, .leastNormalMagnitude)
  }

  /// The step at which the slopes are known best.
  private func bestStep(
    _ array: Checked, _ groups: ArraySlice<Group>, _ rounding: Double
  ) -> Float {
    let found = Self.steps.map { step in
      (step, groups.reduce(0) { $0 + slopes(array.values, $1, step, rounding).uncertainty })
    }
    return found.min { $0.1 < $1.1 }?.0 ?? Self.steps[0]
  }

  private func slopes(
    _ values: FloatRegion, _ group: Group, _ step: Float, _ relativeRounding: Double
  ) -> Slopes {
    func outputs(movedBy step: Float) -> [Double] {
      self.outputs(values, group, movedBy: step)
    }
    let (above, below) = (outputs(movedBy: step), outputs(movedBy: -step))
    let roundings = base.indices.map {
      relativeRounding * max(magnitude(base[$0]), abs(above[$0]), abs(below[$0]))
    }
    // Where all outputs lie on lines, the middles of these need no passes.
    let isStraight = base.indices.allSatisfy { output in
      let second = above[output] - 2 * base[output] + below[output]
      return abs(second) <= Self.deviationsOfMany * 6.0.squareRoot() * roundings[output]
    }
    func middle(_ outputs: [Double]) -> [Double] { zip(base, outputs).map { ($0 + $1) / 2 } }
    let near = isStraight ? middle(above) : outputs(movedBy: step / 2)
    let under = isStraight ? middle(below) : outputs(movedBy: -step / 2)
    let h = Double(step)
    /// The central quotients by both lengths, and how much twice the bend of the shorter differs
    /// from that of the longer.
    func quotients(_ output: Int) -> (long: Double, short: Double, bend: Double) {
      let (up, down) = (above[output], below[output])
      let (closeUp, closeDown) = (near[output], under[output])
      return (
        (up - down) / (2 * h), (closeUp - closeDown) / h,
        abs((up + down) - 4 * (closeUp + closeDown) + 6 * base[output]) / h
      )
    }
    let moved = base.indices.filter {
      above[$0] != below[$0] || near[$0] != under[$0] || above[$0] != base[$0]
    }
    let found = moved.map(quotients)
    let size = (found.reduce(0) { $0 + $1.short * $1.short } / Double(max(1, found.count)))
      .squareRoot()
    var slopes = Slopes()
    for (output, slope) in zip(moved, found) {
      let rounding = roundings[output] / h
      let difference = max(abs(slope.long - slope.short), slope.bend)
      slopes.uncertainty += min(difference + rounding, size)
      // The variance of the bend is 2 + 2 · 16 + 36 times that of an output.
      let explained = Self.deviationsOfMany * 70.0.squareRoot() * rounding
      guard difference <= explained + 1e-4 * max(size, abs(slope.short)) else {
        slopes.kinks.append(output)
        continue
      }
      slopes.outputs.append(output)
      slopes.values.append((4 * slope.short - slope.long) / 3)
      // The variance of that is 2 · (4/3)² + 2 · (1/6)² times that of an output.
      slopes.rounding.append(1.9 * rounding)
    }
    slopes.uncertainty /= max(size * Double(found.count), .leastNormalMagnitude)
    return slopes
  }

  /// The error of a group beyond rounding, relative to its size.
  ///
  /// That of parameters is relative to the typical gradient of one of them, so that an error in one
  /// counts as much as if it were compared by itself.
  private func error(
    of slopes: Slopes, _ array: Checked, _ group: Group, _ typicalGradient: Double
  ) -> Double {
    var (errors, noise) = (0.0, 0.0)
    var (exactSize, numericSize, elementSize) = (0.0, 0.0, 0.0)
    if !slopes.kinks.isEmpty { trial.runForward() }
    for (index, weights) in weightings.enumerated() {
      var gradient = array.exact[index]
      if !slopes.kinks.isEmpty {
        var masked = weights
        for output in slopes.kinks { masked[output] = 0 }
        trial.outputGradients.copy(from: masked)
        trial.runBackward()
        gradient = array.gradient.array
      }
      var exact = 0.0
      for (place, sign) in group {
        exact += Double(sign) * Double(gradient[place])
        elementSize += Double(gradient[place]) * Double(gradient[place])
        let rounding = 8 * Double(array.rounding[index][place])
        noise += rounding * rounding
      }
      var numeric = 0.0
      for (position, output) in slopes.outputs.enumerated() {
        let weight = Double(weights[output])
        numeric += weight * slopes.values[position]
        let rounding = Self.deviations * weight * slopes.rounding[position]
        noise += rounding * rounding
      }
      errors += (exact - numeric) * (exact - numeric)
      exactSize += exact * exact
      numericSize += numeric * numeric
    }
    let groupSize = max(exactSize, numericSize).squareRoot()
    // An input whose gradient is small beside the others', as where a sigmoid is flat, matters
    // less.
    let size =
      array.name == Self.input
      ? max(groupSize, typicalGradient * Double(group.count).squareRoot())
      : (max(elementSize, numericSize) / Double(group.count)).squareRoot()
    let explained = noise.squareRoot() + Self.approximation * groupSize
    return size > 0 ? max(0, errors.squareRoot() - explained) / size : 0
  }
}
