import Compute
import Experiments
import Foundation
import Networks
import Text
import Volumes

extension ExperimentEstimate {
  /// The table that `safnet plan` prints, and how its figures came about.
  package var text: String {
    let head = ["variant", "parameters", "multiply-adds", "memory", "runs", "steps", "disk", "step", "total"]
    let rows = variants.map(\.cells)
    return (AlignedTable.lines([head] + rows) { $0 == 0 } + [""] + notes).joined(separator: "\n")
  }

  private var notes: [String] {
    let cases = folds.first.map { $0.train + $0.validation + $0.test } ?? 0
    let total = seconds.map { ", \(Quantity.seconds($0)) (\(Quantity.duration($0)))" } ?? ""
    return [
      "\(Quantity.of(runs, "run"))\(total), one at a time on \(Quantity.of(threads, "thread"))\(sweepWords).",
      "\(Quantity.of(cases, "case")) in \(Quantity.of(folds.count, "fold")); \(inputWords), \(classes) classes with background.",
    ] + (foldWords.map { ["Folds: \($0)."] } ?? []) + [augmentationNote] + patchNotes + seedNotes + [
      "Multiply-adds: one \(inputs.contains(where: \.isPatch) ? "patch" : "case"), forward. Memory: training at the variant's"
        + " batch, from the memory plan.",
      "Disk: checkpoints of all runs, \(Quantity.bytes(checkpointBytes)); and "
        + "\(Quantity.bytes(cacheBytes)) for prepared volumes.",
    ] + timeNotes + memoryNotes + layerNotes
  }

  /// Nothing where a sweep trains one at a time too, or nothing was measured.
  private var sweepWords: String {
    guard let taken, taken.sharing != Sharing(jobs: 1, threads: threads), let seconds = seconds(taken) else {
      return ""
    }
    let option = areThreadsFixed ? " --threads \(threads)" : ""
    return "; \(Quantity.duration(seconds)) as `safnet run\(option)` shares this machine, \(taken.sharing.words)"
  }

  private var inputs: [(extent: Extent3, windows: Double, isPatch: Bool)] {
    variants.reduce(into: []) { found, one in
      guard !found.contains(where: { $0.extent == one.extent }) else { return }
      found.append((one.extent, one.windows, one.variant.training.patch != nil))
    }
  }

  private var inputWords: String { "input " + inputs.map { "\($0.extent)" }.joined(separator: " or ") }

  /// A field that is not written is on: what an experiment leaves out is said too.
  private var augmentationNote: String {
    guard let changes = augmentation?.words, !changes.isEmpty else { return "Training cases are not augmented." }
    return "Training cases are augmented, each change with its probability: \(changes)."
  }

  /// What patches are taken of, and how many windows an image takes.
  private var patchNotes: [String] {
    let patches = inputs.filter(\.isPatch)
    guard !patches.isEmpty else { return [] }
    guard let images else {
      return [
        "Patches: what the images become at preprocessing.spacing is not known before they are there; predicting one is"
          + " counted as one window."
      ]
    }
    let windows = patches.map { "\(Quantity.rounded($0.windows)) of \($0.extent)" }.joined(separator: " or ")
    return [
      "Patches: of images of up to \(images.longest); predicting one takes \(windows) windows in the mean, each a forward"
        + " pass, and steps are of one patch of every training case."
    ]
  }

  /// Of networks whose layers follow from the images: what, and why; once for variants that are alike in it.
  private var layerNotes: [String] {
    var seen: [[String]] = []
    return variants.flatMap { estimate in
      let reasons = estimate.variant.model.reasons(at: estimate.extent)
      guard !reasons.isEmpty, !seen.contains(reasons) else { return [String]() }
      seen.append(reasons)
      return ["", "\(estimate.variant.name), \(reasons[0])"] + reasons.dropFirst().map { "  " + $0 }
    }
  }

