extension Slide {
  static let bowl = Slide(
    name: "bowl", title: "The bowl: f(x) = x²",
    words: [
      "To minimize is to roll downhill. The slope of the bowl f(x) = x² is f′(x) = 2x: positive to "
        + "the right of the bottom, negative to the left. Gradient descent takes a step against "
        + "it: x − rate · f′(x).",
      "Near the bottom the slope fades, and the steps with it.",
    ],
    commands: [
      SlideCommand(
        "marbles roll bowl --learning-rate 0.1 --steps 3 --explain",
        "prints the arithmetic of three steps"),
      SlideCommand(
        "marbles roll bowl --learning-rate 0.1 --steps 40 --out bowl.png",
        "draws forty steps",
        .init("bowl.png", "The steps become shorter as the slope fades.")),
    ],
    exercises: [
      Exercise(
        "slope", "What is the slope of f(x) = x² at x = 3?",
        number: Worked.slope("x^2", at: 3), within: 0, hint: "f′(x) = 2x.",
        why: "f′(3) = 2 · 3 = 6.",
        mistakes: [9: "That is the height, f(3).", 3: "The derivative of x² is 2x."]),
      Exercise(
        "step", "Where is the marble after one step from x = 3 with learning rate 0.1?",
        number: Worked.place(on: "bowl", rate: 0.1, steps: 1),
        hint: "3 − rate · slope.",
        why: "3 − 0.1 · 6 = 2.4.",
        mistakes: [
          3.6: "A step goes against the slope: subtract it.",
          2.9: "The step is the rate times the slope, which is 6.",
          2.1: "The slope is 6; 9 is the height.", 0.6: "That is the length of the step.",
        ]),
      Exercise(
        "steps",
        "With learning rate 0.1 each step takes x to 0.8 · x. How many steps from x = 3 until x is "
          + "below 0.01?",
        count: Worked.places(on: "bowl", rate: 0.1, steps: 100).firstIndex { $0[0] < 0.01 } ?? 0,
        hint: "3 · 0.8ⁿ < 0.01; take the logarithm of both sides.",
        why: "n > ln(0.01 / 3) / ln 0.8 = 25.6, so 26 steps; each digit more takes another ten.",
        mistakes: [
          25: "After 25 steps x is still 0.011.",
          20: "From 1 it would take 21 steps; begin at 3.", 21: "That is from 1, not from 3.",
        ]),
    ])

  static let learningRate = Slide(
    name: "learning-rate", title: "The learning rate: too small, too large",
    words: [
      "Too small a rate wastes time. Too large a rate jumps over the bottom, and beyond 2/L, L "
        + "being the curvature f″, each jump ends higher than the last: training diverges. For the "
        + "bowl x² L is 2, so the limit is 1.",
      "In several directions the steepest one sets the limit, and the flattest one the time it "
        + "takes.",
    ],
    commands: [
      SlideCommand(
        "marbles roll bowl --learning-rate 0.02,0.4,0.95,1.1 --steps 20 --out rates.png",
        "rolls at four rates",
        .init(
          "rates.png", "Too slow, about right, to and fro, and out of the bowl.",
          picture: "rates.png")),
      SlideCommand(
        "marbles roll bowl --optimizers sgd,momentum,adam --rate-map rate-map.png",
        "draws where they end for many rates",
        .init("rate-map.png", "Beyond 2/L = 1 gradient descent leaves the bowl.")),
      SlideCommand(
        "marbles roll stretched-bowl --learning-rate 0.04,0.09,0.11 --steps 12 --out stretched.png",
        "rolls in a bowl that is ten times as steep across",
        .init("stretched.png", "The steep direction decides which rate is too large.")),
    ],
    exercises: [
      Exercise(
        "limit", "For f(x) = 5x², at which learning rate does gradient descent begin to diverge?",
        number: Worked.largestRate("5*x^2"), hint: "2/L with L = f″(x).",
        why: "f″ = 10, so 2/L = 0.2.",
        mistakes: [
          0.4: "L is the second derivative, 10, not 5.", 1: "That is the limit for x².",
          0.1: "That is 1/L, at which the bottom is reached in one step.",
        ]),
      Exercise(
        "jump", "Where is the marble after one step from x = 3 in the bowl x² with rate 1.1?",
        number: Worked.place(on: "bowl", rate: 1.1, steps: 1), hint: "3 − 1.1 · 6.",
        why: "3 − 6.6 = −3.6: on the other side, and farther out than before.",
        mistakes: [3.6: "It is on the other side: mind the sign.", -0.3: "The slope is 6, not 3."]),
      Exercise(
        "perfect", "Which learning rate reaches the bottom of x² in a single step?",
        number: Worked.largestRate("x^2") / 2, hint: "x − rate · 2x = 0.",
        why: "x − rate · 2x is 0 for rate = 0.5, which is 1/L. Newton's method finds it by itself: "
          + "it divides the slope by the curvature.",
        mistakes: [
          1: "At 1 it jumps to the other side, as high as before.", 2: "That is L.",
        ]),
    ])

  static let localMinima = Slide(
    name: "local-minima", title: "Local minima",
    words: [
      "A bowl has one bottom. Most landscapes have many, and gradient descent stops in the first: "
        + "the slope there is 0, and it sees nothing else.",
      "Which bottom that is depends on the start, and on how much speed a marble brings along.",
    ],
    commands: [
      SlideCommand(
        "marbles roll two-wells --optimizers sgd,momentum,adam --learning-rate 0.1 "
          + "--out wells.png", "rolls three marbles toward a shallow and a deep well",
        .init(
          "wells.png", "Two are caught; momentum rolls through into the deep well.",
          picture: "wells.png")),
      SlideCommand(
        "marbles roll himmelblau --optimizers momentum --basin-map basins.png",
        "draws to which of four minima each start leads",
        .init("basins.png", "One color for each minimum: the start decides.")),
    ],
    exercises: [
      Exercise(
        "slope", "What is the slope at the bottom of a local minimum of a smooth function?",
        number: 0, within: 0, hint: "To which side would the marble roll?",
        why: "0: a marble at rest is not pulled to either side. That is why gradient descent "
          + "cannot tell a local minimum from the lowest one."),
      Exercise(
        "caught",
        "Gradient descent starts at x = 3.8 in two-wells, 0.05x⁴ − 0.6x² + 0.3x + 2, with rate "
          + "0.1. Where does it end? (Run it.)",
        number: Worked.place(on: "two-wells", rate: 0.1, steps: 100), within: 0.02,
        hint: "marbles roll two-wells --learning-rate 0.1",
        why: "At 2.31, in the shallow well, 1.5 above the deep one.",
        mistakes: [
          -2.566: "That is the deep well; gradient descent does not get there from 3.8.",
          0.915: "That is the height at which it ends.",
        ]),
      Exercise(
        "deep", "And where is the bottom of the deep well? (A start at x = −1 leads there.)",
        number: Worked.lowestPlace(of: "two-wells"), within: 0.02,
        hint: "marbles roll two-wells --start=-1",
        why: "At −2.57. Two starts, two answers: train more than once, from other starting "
          + "weights.",
        mistakes: [
          2.566: "Mind the sign.", 2.313: "That is the shallow well.",
          -0.5527: "That is its height.",
        ]),
    ])
}
