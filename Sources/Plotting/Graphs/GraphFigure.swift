/// A computation from left to right: boxes with values and gradients, and arrows between them.
///
/// Each arrow ends at the row of a box that says what its number is multiplied by. Values have one
/// color, gradients another; what a step works on is drawn in the color of its direction.
public struct GraphFigure: TitledFigure {
  /// What a step does with a box or an arrow.
  public enum Activity: Hashable, Sendable {
    /// It comes later.
    case pending
    /// It was done before.
    case idle
    /// The step computes its value.
    case forward
    /// The step computes its gradient.
    case backward
  }

  /// A line of a box.
  public struct Row: Hashable, Sendable {
    /// What it is, its value and its gradient.
    public var name: String, value: String, gradient: String
    /// Whether the value is a factor of the chain rule, which has no gradient of its own.
    public var isFactor: Bool
    /// Whether value and gradient are known yet; room is left for them.
    public var showsValue = true, showsGradient = true
    /// Another value for which room is left, so that all figures of a computation have one size.
    public var otherValue = ""

    /// Creates a line.
    public init(_ name: String, value: String, gradient: String = "", isFactor: Bool = false) {
      self.name = name
      self.value = value
      self.gradient = gradient
      self.isFactor = isFactor
    }
  }

  /// A number, with what it follows from.
  public struct Box: Hashable, Sendable {
    /// The column it stands in, from 0; columns are filled from top to bottom.
    public var column: Int
    /// The number itself; nil for a list of numbers that several boxes use.
    public var head: Row?
    /// Below it, what arrows end at.
    public var rows: [Row]
    /// What the step does with it.
    public var activity: Activity

    /// Creates a box.
    public init(column: Int, head: Row?, rows: [Row], activity: Activity = .idle) {
      self.column = column
      self.head = head
      self.rows = rows
      self.activity = activity
    }

    var lines: [Row] { (head.map { [$0] } ?? []) + rows }
  }

  /// From one box to a row of another, or to its head if it has no rows.
  public struct Arrow: Hashable, Sendable {
    /// Places of the boxes.
    public var source: Int, target: Int
    /// The row of the target.
    public var row: Int
    /// What the step does with it.
    public var activity: Activity

    /// Creates an arrow.
    public init(from source: Int, to target: Int, row: Int, activity: Activity = .idle) {
      self.source = source
      self.target = target
      self.row = row
      self.activity = activity
    }
  }

  /// Says what is shown.
  public var title: String
  /// Says what the step does.
  public var subtitle: String
  /// Facts about the computation.
  public var footer: String
  /// The names of the columns.
  public var columns: [String]
  /// Column by column.
  public var boxes: [Box]
  /// Between neighboring columns.
  public var arrows: [Arrow]
  /// The colors.
  public var theme: Theme

  /// Creates a figure.
  ///
  /// - Precondition: Columns, boxes and rows that are named exist.
  public init(
    title: String, subtitle: String, footer: String, columns: [String], boxes: [Box],
    arrows: [Arrow], theme: Theme = .light
  ) {
    precondition(
      boxes.allSatisfy { columns.indices.contains($0.column) }, "a box without a column")
    precondition(
      arrows.allSatisfy { boxes.indices.contains($0.source) && boxes.indices.contains($0.target) },
      "an arrow without a box")
    self.title = title
    self.subtitle = subtitle
    self.footer = footer
    self.columns = columns
    self.boxes = boxes
    self.arrows = arrows
    self.theme = theme
  }

  public var size: Size { GraphLayout(self).size }
}