  private var seedNotes: [String] {
    let seeds = variants.map(\.variant.seeds).distinct
    guard seeds.contains(where: { $0.count > 1 }) else { return [] }
    return seeds.map { own in
      let names = variants.filter { $0.variant.seeds == own }.map(\.variant.name)
      let whose =
        seeds.count == 1 ? "each variant" : names.count == 1 ? names[0] : "\(names[0]) and \(names.count - 1) more"
      let numbers = own.map { "\($0)" }.joined(separator: ", ")
      return "Seed\(own.count == 1 ? "" : "s") \(numbers): \(whose) is trained on each fold once with each."
    }
  }

  private var memoryNotes: [String] {
    let note = memoryNote.map { [$0] } ?? []
    guard let freeMemory else { return note }
    let fits = "Every variant fits the \(Quantity.bytes(freeMemory)) of free memory."
    return note + (shortages.isEmpty ? [fits] : shortages.map { "\($0)" })
  }

  private var timeNotes: [String] {
    guard measures else { return ["No times: nothing was measured."] }
    let unmeasured = variants.filter { $0.measurement == nil }.map(\.variant.name)
    var seen: Set<String> = []
    let steps = variants.compactMap(\.measurement?.words).filter { seen.insert($0).inserted }
    let left =
      unmeasured.isEmpty
      ? [] : ["Not timed, for a step takes more memory than there is here: \(unmeasured.joined(separator: ", "))."]
    return left + [
      "Times are of steps, validation and test: reading and augmenting the images, scoring, saving and starting a run are left out."
    ] + steps + sharingNote + busyNote
  }

  /// Runs a day of each way of sharing the machine, the best first.
  private var sharingNote: [String] {
    guard let throughput, let first = variants.first else { return [] }
    let ways = [throughput.best] + throughput.ways.filter { $0 != throughput.best }
    let rates = ways.compactMap { way in runsPerDay(way).map { (way.sharing, $0) } }
    guard let best = rates.first else { return [] }
    // What is left out of the times is most of such a run.
    if best.1 > 1440 * Double(best.0.jobs) {
      return [
        "Runs per day: not told, for the steps of a run take less than a minute, and what is left out is most of it."
      ]
    }
    let words = rates.map { "\(Quantity.rounded($1)) as \($0.words)" }.joined(separator: ", ")
    let how = best.0.jobs > 1 || rates.count > 1 ? " (measured at the same time with \(first.variant.name))" : ""
    return [
      "Runs per day: \(words)\(how)" + (rates.count > 1 ? "; `safnet run` measures it too and takes the best." : ".")
    ]
  }

  private var busyNote: [String] {
    load?.busyWords.map { ["\($0.prefix(1).uppercased())\($0.dropFirst()): times are uncertain."] } ?? []
  }

  /// Layer by layer, for `--explain`.
  package var explanation: String {
    variants.map { estimate in
      let rows = estimate.cost.layers.map { layer in
        [
          layer.name, layer.kind, "\(layer.output)", "\(layer.parameters)", Quantity.count(layer.multiplyAdds),
          layer.kernel ?? "-",
        ]
      }
      let table = [["layer", "operation", "output (NxDxHxWxC)", "parameters", "multiply-adds", "kernel"]] + rows
      let lines = AlignedTable.lines(table) { [0, 1, 5].contains($0) }
      let unused = estimate.cost.unusedParameters
      let note = unused.isEmpty ? [] : ["Never get a gradient: " + unused.joined(separator: ", ")]
      return ([estimate.variant.name] + lines + note).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }
}

extension ExperimentEstimate.VariantEstimate {
  fileprivate var cells: [String] {
    [
      variant.name, Quantity.grouped(cost.parameters), Quantity.count(cost.multiplyAdds),
      Quantity.bytes(cost.trainingBytes), "\(runs)", Quantity.grouped(steps), Quantity.bytes(checkpointBytes),
      measurement.map { Quantity.seconds($0.trainingSecondsPerCase * Double(variant.training.batch)) } ?? "-",
      seconds.map(Quantity.seconds) ?? "-",
    ]
  }
}

extension StepMeasurement {
  /// How the time of a step was found.
  package var words: String {
    let timed = "a measured training step at \(measuredExtent), batch \(measuredBatch)"
    return scale == 1 ? "Step: \(timed)." : "Step: \(timed), scaled by multiply-adds (x \(Quantity.rounded(scale)))."
  }
}
