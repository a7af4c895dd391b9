/// The surfaces that a text can name; `expr:` takes a formula.
public typealias SurfaceCatalogue = Catalogue<Surface>

extension SurfaceCatalogue {
  /// Marbles' own surfaces, those of one variable first.
  public static var standard: SurfaceCatalogue { Catalogue(Surface.all) }
}

// Source of the test functions: Surjanovic & Bingham, "Virtual library of simulation experiments".
extension Surface {
  /// Every standard surface, those of one variable first.
  public static let all = lines + shapes + tests

  private static func surface(
    _ name: String, _ summary: String, _ text: String, _ window: ClosedRange<Double>...,
    start: [Double], minima: [[Double]], rate: Double
  ) -> Surface {
    let variables = window.count == 1 ? ["x"] : ["x", "y"]
    guard let formula = try? Formula(text, variables: variables) else {
      preconditionFailure("\(name) is no formula: \(text)")
    }
    return Surface(
      name, summary, formula, window: window, start: start, minima: minima, slopeRate: rate)
  }

  private static let lines = [
    surface(
      "bowl", "f(x) = x², where it all begins", "x^2", -4...4, start: [3], minima: [[0]],
      rate: 0.1),
    surface(
      "two-wells", "a shallow and a deep minimum", "0.05*x^4 - 0.6*x^2 + 0.3*x + 2", -4...4,
      start: [3.8], minima: [[-2.566039445164]], rate: 0.05),
    surface(
      "waves", "many local minima in a wide bowl", "0.1*x^2 + 1 - cos(2*x)", -8...8, start: [7],
      minima: [[0]], rate: 0.05),
    surface(
      "corner", "|x|: the slope does not fade at the bottom", "abs(x)", -4...4, start: [3.03],
      minima: [[0]], rate: 0.1),
    surface(
      "flat-bottom", "x⁴: the slope fades long before the bottom", "x^4/16", -4...4, start: [3],
      minima: [[0]], rate: 0.05),
    surface(
      "basin", "flat far away, a bowl within", "x^2/(1 + x^2)", -6...6, start: [5], minima: [[0]],
      rate: 0.5),
  ]

  private static let shapes = [
    surface(
      "round-bowl", "the same in every direction", "x^2 + y^2", -4...4, -3...3, start: [-3, 2],
      minima: [[0, 0]], rate: 0.1),
    surface(
      "stretched-bowl", "ten times as steep across as along", "x^2 + 10*y^2", -4...4, -3...3,
      start: [-3, 1.5], minima: [[0, 0]], rate: 0.04),
    surface(
      "ravine", "a hundred times as steep across as along", "0.05*x^2 + 5*y^2", -10...10, -4...4,
      start: [-9, 1.5], minima: [[0, 0]], rate: 0.15),
    surface(
      "kinked-ravine", "|x| + 10|y|: a ravine with a sharp floor", "abs(x) + 10*abs(y)", -4...4,
      -3...3, start: [-3, 1.55], minima: [[0, 0]], rate: 0.02),
    surface(
      "valley", "a winding valley that falls gently", "(y - sin(x))^2 + 0.02*(x - 4)^2", -5...6,
      -4...4, start: [-4, 2.5], minima: [[4, -0.756_802_495]], rate: 0.2),
    surface(
      "saddle", "down along x, down again along y behind the pass", "x^2 - y^2 + 0.1*y^4", -3...3,
      -3.6...3.6, start: [-2.5, 0.01], minima: [[0, -2.236_067_977], [0, 2.236_067_977]],
      rate: 0.05),
    surface(
      "monkey-saddle", "three ways down, none ends", "x^3 - 3*x*y^2", -2...2, -2...2,
      start: [1.5, 0.2], minima: [], rate: 0.02),
    surface(
      "plateau", "almost flat between the rings",
      "if(x^2 + y^2 > 0, -sin(sqrt(x^2 + y^2))/sqrt(x^2 + y^2), -1) + 0.01*(x^2 + y^2)", -10...10,
      -10...10, start: [-7.5, 5.5], minima: [[0, 0]], rate: 1),
    surface(
      "hills", "ridges and hollows", "sin(x)*cos(y) + 0.05*(x^2 + y^2)", -6...6, -5...5,
      start: [4.5, 3.4], minima: [[-1.427_551_777_635, 0]], rate: 0.2),
    surface(
      "flower", "x sin y + y sin x + x² + y²: flat along a diagonal",
      "x*sin(y) + y*sin(x) + x^2 + y^2", -4...4, -4...4, start: [-3, 2.5], minima: [[0, 0]],
      rate: 0.1),
  ]

