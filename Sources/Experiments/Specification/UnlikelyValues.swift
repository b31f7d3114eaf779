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
    return renamedVariants + (rotationLines + lines + variants.indices.flatMap(dilationLines)).distinct
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

  /// Nobody is scanned lying askew, and a network has to learn what it is shown.
  private var rotationLines: [String] {
    guard let rotation = augmentation?.rotation, rotation.probability > 0, rotation.degrees > 45 else { return [] }
    let path: JSONPath = "augmentation" / "rotation" / "degrees"
    let found = CanonicalJSON.text(rotation.degrees)
    return [
      JSONError.description(
        "training images are turned by up to \(found) degrees either way, as no scan lies; usual is 15 to 30", at: path,
        place(of: path))
    ]
  }

  /// Dilations whose outer taps fall beside every image: such a branch does what a 1x1x1 convolution does. Of what was
  /// written only: the usual ones go with every size.
  private func dilationLines(_ index: Int) -> [String] {
    let (extent, _) = inputField(ofVariant: index)
    return ["asppRates", "rates"].compactMap { field in
      let path = written(field, of: "model", variant: index)
      guard path.steps.last == .key(field), case .array(let rates)? = document.node(at: path)?.value else { return nil }
      let side = Double(max(extent.height, extent.width))
      let wide = rates.filter { if case .number(let rate) = $0 { rate >= side } else { false } }
      guard !wide.isEmpty else { return nil }
      let list = wide.map { CanonicalJSON.text($0) }.joined(separator: ", ")
      return JSONError.description(
        "taps \(list) voxels apart see nothing of images of \(extent) but zeros; usual is 6, 12, 18, or less for small images",
        at: path, place(of: path))
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
    guard earlyStopping > 0 else { return [] }
    guard earlyStopping < epochs else {
      let asked = Quantity.of(earlyStopping, "epoch")
      return [("earlyStopping", "\(asked) without a better score are not among \(epochs) (epochs); take fewer, or 0")]
    }
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
