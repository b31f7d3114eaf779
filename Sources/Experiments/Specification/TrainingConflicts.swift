import JSON
import Networks
import Text
import Volumes

extension TrainingPlan {
  /// Numbers that do not go together, each with the field of `training` that would change.
  var conflicts: [(field: String, conflict: Conflict)] {
    var found = schedule.idleSettings.map { (field: "schedule", conflict: $0) } + optimiser.idleSettings
    if schedule.minimum > learningRate {
      found.append(("schedule", .minimumRate(schedule.minimum, above: learningRate)))
    }
    if parts.largest >= batch {
      found.append(("microBatch", .microBatchIsTheBatch(parts.largest, batch: batch)))
    }
    if schedule.warmUp > 0, schedule.warmUp >= epochs {
      found.append(("schedule", .warmUpTakesAll(schedule.warmUp, epochs: epochs)))
    }
    if patch == nil, foreground != Self.usualForeground {
      found.append(
        ("foreground", .idle("foreground", with: "whole images", standard: CanonicalJSON.text(Self.usualForeground))))
    }
    if !classWeights.isEmpty, !loss.hasCrossEntropy {
      found.append(("classWeights", .idle("classWeights", with: "the loss \(loss.name)", standard: "{}")))
    }
    if let weights = WeightsFile(start) { found.append(("start", .start(weights.startWords(start)))) }
    if !start.isEmpty, initialWeights != .byPlace {
      found.append(("initialWeights", .idle("initialWeights", with: "start", standard: "byPlace")))
    }
    return found
  }

  /// Settings that do nothing here whatever they say, each with what would have to be another.
  package var unused: [(field: JSONPath, choice: String)] {
    let rule = "the optimiser \(optimiser.rule.rawValue)"
    let ofOptimiser = optimiser.rule == .sgd ? ["beta1", "beta2", "epsilon"] : ["momentum", "nesterov"]
    let ofSchedule =
      (schedule.kind == .plateau ? [] : ["factor", "patience", "threshold"])
      + [schedule.kind == .poly ? "minimum" : "exponent"]
    var found: [(field: JSONPath, choice: String)] = ofOptimiser.map { (field: JSONPath([.key($0)]), choice: rule) }
    found += ofSchedule.map { name in
      (field: JSONPath([.key("schedule"), .key(name)]), choice: "the schedule \(schedule.kind.rawValue)")
    }
    if patch == nil { found.append((field: "foreground", choice: "whole images")) }
    return found
  }

  /// Weights of classes that are not learnt, or that leave nothing to learn.
  func weightConflicts(among labels: LabelMap) -> [Conflict] {
    let known = ["background"] + labels.names
    let strangers = classWeights.keys.filter { !known.contains($0) }.sorted().map {
      Conflict.unknownStructure($0, nearest: labels.meant(by: $0, besides: ["background"]), known: known)
    }
    return strangers + (known.allSatisfy { classWeights[$0] == 0 } ? [.noClassCounts] : [])
  }
}

extension AnyLoss {
  /// Whether anything in it depends on how much the classes count.
  fileprivate var hasCrossEntropy: Bool {
    switch value.passes {
    case .terms: return true
    case .overlaps(let loss):
      let sums = OverlapSums(common: [1, 1], predicted: [2, 2], labelled: [2, 2], crossEntropy: 1)
      return loss([sums]).derivatives.contains { $0.crossEntropy != 0 }
    }
  }
}

extension LearningRateSchedule {
  /// What another kind of schedule would use. Standard values are those of files that say nothing.
  fileprivate var idleSettings: [Conflict] {
    let standard = LearningRateSchedule()
    func idle(_ name: String, _ value: Double, _ usual: Double) -> Conflict? {
      value == usual
        ? nil : .idle("schedule.\(name)", with: "the schedule \(kind.rawValue)", standard: CanonicalJSON.text(usual))
    }
    return [
      kind == .plateau ? nil : idle("factor", factor, standard.factor),
      kind == .plateau ? nil : idle("patience", Double(patience), Double(standard.patience)),
      kind == .plateau ? nil : idle("threshold", threshold, standard.threshold),
      kind == .poly ? idle("minimum", minimum, standard.minimum) : idle("exponent", exponent, standard.exponent),
    ].compactMap(\.self)
  }
}

extension Optimiser {
  /// What another rule would use, and Nesterov's step without momentum.
  fileprivate var idleSettings: [(field: String, conflict: Conflict)] {
    let standard = Optimiser()
    func idle(_ name: String, _ isUsual: Bool, _ usual: String) -> (field: String, conflict: Conflict)? {
      isUsual ? nil : (name, .idle(name, with: "the optimiser \(rule.rawValue)", standard: usual))
    }
    guard rule == .sgd else {
      return [
        idle("momentum", momentum == standard.momentum, CanonicalJSON.text(standard.momentum)),
        idle("nesterov", nesterov == standard.nesterov, "true"),
      ].compactMap(\.self)
    }
    let (own, usual) = (adam, standard.adam)
    return [
      idle("beta1", own.beta1 == usual.beta1, CanonicalJSON.text(usual.beta1)),
      idle("beta2", own.beta2 == usual.beta2, CanonicalJSON.text(usual.beta2)),
      idle("epsilon", own.epsilon == usual.epsilon, CanonicalJSON.text(usual.epsilon)),
      nesterov && momentum == 0 ? ("momentum", .nesterovWithoutMomentum) : nil,
    ].compactMap(\.self)
  }
}
