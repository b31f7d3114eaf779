import Text

/// How far a folder is, and how long the rest will take.
struct PredictionPace {
  private let images: Int
  private var done = 0
  private var made = 0
  private let start = ContinuousClock.now

  init(images: Int) { self.images = images }

  mutating func count(_ one: PredictionOutcome.Case) {
    done += 1
    if one.state == .predicted { made += 1 }
  }

  /// Of a case that was just counted.
  func line(_ one: PredictionOutcome.Case) -> String {
    let place = "\(done) of \(images)"
    switch one.state {
    case .there: return "\(place): \(one.name) is there already"
    case .refused, .failed: return "\(place): \(one.name): error: \(one.problem ?? "")"
    case .predicted:
      let elapsed = start.duration(to: .now) / .seconds(1)
      let left = done < images ? ", \(Quantity.duration(elapsed / Double(made) * Double(images - done))) left" : ""
      return "\(place): \(one.name) in \(Quantity.duration(one.seconds ?? 0))\(one.changes)\(left)"
    }
  }
}
