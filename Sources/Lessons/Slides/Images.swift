internal import Tensors

extension Slide {
  static let tensors = Slide(
    name: "tensors", title: "Images are tensors",
    words: [
      "A network sees no cat. It sees a block of numbers: height × width × channels, one number "
        + "for the red, the green and the blue of every pixel. Such a block is called a tensor.",
      "A batch of images is a tensor of one more dimension. All numbers lie in one long row in "
        + "memory; in Marbles the channels of a pixel are neighbors, then the pixels of a row, "
        + "then the rows.",
    ],
    commands: [
      SlideCommand(
        "marbles data sketch practice --count 1200", "draws cats and dogs to learn from"),
      SlideCommand(
        "marbles data show practice --out sheet.png --count 24", "shows some of them",
        .init("sheet.png", "What a person sees: cats above, dogs below.")),
      SlideCommand(
        "marbles data show practice --out augmented.png --augmented",
        "shows what training makes of an image in eight epochs",
        .init("augmented.png", "Mirrored and shifted: other numbers, the same animal.")),
      SlideCommand(
        "marbles data view practice/cat/cat-0001.jpg --image-size 64 --out seen.png",
        "writes exactly the pixels that a network gets",
        .init("seen.png", "64 × 64 pixels: this is all the network knows.")),
    ],
    exercises: [
      Exercise(
        "size", "How many numbers is a color image of 64 × 64 pixels?",
        count: Shape(height: 64, width: 64, channels: 3).count,
        hint: "Every pixel has a red, a green and a blue.",
        why: "64 rows of 64 pixels with 3 channels are 64 · 64 · 3 = 12,288 numbers.",
        mistakes: [
          4096: "That is the number of pixels; each of them has three channels.",
          192: "That is one row: 64 pixels of three channels. There are 64 rows.",
        ]),
      Exercise(
        "place",
        "An image is 4 pixels wide and has 3 channels. Counting all from 0: at which place in "
          + "memory is the red (channel 0) of the pixel in row 1, column 2?",
        count: (1 * 4 + 2) * 3,
        hint: "How many pixels come before it? Each of them takes three places.",
        why: "One row of 4 pixels and 2 pixels of the next come before it: 6 pixels of 3 numbers, "
          + "so it is at place 18.",
        mistakes: [
          6: "That is the number of pixels before it; each takes three places.",
          19: "Counting from 0, the first of 18 numbers is at place 0, and the next at 18.",
        ]),
      Exercise(
        "memory",
        "A number takes 4 bytes. How many bytes does a batch of 32 color images of 64 × 64 pixels "
          + "take?",
        count: Shape(batch: 32, height: 64, width: 64, channels: 3).count * 4,
        hint: "Begin with the numbers of one image.",
        why: "32 images of 12,288 numbers of 4 bytes: 1,572,864 bytes, about 1.6 MB. The "
          + "activations of the layers take much more.",
        mistakes: [
          393_216: "Those are the numbers of the batch; each of them takes 4 bytes.",
          49_152: "That is a single image.",
        ]),
    ])

