internal import Tensors

extension Slide {
  static let convolution = Slide(
    name: "convolution", title: "Convolution",
    words: [
      "A convolution slides a small window, say 3 × 3 pixels, over the image. At each place it "
        + "multiplies what it sees by its weights and adds everything up: one number, large where "
        + "the image looks like the weights.",
      "The same few weights are used everywhere, so an ear is found wherever it is. With several "
        + "sets of weights (filters) the result has several channels.",
    ],
    commands: [
      SlideCommand(
        "marbles models --architecture 'conv 8 3x3 padding valid, relu, pool 2, flatten, dense' "
          + "--image-size 32", "shows the shape, the parameters and the work of each layer"),
      SlideCommand(
        "marbles models lecture --image-size 150", "the same for the network of the lecture"),
    ],
    exercises: [
      Exercise(
        "shape",
        "An image of 32 × 32 pixels goes through a convolution of 3 × 3 without padding. How many "
          + "rows has the result?",
        count: Worked.shape("conv 8 3x3 padding valid", imageSize: 32).height,
        hint: "In how many places does a window of 3 rows fit into 32 rows?",
        why: "The window fits at 32 − 3 + 1 = 30 places. With one pixel of padding on every side "
          + "(padding same) the size stays 32.",
        mistakes: [
          32: "That is the size with padding; without it the window does not reach the edge.",
          29: "The first place counts too: 32 − 3 + 1.",
          10: "The window moves by one pixel, not by its own size; pooling does that.",
        ]),
      Exercise(
        "parameters",
        "How many parameters has a convolution with 8 filters of 3 × 3 on a color image? Each "
          + "filter has a bias.",
        count: Worked.parametersOfFirstLayer("conv 8 3x3", imageSize: 32),
        hint: "A filter has a weight for each pixel of its window and each channel of its input.",
        why: "A filter has 3 · 3 · 3 = 27 weights and a bias: 8 · 28 = 224, whatever the size of "
          + "the image.",
        mistakes: [
          216: "The biases are missing: one for each filter.",
          80: "A filter reaches through all three channels of the image.",
          72: "A filter reaches through all three channels of the image, and has a bias.",
        ]),
      Exercise(
        "sum",
        "The weights are (−1, 0, 1) and the pixels below them (2, 5, 7). What does the "
          + "convolution give there, with bias 0?",
        number: zip([-1.0, 0, 1], [2.0, 5, 7]).reduce(0) { $0 + $1.0 * $1.1 }, within: 0,
        hint: "Multiply pair by pair, then add.",
        why: "−1 · 2 + 0 · 5 + 1 · 7 = 5. These weights answer to brightness that grows from left "
          + "to right: they find an edge.",
        mistakes: [
          9: "The first weight is −1.",
          -5: "In networks the window is not turned around; strictly it is a cross-correlation.",
        ]),
    ])

  static let pooling = Slide(
    name: "pooling", title: "Pooling",
    words: [
      "Pooling makes a map smaller: it keeps the largest number of each window, or the mean. An "
        + "ear is then known to be somewhere in the window, not where exactly.",
      "It has no parameters. After a few rounds of convolution and pooling each number of the map "
        + "depends on a large part of the image.",
    ],
    commands: [
      SlideCommand("marbles layers", "lists all layers an architecture is written with")
    ],
    exercises: [
      Exercise(
        "shape", "A map of 30 × 30 numbers goes through pool 2. How many rows has the result?",
        count: Worked.shape("conv 8 3x3 padding valid, pool 2", imageSize: 32).height,
        hint: "Windows of 2 × 2 lie side by side.",
        why: "Windows of two rows lie side by side: 30 / 2 = 15.",
        mistakes: [
          29: "The windows do not overlap: they move by their own size.",
          28: "The windows do not overlap: they move by their own size.",
          7: "That is pool 4.",
        ]),
      Exercise(
        "maximum", "What does pool 2 (the largest) give for the window with rows (1, −3), (4, 2)?",
        number: [1.0, -3, 4, 2].max() ?? .nan, within: 0, hint: "It keeps one of the four.",
        why: "The largest of 1, −3, 4 and 2 is 4. average-pool 2 would give their mean, 1.",
        mistakes: [1: "That is the mean: average-pool.", -3: "That is the smallest."]),
      Exercise(
        "parameters", "How many parameters has pool 2 on a map of 30 × 30 × 8?",
        count: Worked.parametersOfFirstLayer("pool 2", imageSize: 30),
        hint: "What could it learn?",
        why: "None: the largest number is the largest number. All that is learned is in "
          + "convolutions, dense layers and normalizations.",
        mistakes: [4: "Its window has four places, but no weights."]),
    ])

  static let seeing = Slide(
    name: "seeing", title: "How neural networks understand images",
    words: [
      "The first filters look for edges and colors. Later ones combine them: edges become corners, "
        + "corners eyes and ears. Nobody tells them to; it lowers the loss.",
      "To see what a network looks at, hide a part of the image and watch its answer; or follow "
        + "the gradient back to the maps that speak for a class.",
    ],
    commands: [
      SlideCommand(
        "marbles models kitten", "shows how maps become smaller and channels more, layer by layer"),
      SlideCommand(
        "marbles predict runs/fair practice/cat/cat-0001.jpg practice/dog/dog-0001.jpg",
        "asks the network about two images"),
    ],
    exercises: [
      Exercise(
        "weights",
        "How many weights has one filter of the first layer, of 3 × 3 on a color image, "
          + "without its bias?",
        count: Worked.parametersOfFirstLayer("conv 1 3x3 no-bias", imageSize: 16),
        hint: "It can be drawn as a tiny color image.",
        why: "3 · 3 pixels with 3 channels: 27. That is why filters of the first layer can be "
          + "drawn in color, and later ones, with many channels, cannot.",
        mistakes: [9: "It has a weight for the red, the green and the blue of each pixel."]),
      Exercise(
        "view",
        "Two convolutions of 3 × 3 follow one another. How many pixels wide is the part of the "
          + "image that one number of the second map depends on?",
        count: 1 + 2 * (3 - 1),
        hint: "One number of the second map sees 3 numbers of the first, side by side. What do the "
          + "two outer ones see?",
        why: "Each convolution adds one pixel on either side: 1 + 2 + 2 = 5, the receptive field.",
        mistakes: [
          6: "The windows overlap: each adds 2, not 3.", 9: "The windows overlap: each adds 2.",
          3: "That is what the first map sees.",
        ]),
      Exercise(
        "occlusion",
        "A gray square over the dog's head leaves the answer as it is: dog, 98%. A square over the "
          + "grass makes it: cat, 70%. What did the network learn?",
        choices: [
          "Heads of dogs.": "Without the head it was as sure as before.",
          "The grass.": nil,
          "Nothing: it guesses.": "It is sure of itself, and changes its mind for a reason.",
        ],
        hint: "Which part of the image does the answer depend on?",
        why: "What changes the answer when it is hidden is what the answer rests on: here the "
          + "background. That is bias from data, seen from inside.",
      ),
    ])
}
