internal import Foundation

extension Slide {
  static let lossSurface = Slide(
    name: "loss-surface", title: "The loss surface",
    words: [
      "A network has hundreds of thousands of parameters instead of x and y, and its loss is a "
        + "height over all of them. The resulting mathematical landscape is called the loss "
        + "surface. Training is a marble that rolls down it.",
      "Nobody can see so many dimensions. A figure shows a plane through them: here the plane in "
        + "which the paths of two runs lie as well as possible.",
    ],
    commands: [
      SlideCommand(
        "marbles train practice --epochs 6 --optimizer sgd --record-path --name sgd",
        "trains with gradient descent, and keeps where it has been"),
      SlideCommand(
        "marbles train practice --epochs 6 --optimizer momentum --record-path --name momentum",
        "the same from the same start, with momentum"),
      SlideCommand(
        "marbles surface runs/sgd runs/momentum --points 25 --images 64 --out surface.png",
        "draws the loss over the plane of both paths",
        .init("surface.png", "A map: two marbles from one start, on real data.")),
      SlideCommand(
        "marbles surface runs/sgd runs/momentum --points 25 --images 64 --kind landscape "
          + "--theme synthwave --out landscape.png", "the same in three dimensions",
        .init("landscape.png", "The loss surface of a network, measured.")
      ),
      SlideCommand(
        "marbles surface runs/sgd runs/momentum --kind cut --points 31 --images 64 --out cut.png",
        "cuts it along one direction",
        .init("cut.png", "Loss and accuracy along one direction: a curve like the bowl.")),
    ],
    exercises: [
      Exercise(
        "dimensions",
        "How many dimensions has the loss surface of kitten, the default network? (marbles models "
          + "kitten)",
        count: Worked.parameters("kitten", imageSize: 64),
        hint: "One for every parameter; the table has the total.",
        why: "One for each of its 294,098 parameters. The height is one number more.",
        mistakes: [
          3: "Three is what the figure shows.",
          2: "Two is what the figure shows; the network has many more directions.",
        ]),
      Exercise(
        "start", "How high is the surface, about, where training of two classes begins?",
        number: Worked.loss("cross-entropy", logits: [0, 0]), within: 0.02,
        hint: "What is the loss of a network that knows nothing?",
        why: "About ln 2 = 0.693: with small random weights it says about half and half.",
        mistakes: [
          0.5: "That is the accuracy; the loss of a coin flip is ln 2.",
          0: "A loss of 0 is where training would like to end.",
        ]),
      Exercise(
        "cost",
        "A surface has 25 × 25 points, and its loss is a mean over 64 images. How many images go "
          + "through the network for one figure?",
        count: 25 * 25 * 64, hint: "At each point, all images.",
        why: "25 · 25 · 64 = 40,000. That is why surfaces take time, and why nobody looks for the "
          + "minimum by trying every point.",
        mistakes: [
          625: "That is the number of points.", 1600: "It is 25 times 25 points, not 25.",
        ]),
    ])