  static let bias = Slide(
    name: "bias", title: "The data decide what is learned",
    words: [
      "A network learns whatever lowers its loss. If cats are photographed indoors and dogs on "
        + "grass, the color of the grass is easier to learn than the shape of an ear. On new "
        + "images of the same kind nobody notices; on others it fails.",
      "Marbles can draw such a set on purpose. Two networks are trained here, one on fair and one "
        + "on biased drawings, and both are tested on fair ones. Of these, three kinds are counted "
        + "apart: the background is that of the biased set (typical: yes), that of the other "
        + "animal (no), or one that tells nothing (neither).",
      "Then a patch covers one place of an image after the other. Where the answer suffers, the "
        + "network has looked: on the animal, or beside it? Masks that are drawn with the images "
        + "say which.",
    ],
    commands: [
      SlideCommand(
        "marbles data sketch biased --count 1200 --bias background=0.95",
        "draws a set in which the background gives the animal away"),
      SlideCommand(
        "marbles data mean biased --out mean.png", "averages the images of each class",
        .init("mean.png", "No animal is left, but the grass below the dogs is.")),
      SlideCommand(
        "marbles data stats biased --out stats.png",
        "measures how far color alone gets",
        .init("stats.png", "On grass there is less red and blue: a shortcut.")),
      SlideCommand(
        "marbles data sketch unbiased --count 1000 --seed 2 --list --masks",
        "draws fair images for the test, with a list of what they show and masks of the animals"),
      SlideCommand(
        "marbles train practice --epochs 8 --name fair", "trains on the fair set",
        .init("runs/fair/plots/loss.png", "The loss of the network that was trained fairly.")),
      SlideCommand(
        "marbles train biased --epochs 8 --name biased", "trains on the biased set",
        .init("runs/biased/plots/loss.png", "Lower and sooner: the shortcut is easy to learn.")),
      SlideCommand(
        "marbles evaluate runs/fair unbiased.csv --slices typical --confusion fair-confusion.png",
        "tests the first network, and each kind of background by itself",
        .init("fair-confusion.png", "What the network of the fair set takes them for.")),
      SlideCommand(
        "marbles evaluate runs/biased unbiased.csv --slices typical "
          + "--confusion biased-confusion.png",
        "tests the second network on the same images",
        .init("biased-confusion.png", "The same test for the network that learned the grass.")),
      SlideCommand(
        "marbles explain runs/fair unbiased/*/*-000[1-4].* --method occlusion "
          + "--masks unbiased-masks --out fair-looks",
        "measures how much of what speaks for the answer lies on the animal",
        .init(
          "fair-looks/cat-0001/explanation.png",
          "What speaks for the answer; the table says how much of it is on the animal.")),
      SlideCommand(
        "marbles explain runs/biased unbiased/*/*-000[1-4].* --method occlusion "
          + "--masks unbiased-masks --out biased-looks",
        "the same for the network of the biased set",
        .init(
          "biased-looks/cat-0001/explanation.png",
          "The same cat on grass: the hedge behind it speaks for a dog.")),
    ],
    exercises: [
      Exercise(
        "always",
        "A folder holds 10 cats and 90 dogs. What is the accuracy of a program that always says "
          + "dog?",
        number: 90.0 / 100, within: 0,
        hint: "For how many of the 100 images is it right?",
        why: "It is right for 90 of 100: 0.9, without having looked at a single image. Compare an "
          + "accuracy with that of such a program.",
        mistakes: [
          0.5: "That holds for classes of the same size.",
          90: "An accuracy is a fraction from 0 to 1; write 0.9 or 90%.",
        ]),
      Exercise(
        "shortcut",
        "A network was trained on cats indoors and dogs on grass, and is right for 98% of test "
          + "images from the same photographers. What does it make of a cat on grass?",
        choices: [
          "A cat, surely: 98% is a high accuracy.":
            "The 98% were measured on images with the same shortcut, and say nothing of others.",
          "It refuses to answer.":
            "A classifier always answers: its probabilities sum to 1.",
          "Quite possibly a dog.": nil,
        ],
        hint: "What did all test images of dogs have in common?",
        why: "The test images have the same shortcut, so the test cannot tell whether the network "
          + "knows ears or grass. Test on images from elsewhere.",
      ),
      Exercise(
        "hidden",
        "A network is right for 98% of the images with a typical background, and for 40% of the "
          + "others. What is its accuracy on a test set in which 95% of the backgrounds are "
          + "typical?",
        number: 0.95 * 0.98 + 0.05 * 0.4, within: 0.002,
        hint: "Of 100 test images 95 are typical. For how many of all is it right?",
        why: "0.95 · 0.98 + 0.05 · 0.40 = 0.951: a test set with the same bias hides it. With "
          + "half of them typical it would be 0.69; evaluate --slices shows each part by itself.",
        mistakes: [
          0.69: "That is the accuracy where half of the backgrounds are typical.",
          0.98: "One image of twenty is not typical, and it fails for most of those.",
        ]),
    ])
}
