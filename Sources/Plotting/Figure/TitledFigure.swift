/// A figure whose title can be replaced by one that suits where it is shown.
public protocol TitledFigure: Figure {
  var title: String { get set }
}

extension TitledFigure {
  /// The figure under another title.
  public func titled(_ title: String) -> Self {
    var figure = self
    figure.title = title
    return figure
  }
}
