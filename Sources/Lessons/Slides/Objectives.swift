internal import Foundation
internal import Optimization

extension Slide {
  static let distances = Slide(
    name: "distances", title: "Distances and their properties",
    words: [
      "To learn, a network must be told how far its answer is from the right one. A distance is "
        + "never negative, zero only where both are equal, the same in both directions, and never "
        + "longer than a detour (the triangle inequality).",
      "What training minimizes, the objective, need not be a distance. But it is good to know "
        + "which property it lacks.",
    ],
    commands: [
      SlideCommand(
        "marbles objective check", "tells which property of a distance each objective has"),
      SlideCommand(
        "marbles objective check mse root-mse cross-entropy",
        "the same for three of them, with a counterexample for every no"),
    ],
    exercises: [
      Exercise(
        "square", "With the squared error, how far is it from 0 to 2?",
        number: Worked.loss("mse", error: 2).value, within: 0, hint: "Square the difference.",
        why: "(2 − 0)² = 4.", mistakes: [2: "That is the absolute error, |2 − 0|."]),
      Exercise(
        "detour",
        "And from 0 to 1 and then from 1 to 2, added up: how much shorter is this detour?",
        number: Worked.loss("mse", error: 2).value - 2 * Worked.loss("mse", error: 1).value,
        within: 0, hint: "1² + 1² against 2².",
        why: "1 + 1 = 2, shorter than 4 by 2: the squared error breaks the triangle inequality. "
          + "Its root does not.",
        mistakes: [0: "Not for squares: 1² + 1² is not 2²."]),
      Exercise(
        "symmetry",
        "The target says (0.5, 0.5), the network (0.9, 0.1): cross-entropy 1.2. The other way "
          + "round it is 0.693. What does cross-entropy lack?",
        choices: [
          "It is negative somewhere.": "Both numbers are above 0.",
          "It is not symmetric.": nil,
          "It is not convex.": "Convexity is another property, and it has it (in the logits).",
        ],
        hint: "Compare the two directions.",
        why: "The distance from a to b should be that from b to a; 1.2 is not 0.693. So target and "
          + "prediction must not be mixed up.",
      ),
    ])

  static let errors = Slide(
    name: "objectives", title: "Objective functions: MSE, MAE, Huber",
    words: [
      "The error e is the prediction minus the target. MSE takes e²: large errors count very much. "
        + "MAE takes |e|: all errors pull equally hard. Huber's loss is ½e² near 0 and a straight "
        + "line beyond δ: smooth at the bottom, calm far away.",
      "What moves the network is the slope. That of MSE grows with the error, so a single outlier "
        + "can pull a whole line askew.",
    ],
    commands: [
      SlideCommand(
        "marbles objective plot mse mae huber --out objectives.png",
        "draws the three and their slopes",
        .init(
          "objectives.png", "Left the loss, right its slope, which is what pulls.",
          picture: "objectives.png")),
      SlideCommand(
        "marbles objective fit mse mae huber --out fit.png",
        "fits a line to points with a few outliers, once with each",
        .init("fit.png", "MSE follows the outliers, Huber a little, MAE hardly.")),
    ],
    exercises: [
      Exercise(
        "huber", "What is Huber's loss with δ = 1 at an error of 3?",
        number: Worked.loss("huber", error: 3).value,
        hint: "Beyond δ it is δ · (|e| − δ/2).",
        why: "3 is beyond δ = 1, where the loss is 1 · (3 − 0.5) = 2.5.",
        mistakes: [
          4.5: "That is ½e², which holds up to δ only.", 3: "That is MAE.", 9: "That is MSE.",
        ]),
      Exercise(
        "slope", "What is the slope of e² at an error of 3?",
        number: Worked.loss("mse", error: 3).slope, within: 0, hint: "Differentiate e².",
        why: "The derivative is 2e = 6: twice as far, twice the pull.",
        mistakes: [9: "That is the loss itself.", 3: "The derivative of e² is 2e."]),
      Exercise(
        "median",
        "One number is to stand for 1, 2 and 12. Which one makes the sum of the absolute errors "
          + "smallest?",
        number: [1.0, 2, 12].sorted()[1], within: 0,
        hint: "Move it a little to the right: how many of the three come nearer?",
        why: "At the median, 2, as many pull to the left as to the right. The mean, 5, makes the "
          + "squares smallest, and follows the outlier.",
        mistakes: [5: "That is the mean, which makes the squared errors smallest."]),
    ])