  static let backpropagation = Slide(
    name: "backpropagation", title: "Backpropagation",
    words: [
      "Gradient descent needs the slope of the loss with respect to every weight. Backpropagation "
        + "is the chain rule, from the loss back to the input: each layer multiplies what arrives "
        + "by its own derivative and hands it on. All slopes together cost about two forward "
        + "passes.",
      "On a network of 12 parameters every number can be written down: in each box a value and its "
        + "gradient, at the end of each arrow what the number is multiplied by. Where several ways "
        + "lead to the loss, what they bring is added up.",
      "Whether they are right can be checked: change a weight a little, and see whether the loss "
        + "changes as the slope says.",
    ],
    commands: [
      SlideCommand(
        "marbles backprop --out backprop", "follows one step of a small network, number by number",
        .init(
          "backprop/backprop.png",
          "Values in blue, forward; gradients in orange, back from the loss."),
        .init("backprop/backprop-moving.png", "The same as an animation, step by step."),
        .init("backprop/step-08.png", "Backward: a gradient is multiplied on each arrow.")),
      SlideCommand(
        "marbles backprop --architecture 'dense 2, relu, dense' --input 1,2 "
          + "--parameters 1,-1,2,1,0,-1,1,2,0,1,0,0 --path w11",
        "the same with a relu that is off: no way leads past it"),
      SlideCommand(
        "marbles gradcheck --architecture 'conv 4 3x3, relu, pool 2, flatten, dense' "
          + "--image-size 16", "compares every gradient with finite differences"),
    ],
    earlierFigures: [
      .init(
        "runs/fair/plots/layers.png",
        "In a real network: how long the gradient of each layer was, epoch by epoch, and how far "
          + "a step moved its weights.")
    ],
    exercises: [
      Exercise(
        "arrow",
        "In what marbles backprop prints, z₂ = v₂₁·a₁ + v₂₂·a₂ + c₂. The gradient of z₂ is "
          + "0.7516, a₁ is 0.6341 and v₂₁ is −0.7. What is the slope of the loss with respect to "
          + "v₂₁?",
        number: Worked.firstStep.gradient(of: "v₂₁"),
        hint: "What is v₂₁ multiplied by? That is the derivative on its arrow.",
        why: "∂L/∂v₂₁ = ∂L/∂z₂ · a₁ = 0.7516 · 0.6341 = 0.4766: what arrives, times what the "
          + "weight is multiplied by.",
        mistakes: [
          -0.5261: "That is what goes on to a₁; the derivative by the weight is a₁.",
          0.7516: "That is the slope with respect to z₂; the derivative of z₂ by v₂₁ is a₁.",
          0.6341: "That is ∂z₂/∂v₂₁; what arrives at z₂ is a factor, too.",
        ]),
      Exercise(
        "relu",
        "A weight w₁₁ is 1, its input x₁ is 1, and the sum it belongs to, h₁, is −1. A relu "
          + "follows. What is the slope of the loss with respect to w₁₁?",
        number: Worked.stepWithRelu.gradient(of: "w₁₁"), within: 0,
        hint: "What is the slope of max(0, h) at −1?",
        why: "Left of 0 relu is flat: its factor is 0, and nothing passes, whatever arrives. A "
          + "filter that is never above 0 learns nothing.",
        mistakes: [
          1: "That is ∂h₁/∂w₁₁ = x₁; the relu has the factor 0.",
          -1: "That is h₁; the factor of relu is 0 or 1, not its input.",
        ]),
      Exercise(
        "step",
        "In what marbles backprop prints, w₁₁ is 0.9 and its gradient −0.1395. What is it after a "
          + "step of gradient descent with learning rate 0.5?",
        number: Worked.firstStep.updated("w₁₁"), within: 0.001,
        hint: "Against the gradient: w − rate · gradient.",
        why: "0.9 − 0.5 · (−0.1395) = 0.9698. All 12 parameters take such a step at once, and the "
          + "loss falls from 1.393 to 0.618.",
        mistakes: [
          0.83025: "Downhill is against the gradient, which is negative: w₁₁ grows.",
          1.0395: "The learning rate is missing.",
          0.06975: "That is how far it moves; add it to 0.9.",
        ]),
    ])

