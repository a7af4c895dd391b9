/// A wrapper in a catalogue: parameters of every optimizer, and the wrapper that they switch on.
public struct OptimizerWrapperEntry: CatalogueEntry {
  public static let kind = "optimizer wrapper"

  public let parameters: [ChoiceParameter]
  /// Makes the wrapper around an optimizer.
  public let make: @Sendable (any Optimizer, OptimizerSettings) -> any OptimizerWrapper

  /// The name of the parameter that switches the wrapper on.
  public var name: String { parameters[0].name }
  public var summary: String { parameters[0].summary }

  /// Creates an entry.
  ///
  /// - Parameters:
  ///   - parameter: What switches the wrapper on; at its default, 0, there is no wrapper.
  ///   - others: Its other parameters.
  ///   - make: Makes the wrapper; called only when it is on.
  /// - Precondition: The first parameter's default is 0.
  public init(
    _ parameter: ChoiceParameter, _ others: [ChoiceParameter] = [],
    make: @escaping @Sendable (any Optimizer, OptimizerSettings) -> any OptimizerWrapper
  ) {
    precondition(
      parameter.defaultValues == [0],
      "'\(parameter.name)' is \(parameter.defaultText) by default, and 0 is off")
    parameters = [parameter] + others
    self.make = make
  }
}
