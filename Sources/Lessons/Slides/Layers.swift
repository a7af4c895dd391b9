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
      "Computers do it as a product of two matrices: every patch below the window becomes a row, "
        + "every filter a column. That is called im2col.",
    ],
    commands: [
      SlideCommand(
        "marbles models --architecture 'conv 8 3x3 padding valid, relu, pool 2, flatten, dense' "
          + "--image-size 32", "shows the shape, the parameters and the work of each layer"),
      SlideCommand(
        "marbles models lecture --image-size 150", "the same for the network of the lecture"),
      SlideCommand(
        "marbles explain runs/fair unbiased/cat/cat-0001.jpg --out seen-by",
        "shows what a trained network makes of an image; figures of the next slides as well",
        .init(
          "seen-by/convolution.png",
          "A patch times a filter, number by number, and all patches times all filters."),
        .init("seen-by/filters.png", "The filters of the first convolution, as tiny images.")),
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
    earlierFigures: [
      .init(
        "seen-by/pooling.png",
        "A map before and after the first pooling, and which of its numbers were kept.")
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
        number: Worked.pooled.value, within: 0, hint: "It keeps one of the four.",
        why: "The largest of 1, −3, 4 and 2 is 4. average-pool 2 would give their mean, 1.",
        mistakes: [1: "That is the mean: average-pool.", -3: "That is the smallest."]),
      Exercise(
        "change", "The 2 of that window grows by 0.5. By how much does the result grow?",
        number: 0.5 * Worked.pooled.factor, within: 0, hint: "Which of the four is kept now?",
        why: "By 0: the largest is still 4. Only the largest number of a window counts, and only "
          + "through it does a gradient find its way back.",
        mistakes: [
          0.5: "That holds for the largest number of the window.",
          0.125: "That holds for average-pool, in which each of the four counts a quarter.",
        ]),
    ])

  static let seeing = Slide(
    name: "seeing", title: "How neural networks understand images",
    words: [
      "The first filters look for edges and colors. Later ones combine them: edges become corners, "
        + "corners eyes and ears. Nobody tells them to; it lowers the loss.",
      "To see what a network looks at, hide a part of the image and watch its answer (occlusion); "
        + "or follow the gradient back: to the last maps (Grad-CAM, LayerCAM), or to every pixel "
        + "(integrated gradients).",
      "Such a map looks convincing even where it shows nothing but the image. So each is compared "
        + "with those of networks with random weights: if they look alike, nothing learned is "
        + "in it.",
    ],
    commands: [
      SlideCommand(
        "marbles models kitten", "shows how maps become smaller and channels more, layer by layer"),
      SlideCommand(
        "marbles predict runs/fair practice/cat/cat-0001.jpg practice/dog/dog-0001.jpg",
        "asks the network about two images"),
    ],
    earlierFigures: [
      .init("seen-by/activations.png", "What each layer makes of the image: from edges to spots."),
      .init("seen-by/explanation.png", "What speaks for the answer and against it, in four ways."),
      .init(
        "seen-by/random-weights.png",
        "The same maps of networks that have learned nothing: which of them look alike?"),
    ],
    exercises: [
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
        "random",
        "A map of what a network looks at on a photo hardly changes when all its weights are drawn "
          + "at random. What does the map show?",
        choices: [
          "The photo: its edges and contrasts.": nil,
          "What the network has learned.":
            "A network with random weights has learned nothing, and has the same map.",
          "That the network is wrong.":
            "The answer may well be right; it is the map that says nothing of the network.",
        ],
        hint: "What do the trained network and the random one have in common?",
        why: "What stays the same without anything learned was not learned: only the photo and the "
          + "kind of network are left. marbles explain prints how alike the maps are, as a rank "
          + "correlation from 0 to 1.",
      ),
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
