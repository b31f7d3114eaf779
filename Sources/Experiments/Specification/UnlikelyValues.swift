import JSON
import Networks
import Text

extension Specification {
  /// Values that are allowed and surely not meant: one line each, with the place and what is usual.
  package var unlikelyValues: [String] {
    let lines = variants.indices.flatMap { index in
      variants[index].training.unlikelyValues.map { field, words -> String in
        let path = written(field, of: "training", variant: index)
        return JSONError.description(words, at: path, place(of: path))
      }
    }
    return renamedVariants + lines.distinct
  }

  /// A name is no part of a plan, so that a variant keeps its runs whatever an option calls it.
  private var renamedVariants: [String] {
    variants.compactMap(\.source.path).distinct.compactMap { variant in
      let (path, place) = (variant / "name", place(of: variant / "name"))
      guard case .option = place.origin, (place.line, place.column) == (1, 1), document.holds(path) else { return nil }
      return JSONError.description(
        "the variant has this name in this command only, and keeps its runs; give the same --set to every command that is"
          + " to call it so, or change the name in the file",
        at: path, place)
    }
  }
}

extension TrainingPlan {
  /// The field, what it says, and what would be usual.
  fileprivate var unlikelyValues: [(field: String, words: String)] {
    rateIsUnlikely + decayIsUnlikely + stoppingIsUnlikely
  }

  /// With Adam a step moves every parameter by about the rate, and parameters are about 0.01 to 1; nnU-Net's SGD begins
  /// at 0.01.
  private var rateIsUnlikely: [(field: String, words: String)] {
    let (most, usual) = optimiser.rule == .sgd ? (1.0, "0.01") : (0.1, "0.0001 to 0.001")
    let found = CanonicalJSON.text(learningRate)
    if learningRate > most {
      return [("learningRate", "\(found) will not converge; usual with \(optimiser.rule.rawValue) is \(usual)")]
    }
    if learningRate < 1e-7 {
      return [("learningRate", "\(found) changes nothing; usual with \(optimiser.rule.rawValue) is \(usual)")]
    }
    return []
  }

  /// As a term of the gradient it outweighs the loss; AdamW's shortens the parameters by rate times decay in every step.
  private var decayIsUnlikely: [(field: String, words: String)] {
    let decay = adam.weightDecay
    let isTooMuch = optimiser.rule == .adamw ? decay * learningRate > 0.01 : decay > 0.1
    guard isTooMuch else { return [] }
    let usual = optimiser.rule == .adamw ? "0.01" : "0.00001 to 0.0001"
    return [
      (
        "weightDecay",
        "\(CanonicalJSON.text(decay)) drives all weights to 0; usual with \(optimiser.rule.rawValue) is \(usual)"
      )
    ]
  }

  private var stoppingIsUnlikely: [(field: String, words: String)] {
    guard earlyStopping > 0, earlyStopping < epochs else { return [] }
    if schedule.kind == .plateau, schedule.factor < 1, earlyStopping <= schedule.patience {
      return [
        (
          "earlyStopping",
          "training ends after \(Quantity.of(earlyStopping, "epoch")) without a better score, before the schedule lowers the"
            + " rate after more than \(schedule.patience) (schedule.patience); take more"
        )
      ]
    }
    guard earlyStopping < 3 else { return [] }
    return [
      (
        "earlyStopping",
        "training ends at the first \(Quantity.of(earlyStopping, "epoch")) without a better score, and scores rise and fall"
          + " from epoch to epoch; usual is 10 or more, 0 is never"
      )
    ]
  }
}
