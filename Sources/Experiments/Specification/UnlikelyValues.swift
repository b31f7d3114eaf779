import Compute
import JSON
import Networks
import Text
import Volumes

extension Specification {
  /// Values that are allowed and surely not meant: one line each, with the place and what is usual.
  package var unlikelyValues: [String] {
    let lines = variants.indices.flatMap { index in
      variants[index].training.unlikelyValues.map { field, words in
        warning(words, at: written(field, of: "training", variant: index))
      }
    }
    return idleOptions + renamedVariants + confusingNames + unnamedNetworks + numbersAsNames
      + groupNotices(among: dataset.knownLabels?.names ?? []) + idleFields + likeNetworks
      + (lines + unlikelyModels + unlikelyPreprocessing + unlikelyAugmentation + unlikelyTolerances).distinct
  }

  /// Below this, in millimetres, no image tells one surface from another.
  private static let finest = 0.02

  /// Tolerances in another unit than millimetres.
  private var unlikelyTolerances: [String] {
    report.tolerances.indices.filter { report.tolerances[$0] < Self.finest }.map { index in
      let found = report.tolerances[index]
      return warning(
        "\(CanonicalJSON.text(found)) mm is far below a voxel, so that only equal surfaces count; tolerances are in millimetres,"
          + " \(CanonicalJSON.text(found)) m are \((found * 1000).significant(3)) mm", at: "report.tolerances" / index)
    }
  }

  /// Variants of which nothing says what network they are, nor their names.
  private var unnamedNetworks: [String] {
    guard !isWritten("model") else { return [] }
    let paths = variants.compactMap { variant -> JSONPath? in
      guard let path = variant.source.path, !isWritten(path / "model"), variant.source.axes.isEmpty,
        !variant.name.lowercased().contains(variant.model.kind)
      else { return nil }
      return path
    }
    return paths.distinct.map { path in
      warning(
        "no model is written, so that it is \(model.kind) with its defaults; write \"model\": {\"kind\": \"\(model.kind)\"}"
          + " if that is meant", at: path / "model")
    }
  }

  /// Structures that are called by a number, and by another than that of their voxels: most likely the two were exchanged.
  private var numbersAsNames: [String] {
    guard case .map(let map) = dataset.labels,
      let first = map.structures.first(where: { Int($0.name) != nil && $0.name != "\($0.value)" })
    else { return [] }
    return [
      warning(
        "a structure's name stands first, then its number: here voxels of the number \(first.value) are a structure called"
          + " \"\(first.name)\"; write {\"NAME\": \(first.name)} if \(first.name) is the number in the mask",
        at: "dataset.labels" / first.name)
    ]
  }

  private var unlikelyPreprocessing: [String] {
    guard preprocessing.normalise == .none else { return [] }
    return [
      warning(
        "\"none\" gives the networks grey values as they are, hundreds and thousands in MRI; usual is \"volume\", unless the"
          + " images are normalised already", at: "preprocessing.normalise")
    ]
  }

  /// A name is no part of a plan, so that a variant keeps its runs whatever an option calls it.
  private var renamedVariants: [String] {
    variants.compactMap(\.source.path).distinct.compactMap { variant in
      let (path, place) = (variant / "name", place(of: variant / "name"))
      guard case .option = place.origin, (place.line, place.column) == (1, 1), document.holds(path) else { return nil }
      return warning(
        "the variant has this name in this command only, and keeps its runs; give the same --set to every command that is"
          + " to call it so, or change the name in the file", at: path)
    }
  }

  private var unlikelyModels: [String] {
    variants.indices.flatMap { index in
      let size = inputExtent(of: variants[index].training)
      return variants[index].model.oddities(at: size).map { oddity in
        warning(oddity.rule, at: written(oddity.field, of: "model", variant: index))
      }
    }
  }

  private var unlikelyAugmentation: [String] {
    (augmentation?.unlikelyValues ?? []).map { field, words in
      warning(words, at: field.split(separator: ".").reduce("augmentation" as JSONPath) { $0 / String($1) })
    }
  }

  private func warning(_ words: String, at path: JSONPath) -> String {
    JSONError.description(words, at: path, place(of: path))
  }

  /// An average of weights that outlasts the training: a warning for each, or nothing.
  ///
  /// - Parameter cases: that train in the smallest fold.
  package func averageNotices(cases: Int) -> [String] {
    variants.indices.compactMap { index -> String? in
      let training = variants[index].training
      let steps = training.epochs * training.batches(of: cases).count
      let average = training.optimiser.average
      guard average > 0, Double(steps) * (1 - average) < 1 else { return nil }
      let better = (1 - 10 / Double(max(steps, 20))).significant(2)
      return warning(
        "\(CanonicalJSON.text(average)) keeps the first weights, as training has \(Quantity.of(steps, "step")) only; take"
          + " \(better) or less, or 0", at: written("average", of: "training", variant: index))
    }.distinct
  }

  /// So many of an image's voxels in plane may become one.
  private static let coarsest = 8

  /// A size that leaves too little of images to see structures in: a warning, or nothing.
  ///
  /// - Parameter extents: of the images, before anything is cropped.
  package func coarseNotices(_ extents: [Extent3]) -> [String] {
    guard preprocessing.spacing == nil, !extents.isEmpty else { return [] }
    let heights = extents.map(\.height).sorted()
    let widths = extents.map { preprocessing.crop == .halfWidth ? max($0.width / 2, 1) : $0.width }.sorted()
    let (height, width, size) = (heights[heights.count / 2], widths[widths.count / 2], preprocessing.size)
    // What is too small for the plane was meant for slices, which is told.
    if preprocessing.hasSlicesElsewhere(of: extents.map(\.depth)) { return [] }
    guard height > Self.coarsest * size.height || width > Self.coarsest * size.width else { return [] }
    let slices = preprocessing.advisedSlices(of: extents.map(\.depth))
    return [
      warning(
        "[\(size.depth), \(size.height), \(size.width)] leaves \(size.height) x \(size.width) voxels of \(height) x \(width) in plane (H x W),"
          + " in which structures vanish; take half of them or more, such as [\(slices), \(half(height)), \(half(width))]",
        at: "preprocessing.size")
    ]
  }

  /// Half of it, as strides divide it.
  private func half(_ side: Int) -> Int { max((side / 2 + 15) / 16 * 16, 16) }
}

extension TrainingPlan {
  /// The field, what it says, and what would be usual.
  fileprivate var unlikelyValues: [(field: String, words: String)] {
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