  static let training = Slide(
    name: "training", title: "Train your network again, and keep track of the losses",
    words: [
      "Train, and look at two curves: the loss on the images that are learned from, and the loss "
        + "on images held out. While both fall, the network learns. When only the first falls, it "
        + "learns by heart.",
      "Everything is kept: the tables, the figures, every choice. The same seed gives the same "
        + "run.",
    ],
    commands: [
      SlideCommand(
        "marbles train practice --epochs 8 --name again", "trains",
        .init("runs/again/plots/loss.png", "Both losses begin near ln 2, the dotted line."),
        .init("runs/again/plots/accuracy.png", "How often it was right.")),
      SlideCommand(
        "marbles plot runs/again --log --theme synthwave --out again",
        "draws the losses once more, in another way",
        .init("again/loss.png", "On a logarithmic axis late progress can be seen.")),
      SlideCommand(
        "marbles evaluate runs/again --confusion confusion.png",
        "tests on images that were never seen",
        .init("confusion.png", "Which animals are taken for which.")),
      SlideCommand(
        "marbles predict runs/again practice/dog/dog-0001.jpg", "asks about one image"),
    ],
    exercises: [
      Exercise(
        "steps", "960 images are trained on in batches of 32. How many steps has an epoch?",
        count: 960 / 32, hint: "A step takes one batch.",
        why: "960 / 32 = 30. An epoch is one pass over all training images.",
        mistakes: [960: "A step takes a batch, not an image.", 32: "That is the batch."]),
      Exercise(
        "overfitting",
        "The training loss still falls, the validation loss has been rising for five epochs. What "
          + "now?",
        choices: [
          "Train longer: the training loss is still falling.":
            "It falls because images are learned by heart.",
          "Take the network with the lowest validation loss.": nil,
          "The learning rate is too small.":
            "Then both losses would fall slowly.",
        ],
        hint: "Which of the two losses speaks of new images?",
        why: "The validation loss speaks of images that were not learned from. Marbles keeps the "
          + "network of the best epoch, and --patience ends the run.",
      ),
      Exercise(
        "accuracy", "118 of 120 test images are right. What is the accuracy?",
        number: 118.0 / 120, within: 0.001, hint: "A fraction.",
        why: "118 / 120 = 98.3%. With so few images the true accuracy may be anything from 94.1% "
          + "to 99.5% (95% interval).",
        mistakes: [
          118: "An accuracy is a fraction from 0 to 1.", 98.3: "Write 0.983 or 98.3%.",
        ]),
    ])

  static let optimizers = Slide(
    name: "optimizers", title: "Try out different optimizers",
    words: [
      "Change one thing at a time: the same images, the same starting weights, the same number of "
        + "epochs; another optimizer. Each has rates that suit it, so a comparison at one rate for "
        + "all says little.",
      "A learning rate range test finds a rate to begin with.",
    ],
    commands: [
      SlideCommand(
        "marbles train practice --epochs 6 --optimizer adam --name adam", "trains with Adam"),
      SlideCommand(
        "marbles plot runs/sgd runs/momentum runs/adam --out optimizers",
        "draws three runs in one figure",
        .init("optimizers/loss.png", "Three optimizers, each at its default rate.")),
      SlideCommand(
        "marbles find-learning-rate practice --optimizer momentum --batch-size 128 "
          + "--out range-test.png",
        "tries learning rates from low to high",
        .init("range-test.png", "The loss falls, and rises where the rate is too large.")),
      SlideCommand(
        "marbles schedules --plot constant cosine step one-cycle --out schedules.png",
        "draws how the rate changes over a run",
        .init("schedules.png", "Large steps first, small ones at the end.")),
    ],
    exercises: [
      Exercise(
        "cosine",
        "The cosine schedule goes from 0.1 down to 0: rate = 0.1 · (1 + cos(π · t)) / 2. What is "
          + "the rate halfway, at t = 0.5?",
        number: Worked.value("0.1*(1+cos(pi*x))/2", at: 0.5), hint: "cos(π/2) = 0.",
        why: "0.1 · (1 + 0) / 2 = 0.05: half the peak.",
        mistakes: [0.1: "That is the peak, at t = 0.", 0: "That is the end, at t = 1."]),
      Exercise(
        "fair",
        "Adam at 0.001 reaches a loss of 0.3, gradient descent at 0.001 one of 0.6. Is Adam "
          + "better?",
        choices: [
          "Yes, by a factor of two.": "Gradient descent usually wants a much larger rate.",
          "That cannot be said: each needs a rate of its own.": nil,
          "No: Adam is always worse.": "No optimizer is always worse.",
        ],
        hint: "Remember what Adam does with the size of the slope.",
        why: "Adam's steps are about as long as its rate, those of gradient descent are scaled by "
          + "the slope. Find a good rate for each, then compare, and with several seeds.",
      ),
      Exercise(
        "decade",
        "A range test goes from 0.0001 to 0.1 in 200 steps, by the same factor each. What is the "
          + "rate in the middle?",
        number: (0.0001 * 0.1).squareRoot(), within: 0.0002,
        hint: "The same factor up as down: the geometric mean.",
        why: "√(0.0001 · 0.1) = 0.00316. Learning rates are compared by factors, so their axis is "
          + "logarithmic.",
        mistakes: [
          0.05005: "That is the mean; by factors the middle is lower.",
          0.05: "That is the mean; by factors the middle is lower.",
        ]),
    ])
}
