internal import Support

/// A lecture: slides in the order in which they are shown.
package struct Lecture: Sendable {
  /// The slides in order.
  package let slides: [Slide]

  /// Creates a lecture.
  package init(_ slides: [Slide]) { self.slides = slides }

  /// "What are we doing today? Marbles!": from images as tensors to trying out optimizers.
  package static let standard = Lecture([
    .tensors, .bias, .convolution, .pooling, .seeing, .distances, .errors, .classification,
    .ownObjective, .bowl, .learningRate, .localMinima, .momentum, .marbles, .training,
    .lossSurface, .backpropagation, .optimizers,
  ])

  /// The slide of a name, or the name that was probably meant.
  package func slide(named name: String) -> (slide: Slide?, meant: String?) {
    let slide = slides.first { $0.name == name }
    return (slide, slide == nil ? closest(to: name, in: slides.map(\.name)) : nil)
  }

  /// Every exercise with its key, in order.
  package var exercises: [(key: String, exercise: Exercise)] {
    slides.flatMap { slide in slide.exercises.map { (slide.key(of: $0), $0) } }
  }
}

/// One slide: what to say, what to run, what to see and what to ask.
package struct Slide: Sendable {
  /// What `marbles lesson` takes, such as `learning-rate`.
  package let name: String
  /// The heading.
  package let title: String
  /// What to say, one text for each paragraph.
  package let words: [String]
  /// What to run, in order, in one folder for the whole lecture.
  package let commands: [SlideCommand]
  /// What commands of earlier slides have left to look at here.
  package let earlierFigures: [SlideCommand.Figure]
  /// What to ask.
  package let exercises: [Exercise]

  /// Creates a slide.
  init(
    name: String, title: String, words: [String], commands: [SlideCommand],
    earlierFigures: [SlideCommand.Figure] = [], exercises: [Exercise]
  ) {
    (self.name, self.title, self.words) = (name, title, words)
    (self.commands, self.earlierFigures) = (commands, earlierFigures)
    self.exercises = exercises
  }

  /// Everything to look at, in order.
  package var figures: [SlideCommand.Figure] { commands.flatMap(\.figures) + earlierFigures }

  /// What progress calls an exercise of the slide: `bowl/slope`.
  package func key(of exercise: Exercise) -> String { "\(name)/\(exercise.name)" }
}

/// A command as a student types it, and the figures it leaves.
package struct SlideCommand: Sendable {
  /// A file that a command writes, and what to see in it.
  package struct Figure: Sendable {
    /// Its path below the folder of the lecture.
    package let path: String
    /// What to look at, a sentence.
    package let caption: String

    /// The file in `Documentation/images` that the page shows; nil for none.
    package let picture: String?

    /// Creates a figure.
    package init(_ path: String, _ caption: String, picture: String? = nil) {
      self.path = path
      self.caption = caption
      self.picture = picture
    }
  }

  /// What a shell takes.
  package let text: String
  /// What it is for, without a full stop.
  package let purpose: String
  /// What it leaves to look at; none where the text it prints is the result.
  package let figures: [Figure]

  /// Creates a command.
  package init(_ text: String, _ purpose: String, _ figures: Figure...) {
    (self.text, self.purpose, self.figures) = (text, purpose, figures)
  }
}
