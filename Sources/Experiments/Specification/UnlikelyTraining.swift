import JSON
import Networks
import Text

extension TrainingPlan {
  /// Numbers that are allowed and surely not meant: the field, what it says, and what would be usual.
  var unlikelyValues: [(field: String, words: String)] {
    rateIsUnlikely + decayIsUnlikely + stoppingIsUnlikely + numbersAreUnlikely
  }

  /// With Adam a step moves every parameter by about the rate, and parameters are about 0.01 to 1; nnU-Net's SGD begins
  /// at 0.01.
  private var rateIsUnlikely: [(field: String, words: String)] {
    let (most, usual) = optimiser.rule == .sgd ? (0.5, "0.01") : (0.1, "0.0001 to 0.001")
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

  /// Numbers that lost a digit or a sign, and a background that nobody learns.
  private var numbersAreUnlikely: [(field: String, words: String)] {
    var found: [(field: String, words: String)] = []
    if optimiser.rule != .sgd, adam.epsilon > 1e-2 {
      found.append(("epsilon", "\(CanonicalJSON.text(adam.epsilon)) holds every step back; usual is 1e-8"))
    }
    if schedule.kind == .poly, schedule.exponent > 3 {
      found.append(
        ("schedule", "an exponent of \(CanonicalJSON.text(schedule.exponent)) ends learning early; usual is 0.9"))
    }
    if optimiser.clip > 0, optimiser.clip < 1e-4 {
      found.append(
        (
          "clip",
          "\(CanonicalJSON.text(optimiser.clip)) leaves nothing of a gradient; usual is 1 to 12, 0 is without a limit"
        ))
    }
    for (name, weight) in classWeights.sorted(by: { $0.key < $1.key }) where weight > 100 || weight > 0 && weight < 1e-3
    {
      found.append(
        (
          "classWeights",
          "\(CanonicalJSON.text(weight)) for \(name) \(weight > 1 ? "leaves the other classes without" : "leaves it without")"
            + " any weight; usual is 0.1 to 10"
        ))
    }
    found += unlearntClasses
    if classWeights["background"] == 0, case .terms = loss.value.passes {
      found.append(
        (
          "classWeights",
          "0 for background teaches nothing of what is no structure, so that every voxel is called one; take a small number, as"
            + " 0.1"
        ))
    }
    return found
  }

  /// Structures that nothing is learnt of; a loss of overlaps beside the cross-entropy still learns them.
  private var unlearntClasses: [(field: String, words: String)] {
    let names = classWeights.filter { $0.value == 0 && $0.key != "background" }.keys.sorted()
    guard !names.isEmpty, case .terms = loss.value.passes else { return [] }
    let isOne = names.count == 1
    return [
      (
        "classWeights",
        "0 for \(names.joined(separator: ", ")): \(isOne ? "its voxels teach" : "their voxels teach") nothing, and"
          + " \(isOne ? "it is" : "they are") scored all the same; take a small number, as 0.1; or take"
          + " \(isOne ? "it" : "them") out of classWeights and name all labels but \(isOne ? "it" : "them") in dataset.labels, with"
          + " \(isOne ? "its number" : "their numbers") beside the 0 of \"background\""
      )
    ]
  }

  private var stoppingIsUnlikely: [(field: String, words: String)] {
    guard earlyStopping > 0 else { return patienceIsUnlikely }
    guard earlyStopping < epochs else {
      return [
        (
          "earlyStopping",
          "\(Quantity.of(earlyStopping, "epoch")) without a better score \(earlyStopping == 1 ? "does" : "do") not fit into"
            + " \(epochs) (training.epochs), so that training never ends early; take less, or 0, which says so"
        )
      ] + patienceIsUnlikely
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

  /// A patience that somebody wrote and no plateau outlasts.
  private var patienceIsUnlikely: [(field: String, words: String)] {
    let usual = LearningRateSchedule().patience
    guard schedule.kind == .plateau, schedule.factor < 1, schedule.patience >= epochs, schedule.patience != usual else {
      return []
    }
    return [
      (
        "schedule",
        "a patience of \(Quantity.of(schedule.patience, "epoch")) does not fit into \(epochs) (training.epochs), so that the rate"
          + " never falls; take less, or a factor of 1, which says so"
      )
    ]
  }
}
