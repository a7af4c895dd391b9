internal import ObjectiveFigures
internal import Optimization

/// All that the page lets one choose.
struct ObjectiveChoices: Encodable {
  struct Entry: Encodable { var name: String, summary: String }

  /// A formula to begin with.
  struct Start: Encodable {
    var name: String, formula: String
    /// What to look at.
    var sentence: String
  }

  let entries = ObjectiveCatalogue.standard.entries.map {
    Entry(name: $0.name, summary: $0.summary)
  }
  /// What a formula may contain.
  let words =
    "\(ObjectiveChoice.variables.joined(separator: ", ")): the target of a class, its probability, "
    + "its logit, the logarithm of p, the number of classes; for a line, z and p are the number "
    + "that is predicted. Numbers, pi, e, + − * / ^, comparisons, && || !, and "
    + "\(Formula.functionSignatures.joined(separator: ", "))."
  let mostObjectives = ObjectiveState.mostObjectives
  let readings = ObjectiveState.firstReadings
  let starts = [
    Start(
      name: "Squared error", formula: "(y-p)^2",
      sentence: "An error twice as large costs four times as much: a single knock bends the line."),
    Start(
      name: "Absolute error", formula: "abs(y-p)",
      sentence: "Every error pulls with the same slope, so that few large ones are outvoted."),
    Start(
      name: "Huber", formula: "huber(y-p, 1)",
      sentence: "Round near 0, where the square is, and straight beyond, where outliers are."),
    Start(
      name: "Cross-entropy", formula: "-y*logp",
      sentence: "For classes: the less probable the right one is held, the harder it pulls."),
    Start(
      name: "Square root", formula: "sqrt(abs(y-p))",
      sentence: "Large errors hardly pull any more, and near 0 the slope has no bound."),
    Start(
      name: "Blind", formula: "(p-1/k)^2",
      sentence: "It never looks at the target y. Where does the line go, and can a network learn?"),
    Start(
      name: "Explosive", formula: "exp((z-20*y)^2)",
      sentence: "Wrong logits cost more than any number can hold: see what training says."),
  ]
}
