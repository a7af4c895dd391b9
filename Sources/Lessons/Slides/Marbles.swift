extension Slide {
  static let momentum = Slide(
    name: "momentum", title: "Momentum",
    words: [
      "A marble has a mass: it keeps its velocity. Each step adds the slope to 0.9 times the old "
        + "velocity v, and moves by −rate · v. In a long valley the pushes add up; across it they "
        + "cancel.",
      "It also overshoots, and swings to and fro before it rests.",
    ],
    commands: [
      SlideCommand(
        "marbles roll bowl --optimizers momentum --learning-rate 0.1 --steps 3 --explain",
        "prints the arithmetic, with the velocity"),
      SlideCommand(
        "marbles roll ravine --optimizers sgd,momentum,nesterov --out ravine.png",
        "rolls down a long, narrow valley",
        .init("ravine.png", "With momentum the marbles get far along the floor.")),
    ],
    exercises: [
      Exercise(
        "second",
        "The bowl x², start 3, rate 0.1, momentum 0.9. The first step ends at 2.4 with v = 6. "
          + "Where does the second one end?",
        number: Worked.place("momentum", on: "bowl", rate: 0.1, steps: 2),
        hint: "v = 0.9 · 6 + slope at 2.4.",
        why: "v = 5.4 + 4.8 = 10.2, and 2.4 − 0.1 · 10.2 = 1.38.",
        mistakes: [
          1.92: "That is gradient descent: the old velocity is missing.",
          1.32: "0.9 times the old velocity is 5.4, not 6.",
          1.86: "The slope at 2.4 is missing.",
        ]),
      Exercise(
        "speed",
        "The slope is 1 everywhere. To which velocity v does momentum 0.9 build up in the end?",
        number: 1 / (1 - 0.9), hint: "In the end v = 0.9 · v + 1.",
        why: "v = 0.9 · v + 1 holds for v = 10: ten times as far in a step as gradient descent. So "
          + "a smaller rate is taken with momentum.",
        mistakes: [
          1: "That is the first step; the velocity builds up.", 1.9: "That is the second step.",
          0.9: "That is what remains of a velocity of 1.",
        ]),
      Exercise(
        "across",
        "Across a ravine the slope changes its sign with every step. What does momentum do to "
          + "this motion?",
        choices: [
          "It makes it ten times as fast.": "Only pushes in one direction add up.",
          "It damps it: pushes to and fro cancel.": nil,
          "Nothing: it acts along the valley only.":
            "It acts in all directions alike; the pushes differ.",
        ],
        hint: "Add +1, −1, +1, −1, each old one a little less.",
        why: "With alternating signs the velocity tends to 1 / (1 + 0.9) = 0.53 of a push, while "
          + "along the valley it grows to 10.",
      ),
    ])

  static let marbles = Slide(
    name: "marbles", title: "Marbles: a page to try it out",
    words: [
      "All optimizers start in one place and roll. Adagrad, RMSProp and Adam divide by the size of "
        + "past slopes: they take similar steps on steep and on gentle ground.",
      "The steps are those that train networks, by the same code. Try other surfaces, rates, or a "
        + "formula of your own.",
    ],
    commands: [
      SlideCommand(
        "marbles roll saddle --optimizers sgd,momentum,adagrad,rmsprop,adam --out race.png "
          + "--animation race-moving.png", "races five optimizers from a saddle into a minimum",
        .init(
          "race.png",
          "Gradient descent and momentum go to the pass first; the others turn at once.",
          picture: "race.png"
        ),
        .init("race-moving.png", "The same race, step by step.")),
      SlideCommand(
        "marbles roll rosenbrock --optimizers adam,newton,l-bfgs,nelder-mead --tune "
          + "--landscape banana.png --theme synthwave",
        "races in a bent valley, each with its best rate",
        .init("banana.png", "The valley is easy to find and hard to follow.")),
      SlideCommand(
        "marbles roll 'expr: x^2 + 3*y^2 + sin(3*x)' --optimizers sgd,momentum,adam "
          + "--start=-2,1.5 --out formula.png", "rolls on a formula of your own",
        .init("formula.png", "Change the formula, and roll again.")),
    ],
    exercises: [
      Exercise(
        "adam",
        "Adam starts at x = 3 in the bowl x², with rate 0.1. How far does its first step go?",
        number: 3 - Worked.place("adam", on: "bowl", rate: 0.1, steps: 1),
        hint: "It divides the slope by its own size.",
        why: "0.1, the rate: slope over the size of the slope is 1. On a bowl a hundred times as "
          + "steep the first step would be just as long.",
        mistakes: [
          0.6: "That is gradient descent: rate times slope.",
          2.9: "That is where it ends; it began at 3.",
        ]),
      Exercise(
        "edge",
        "In the bowl x² + 10y², which is the largest learning rate at which gradient descent does "
          + "not diverge?",
        number: Worked.largestRate("10*x^2"),
        hint: "2/L, L being the largest curvature.",
        why: "The curvature across is 20, so 2/20 = 0.1, though along the bowl a rate of 1 would "
          + "do.",
        mistakes: [
          1: "That holds along x; y is steeper.", 0.2: "The curvature of 10y² is 20, not 10.",
        ]),
      Exercise(
        "pass",
        "Gradient descent starts on the saddle x² − y² + 0.1y⁴ at y = 0 exactly. Where does it "
          + "end?",
        choices: [
          "In one of the two minima.": "To get there it would have to leave y = 0.",
          "On the pass, at (0, 0).": nil,
          "It diverges.": "Along x it is a bowl, and the rate suits it.",
        ],
        hint: "What is the slope along y at y = 0?",
        why: "At y = 0 the slope along y is 0, so it stays in that line and rests on the pass. A "
          + "little noise, as in mini-batches, is enough to push it off.",
      ),
    ])
}
