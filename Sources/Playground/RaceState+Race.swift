internal import Optimization
package import LocalServer
package import Races

extension RaceState {
  /// The most marbles, steps and changes of a marble.
  package static let mostMarbles = 6, mostSteps = 10_000, mostChanges = 200

  /// The race that this describes.
  ///
  /// - Parameter steps: 0...10,000.
  /// - Throws: `FieldError` for the first field that cannot be used.
  package func race(steps: Int) throws(FieldError) -> Race {
    guard (0...Self.mostSteps).contains(steps) else {
      throw FieldError(field: "steps", message: "\(steps), expected 0 to \(Self.mostSteps)")
    }
    let ground = try ground()
    guard (1...Self.mostMarbles).contains(marbles.count) else {
      throw FieldError(
        field: "marbles", message: "\(marbles.count), expected 1 to \(Self.mostMarbles)")
    }
    var contestants: [Race.Contestant] = []
    for (index, marble) in marbles.enumerated() {
      contestants.append(try marble.contestant("marbles.\(index + 1)"))
    }
    return Race(on: ground, from: start, contestants, steps: steps, noise: try gradientNoise())
  }

  /// The surface with the window, on which the start has a height.
  func ground() throws(FieldError) -> Surface {
    var ground: Surface
    do throws(ChoiceError) {
      ground = try Surface(surface)
    } catch {
      guard case .formula(let error) = error else {
        throw FieldError(field: "surface", message: error.description)
      }
      throw FieldError(field: "surface", message: error.description, position: error.position)
    }
    if let window {
      do throws(WindowError) {
        ground = try ground.drawn(between: window)
      } catch {
        throw FieldError(field: "window", message: "expected \(error.expected)")
      }
    }
    let start = start ?? ground.start
    guard start.count == ground.dimension, start.allSatisfy(\.isFinite) else {
      throw FieldError(
        field: "start", message: "expected \(ground.formula.variables.joined(separator: " and "))")
    }
    guard ground.value(at: start).isFinite else {
      throw FieldError(field: "start", message: "the surface has no height there; choose another")
    }
    return ground
  }

  private func gradientNoise() throws(FieldError) -> GradientNoise? {
    guard let noise, noise != 0 else { return nil }
    guard (0...1e6).contains(noise) else {
      throw FieldError(field: "noise", message: "\(noise), expected 0 to 1000000")
    }
    return GradientNoise(strength: noise, seed: seed ?? 1)
  }
}

extension RaceState.Marble {
  fileprivate func contestant(_ field: String) throws(FieldError) -> Race.Contestant {
    let choice = try MarbleChoice(optimizer, field: "\(field).optimizer")
    let changes = changes ?? []
    guard changes.count <= RaceState.mostChanges else {
      throw FieldError(
        field: "\(field).changes",
        message: "\(changes.count), expected \(RaceState.mostChanges) or fewer")
    }
    var rollChanges: [Roll.Change] = []
    for (index, change) in changes.enumerated() {
      let field = "\(field).changes.\(index + 1)"
      guard change.step >= 0 else {
        throw FieldError(field: "\(field).step", message: "\(change.step), expected 0 or more")
      }
      let changed = try MarbleChoice(change.optimizer, field: "\(field).optimizer")
      guard changed.name == choice.name else {
        throw FieldError(
          field: "\(field).optimizer",
          message: "'\(changed.name)', expected \(choice.name) with other parameters")
      }
      rollChanges.append(Roll.Change(atStep: change.step, to: changed))
    }
    return Race.Contestant(choice, changes: rollChanges)
  }
}

extension MarbleChoice {
  fileprivate init(_ text: String, field: String) throws(FieldError) {
    do throws(ChoiceError) {
      try self.init(text)
    } catch {
      throw FieldError(field: field, message: error.description)
    }
  }
}