  static let classification = Slide(
    name: "classification", title: "An objective for classification",
    words: [
      "A classifier gives each class a number, its logit. Softmax turns them into probabilities: "
        + "e to each logit, divided by their sum. Cross-entropy is −ln p, p being the probability "
        + "of the right class: 0 for a sure right answer, without end for a sure wrong one.",
      "A network that knows nothing gives both classes 0.5. That is the dotted line in every "
        + "figure of a loss here.",
    ],
    commands: [
      SlideCommand(
        "marbles objective plot cross-entropy hinge mse --out classification.png",
        "draws losses over the lead of the right class",
        .init(
          "classification.png",
          "The squared error also punishes a lead that is too large; cross-entropy never does."))
    ],
    exercises: [
      Exercise(
        "coin", "What is the cross-entropy of a coin flip: p = 0.5 for the right class?",
        number: Worked.loss("cross-entropy", logits: [0, 0]), within: 0.005,
        hint: "−ln of the probability.",
        why: "−ln 0.5 = ln 2 = 0.693. A network whose loss stays there has learned nothing.",
        mistakes: [
          0.5: "That is the probability; the loss is −ln of it.",
          -0.693147: "The loss is −ln p, which is positive.",
          1: "That is in bits (base 2); here the logarithm is the natural one.",
        ]),
      Exercise(
        "softmax", "The logits are 2 for cat and 0 for dog. What is the probability of cat?",
        number: exp(-Worked.loss("cross-entropy", logits: [2, 0])), within: 0.005,
        hint: "e² / (e² + e⁰).",
        why: "e² = 7.39 and e⁰ = 1: 7.39 / 8.39 = 0.881.",
        mistakes: [
          1: "Softmax takes e to the logits first; nothing is ever quite certain.",
          0.119203: "That is the probability of dog.",
        ]),
      Exercise(
        "surprise", "The network gives the right class p = 0.01. What is the cross-entropy?",
        number: Worked.loss("cross-entropy", logits: [0, Float(log(99.0))]), within: 0.02,
        hint: "−ln 0.01, and 0.01 is 10⁻².",
        why: "−ln 0.01 = 2 · ln 10 = 4.61, almost seven coin flips: being sure and wrong is dear.",
        mistakes: [
          0.99: "That is the error in the probability; the loss is −ln p.",
          2: "That is the logarithm of base 10; here it is the natural one.",
          0.01005: "That is the loss for p = 0.99.",
        ]),
    ])

  static let ownObjective = Slide(
    name: "own-objective", title: "Create your own objective",
    words: [
      "An objective may be a formula: of the target y, the probability p, the logit z of a class. "
        + "Marbles differentiates it exactly, draws it, looks for what it lacks, and trains with "
        + "it.",
      "Not every formula teaches: it must be smallest where the answer is right, and have a slope "
        + "that leads there.",
    ],
    commands: [
      SlideCommand(
        "marbles objective plot mse:probabilities=true 'expr:(y-p)^4' --out own.png",
        "draws a formula beside the squared error of probabilities",
        .init(
          "own.png", "The fourth power pulls at wrong answers, and hardly at nearly right ones.")),
      SlideCommand(
        "marbles objective check 'expr:(y-p)^4'", "says which property of a distance it lacks"),
      SlideCommand(
        "marbles train practice --epochs 3 --objective 'expr:(y-p)^4' --name own",
        "trains with it",
        .init("runs/own/plots/loss.png", "It learns; the height of the loss is another one.")),
    ],
    exercises: [
      Exercise(
        "slope", "What is the slope of (1 − p)⁴ with respect to p at p = 0?",
        number: Worked.slope("(1-x)^4", at: 0), within: 0,
        hint: "The chain rule: the inner derivative is −1.",
        why: "−4 · (1 − p)³ = −4 at p = 0: the loss falls as p grows.",
        mistakes: [4: "The inner derivative of 1 − p is −1.", 1: "That is the value."]),
      Exercise(
        "far", "By which factor is (1 − p)⁴ smaller at p = 0.9 than at p = 0?",
        count: Int((Worked.value("(1-x)^4", at: 0) / Worked.value("(1-x)^4", at: 0.9)).rounded()),
        hint: "0.1 to the fourth power.",
        why: "0.1⁴ = 0.0001, so by 10,000. The squared error would still be a hundredth: a fourth "
          + "power soon stops to teach.",
        mistakes: [
          100: "That is the square.", 1000: "That is the cube.", 0.0001: "That is one over it.",
        ]),
      Exercise(
        "cube", "Why is (y − p)³ no good objective?",
        choices: [
          "It has no derivative.": "It has one everywhere.",
          "It is too steep.": "Within 0 and 1 it is flatter than the square.",
          "It is negative for p > y, and smallest where the answer is most wrong.": nil,
        ],
        hint: "Put in y = 0 and p = 1.",
        why: "For y = 0 and p = 1, the worst answer, it is −1, less than the 0 of the right one. "
          + "Training would go there.",
      ),
    ])
}
