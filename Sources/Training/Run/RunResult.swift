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
    epochs = try Self.epochs(in: run.journal)
    evaluation = try EvaluationFile.read(run.evaluationFile)
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

// Parts of a run's files, without times.
extension RunResult {
  static func epochs(in journal: URL) throws -> [EpochRecord] {
    try RunHistory(Journal.read(journal)).epochs.map { epoch in
      var record = epoch
      record.seconds = 0
      return record
    }
  }

  /// SHA-256 of each section of a checkpoint, and of where it stands.
  static func digests(of checkpoint: Checkpoint) throws -> [(part: String, digest: String)] {
    let sections = checkpoint.sections.sorted { $0.key < $1.key }.map { name, tensors in
      (part: name, digest: GuardedFile.digest(bytes(of: tensors)))
    }
    let sums = checkpoint.partial.filter { !$0.key.hasPrefix("seconds") }.sorted { $0.key < $1.key }
    let position =
      "\(checkpoint.planIdentity) \(checkpoint.programVersion) \(checkpoint.epoch) \(checkpoint.stepInEpoch) "
      + "\(checkpoint.step) \(checkpoint.history) \(String(describing: checkpoint.best)) \(sums)"
    return sections + [("position", GuardedFile.digest(Data(position.utf8)))]
  }

  static func digest(of value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return GuardedFile.digest(try encoder.encode(value))
  }

  private static func bytes(of tensors: [NamedTensor]) -> Data {
    tensors.reduce(into: Data()) { data, tensor in
      data += Data("\(tensor.name) \(tensor.shape)\n".utf8)
      tensor.values.withUnsafeBytes { data.append(contentsOf: $0) }
    }
  }
}