  private static let tests = [
    surface(
      "rosenbrock", "a curved ravine whose bottom is hard to follow",
      "(1 - x)^2 + 100*(y - x^2)^2", -2...2, -1...3, start: [-1.2, 1], minima: [[1, 1]],
      rate: 0.001),
    surface(
      "himmelblau", "four equal minima", "(x^2 + y - 11)^2 + (x + y^2 - 7)^2", -5...5, -5...5,
      start: [-0.5, -1],
      minima: [
        [3, 2], [-2.805_118_086_953, 3.131_312_518_250], [-3.779_310_253_378, -3.283_185_991_286],
        [3.584_428_340_330, -1.848_126_526_964],
      ], rate: 0.01),
    surface(
      "beale", "steep walls around a flat floor",
      "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2", -4.5...4.5, -4.5...4.5,
      start: [1, 1.5], minima: [[3, 0.5]], rate: 0.005),
    surface(
      "booth", "a tilted stretched bowl", "(x + 2*y - 7)^2 + (2*x + y - 5)^2", -6...8, -5...9,
      start: [-5, 7], minima: [[1, 3]], rate: 0.05),
    surface(
      "matyas", "a nearly flat diagonal", "0.26*(x^2 + y^2) - 0.48*x*y", -6...6, -6...6,
      start: [-5, -1], minima: [[0, 0]], rate: 0.5),
    surface(
      "goldstein-price", "heights over six powers of ten",
      "(1 + (x + y + 1)^2*(19 - 14*x + 3*x^2 - 14*y + 6*x*y + 3*y^2))"
        + "*(30 + (2*x - 3*y)^2*(18 - 32*x + 12*x^2 + 48*y - 36*x*y + 27*y^2))",
      -2...2, -3...1, start: [-0.4, -0.3], minima: [[0, -1]], rate: 0.000_1),
    surface(
      "styblinski-tang", "four minima, one the deepest",
      "0.5*(x^4 - 16*x^2 + 5*x + y^4 - 16*y^2 + 5*y)", -5...5, -5...5, start: [0.4, 4.5],
      minima: [[-2.903_534_027_771, -2.903_534_027_771]], rate: 0.01),
    surface(
      "ackley", "a funnel full of dents",
      "20 + e - exp(0.5*(cos(2*pi*x) + cos(2*pi*y)))"
        + " - 20*exp(-0.2*if(x^2 + y^2 > 0, sqrt(0.5*(x^2 + y^2)), 0))",
      -5...5, -5...5, start: [-3.7, 2.8], minima: [[0, 0]], rate: 0.02),
    surface(
      "rastrigin", "a bowl full of dents",
      "20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)", -5.12...5.12, -5.12...5.12,
      start: [-3.6, 2.7], minima: [[0, 0]], rate: 0.002),
    surface(
      "six-hump-camel", "six minima, two the deepest",
      "(4 - 2.1*x^2 + x^4/3)*x^2 + x*y + (4*y^2 - 4)*y^2", -2.2...2.2, -1.3...1.3,
      start: [-1.9, 1.1],
      minima: [[0.089_842_013_103, -0.712_656_402_984], [-0.089_842_013_103, 0.712_656_402_984]],
      rate: 0.02),
    surface(
      "mccormick", "waves on a slope", "sin(x + y) + (x - y)^2 - 1.5*x + 2.5*y + 1", -1.5...4,
      -3...4, start: [3.4, 3], minima: [[-0.547_197_551_197, -1.547_197_551_197]], rate: 0.1),
  ]
}
