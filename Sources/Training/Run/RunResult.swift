import Compute
import Experiments
import Foundation
import Metrics
import Store

/// Everything a finished run came to, apart from when and how fast: what must be the same bits however often the run
/// was interrupted.
package struct RunResult: Equatable, Sendable {
  /// Parameters, statistics and moments of the last and of the best epoch, by section.
  package let networks: [String: [NamedTensor]]
  package let epochs: [EpochRecord]
  package let evaluation: StoredEvaluation

  package init(of run: RunDirectory) throws {
    var networks: [String: [NamedTensor]] = [:]
    for (name, file) in [("last", run.lastCheckpoint), ("best", run.bestCheckpoint)] {
      let checkpoint = try CheckpointFile.read(file)
      for (section, tensors) in checkpoint.sections { networks["\(name) \(section)"] = tensors }
    }
    self.networks = networks
    epochs = try Journal.read(run.journal).compactMap { timed in
      guard case .epoch(var record) = timed.event else { return nil }
      record.seconds = 0
      return record
    }
    evaluation = try EvaluationFile.read(run.evaluationFile)
  }

  /// SHA-256 of each part, by name.
  package func digests() throws -> [(part: String, digest: String)] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let sections = networks.sorted { $0.key < $1.key }.map { name, tensors in
      (part: name, digest: GuardedFile.digest(Self.bytes(of: tensors)))
    }
    return sections + [
      ("metrics", GuardedFile.digest(try encoder.encode(epochs))),
      ("evaluation", GuardedFile.digest(try encoder.encode(evaluation.cases))),
    ]
  }

  private static func bytes(of tensors: [NamedTensor]) -> Data {
    tensors.reduce(into: Data()) { data, tensor in
      data += Data("\(tensor.name) \(tensor.shape)\n".utf8)
      tensor.values.withUnsafeBytes { data.append(contentsOf: $0) }
    }
  }

  /// What differs, in words; empty for the same bits.
  package func differences(from other: RunResult) -> [String] {
    let sections = Set(networks.keys).union(other.networks.keys).sorted().filter { section in
      !Self.sameBits(networks[section] ?? [], other.networks[section] ?? [])
    }
    return sections + (epochs == other.epochs ? [] : ["journal"])
      + (evaluation == other.evaluation ? [] : ["evaluation"])
  }

  /// Bits, not numbers: 0 and -0 differ, as do two kinds of not-a-number.
  private static func sameBits(_ left: [NamedTensor], _ right: [NamedTensor]) -> Bool {
    guard left.map(\.name) == right.map(\.name), left.map(\.shape) == right.map(\.shape) else { return false }
    return zip(left, right).allSatisfy { $0.values.map(\.bitPattern) == $1.values.map(\.bitPattern) }
  }
}
