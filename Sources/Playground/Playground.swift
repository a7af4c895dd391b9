internal import Foundation
package import LocalServer
internal import Optimization
internal import PageFrame
internal import Plotting
internal import Races
internal import Support

/// The page on which marbles roll: its files, and what it asks for.
package enum Playground {
  /// Everything that is served.
  package static var routes: [Route] {
    assets
      + [
        Route(.get, "/playground/catalogue") { _ in Response(json: Catalogue()) },
        Route.question("/playground/race") { (request: Question) throws(FieldError) in
          Response(json: RaceDescription(try request.wantedRace()))
        },
        Route.question("/playground/ground") { (request: Question) throws(FieldError) in
          Response(json: GroundView(try request.race.ground()))
        },
        Route.question("/playground/steps", steps),
        Route.question("/playground/rates") { (request: Question) throws(FieldError) in
          guard let view = RatesView(try request.wantedRace(limit: mapSteps)) else {
            throw FieldError(field: "marbles", message: "none of them has a learning rate")
          }
          return Response(json: view)
        },
        Route.question("/playground/basins", basins), Route.question("/playground/figure", figure),
      ]
  }

  /// The most steps of each marble of a map, which holds many.
  private static let mapSteps = 400
  /// The most steps of one answer.
  package static let stepsAtOnce = 1000

  /// What the page asks about a race.
  private struct Question: Codable {
    var race: RaceState
    /// The number of steps; nil for 100.
    var steps: Int?
    /// The first step wanted; nil for 0.
    var first: Int?
    var isExplained: Bool?
    /// The index of a marble, from 0.
    var marble: Int?
    var kind: String?, format: String?, theme: String?

    func wantedRace(limit: Int = RaceState.mostSteps) throws(FieldError) -> Race {
      try race.race(steps: min(steps ?? 100, limit))
    }
  }

  // MARK: Answers

  private static func steps(_ request: Question) throws(FieldError) -> Response {
    let race = try request.wantedRace()
    let first = request.first ?? 0
    guard first >= 0, first <= race.steps, race.steps - first < stepsAtOnce else {
      throw FieldError(
        field: "first",
        message: "\(first), expected one of the last \(stepsAtOnce) of \(race.steps) steps")
    }
    return Response(json: RaceSteps(race, from: first, isExplained: request.isExplained ?? false))
  }

  private static func basins(_ request: Question) throws(FieldError) -> Response {
    let race = try request.wantedRace(limit: mapSteps)
    try requirePlane(race)
    let marble = request.marble ?? 0
    guard race.contestants.indices.contains(marble) else {
      throw FieldError(
        field: "marble", message: "\(marble), expected 0 to \(race.contestants.count - 1)")
    }
    return Response(json: BasinsView(race, marble: marble))
  }

  private static func figure(_ request: Question) throws(FieldError) -> Response {
    let race = try request.wantedRace()
    return try Response.drawing(as: request.format, in: request.theme) { theme throws(FieldError) in
      let figures = RaceFigures(race, race.rolls(), theme: theme)
      switch request.kind ?? "map" {
      case "map": return figures.map
      case "landscape":
        try requirePlane(race)
        return figures.landscape
      case "rates":
        guard let map = figures.rateMap else {
          throw FieldError(field: "marbles", message: "none of them has a learning rate")
        }
        return map
      case "basins":
        try requirePlane(race)
        return figures.basinMap
      default:
        throw FieldError(field: "kind", message: "expected map, landscape, rates or basins")
      }
    }
  }

  private static func requirePlane(_ race: Race) throws(FieldError) {
    guard race.surface.dimension == 2 else {
      throw FieldError(field: "surface", message: "a curve has none; choose a surface of x and y")
    }
  }
}
