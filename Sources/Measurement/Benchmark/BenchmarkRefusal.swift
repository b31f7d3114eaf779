import Experiments
import Networks
import Text

/// Why a network cannot be measured as asked for.
package enum BenchmarkRefusal: Error, Equatable {
  /// A size, or a batch of it, that an experiment would be refused for.
  case size(Conflict)
  /// More memory than there is: bytes that the batch takes and that are free, and the largest batch that fits, if one does.
  case memory(batch: Int, needed: Int, free: Int, fitting: MemoryShortage.Fit?)
}

extension BenchmarkRefusal: CustomStringConvertible {
  /// One line: what stands in the way, and the option that would do.
  package var description: String {
    switch self {
    case .size(let conflict): return "--size: \(conflict.words)"
    case .memory(let batch, let needed, let free, let fitting):
      let shortage =
        "--batch \(batch) takes \(Quantity.bytes(needed)) of memory (network, cases, program), \(Quantity.bytes(free)) are free; "
      guard let fitting else { return shortage + "not even batch 1 fits: give a smaller --size or a narrower network" }
      return shortage + "--batch \(fitting.batch) takes \(Quantity.bytes(fitting.needed))"
    }
  }
}

extension Benchmark {
  /// What a measurement must not begin with: sizes are judged as those of experiments are, memory as that of a run.
  ///
  /// - Parameter freeMemory: bytes that there are here.
  package func check(on engine: any Engine, freeMemory: Int) throws(BenchmarkRefusal) {
    if let conflict = model.conflict(at: extent) ?? model.conflict(at: extent, batches: [batch]) {
      throw .size(conflict)
    }
    let needed = neededBytes(batch, engine)
    guard needed > freeMemory else { return }
    throw .memory(
      batch: batch, needed: needed, free: freeMemory,
      fitting: .largest(below: batch, in: freeMemory) { neededBytes($0, engine) })
  }

  private func neededBytes(_ batch: Int, _ engine: any Engine) -> Int {
    var other = self
    other.batch = batch
    // Of a case the image in single precision and its labels; of an inference the labels.
    let cases = batch * extent.count * (4 * model.channels + 1) + extent.count
    return engine.cost(of: other.request).trainingBytes + cases + RunCost.programMemory
  }
}
