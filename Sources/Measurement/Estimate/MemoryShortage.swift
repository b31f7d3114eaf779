import Experiments
import Networks
import Text
import Volumes

/// A variant of which one run alone takes more memory than there is, and the batch with which it would fit.
package struct MemoryShortage: Equatable, Sendable {
  /// A batch that fits.
  package struct Fit: Equatable, Sendable {
    /// Cases per step.
    package let batch: Int
    /// Bytes of one run with that batch.
    package let needed: Int

    /// A batch, and the bytes of one run with it.
    package init(batch: Int, needed: Int) { (self.batch, self.needed) = (batch, needed) }
  }

  /// The variant's name.
  package let variant: String
  /// How `--set` names what its batch is written in; nil for a batch of a grid.
  package let setting: String?
  /// The batch that it asks for.
  package let batch: Int
  /// Bytes of one run, and those that are free.
  package let needed: Int
  /// Bytes that a run can have.
  package let free: Int
  /// The largest batch that fits; nil: not even one case does.
  package let fitting: Fit?
  /// What says how much the network sees at once.
  package var field = "preprocessing.size"

  /// A shortage as `memoryShortages` finds it.
  package init(variant: String, setting: String?, batch: Int, needed: Int, free: Int, fitting: Fit?) {
    (self.variant, self.setting, self.batch, self.needed) = (variant, setting, batch, needed)
    (self.free, self.fitting) = (free, fitting)
  }
}

extension MemoryShortage.Fit {
  /// The largest batch that fits; nil: not even one case does.
  ///
  /// - Parameters:
  ///   - batch: one that does not.
  ///   - free: bytes that there are.
  ///   - needed: bytes of a batch, more for a larger one.
  static func largest(below batch: Int, in free: Int, needed: (Int) -> Int) -> Self? {
    // Halve the interval between one that fits and one that does not.
    var (fits, fails) = (0, batch)
    while fails - fits > 1 {
      let middle = (fits + fails) / 2
      if needed(middle) <= free { fits = middle } else { fails = middle }
    }
    return fits == 0 ? nil : .init(batch: fits, needed: needed(fits))
  }
}

extension MemoryShortage: CustomStringConvertible {
  /// One line: what is lacking, and the `--set` that would do.
  package var description: String {
    let shortage =
      "\(variant) does not fit: at batch \(batch) a run (network, cases, program) takes \(Quantity.bytes(needed)) of"
      + " memory, \(Quantity.bytes(free)) are free; "
    guard let fitting else { return shortage + "not even batch 1 fits: lower \(field) or the model's widths" }
    let remedy = setting.map { "--set '\($0)=\(fitting.batch)'" } ?? "take larger ones out of the grid"
    return shortage + "batch \(fitting.batch) takes \(Quantity.bytes(fitting.needed)): \(remedy)"
  }
}

extension Specification {
  /// The variants of which one run, its cases and the program included, takes more than `free` bytes.
  ///
  /// - Parameter images: nil: all are of the network's own size, or nothing is known of them.
  package func memoryShortages(
    classes: Int, folds: [FoldSizes], free: Int, engine: any Engine, images: ImageGrids? = nil
  ) -> [MemoryShortage] {
    var costs = RunCosts(engine, images: images)
    return variants.compactMap { variant in
      func needed(_ batch: Int) -> Int {
        var training = variant.training
        training.batch = batch
        let runs = folds.map {
          costs.cost(of: variant.model, training, fold: $0, extent: inputExtent(of: training), classes: classes).memory
        }
        return runs.max() ?? 0
      }
      let batch = variant.training.batch
      guard needed(batch) > free else { return nil }
      var shortage = MemoryShortage(
        variant: variant.name, setting: variant.batchSetting, batch: batch, needed: needed(batch), free: free,
        fitting: .largest(below: batch, in: free, needed: needed))
      if variant.training.patch != nil { shortage.field = "training.patch" }
      return shortage
    }
  }
}

extension Variant {
  /// As `--set` names its batch; nil where a grid sets it. The same for all that one grid made.
  fileprivate var batchSetting: String? {
    if source.axes.contains(where: { $0.field == "training.batch" }) { return nil }
    return "variants.\(source.path == nil ? name : source.name).training.batch"
  }
}
