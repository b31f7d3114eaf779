import Foundation
import Measurement
import Slurm
import Text

/// What a cluster would be asked for, and whether it has said that it gives that.
package struct ClusterPlan {
  /// Runs that need the same are one array.
  private let arrays: [(memory: Int, runs: Int, variants: [String])]
  private let site: SiteProfile
  private let folder: BatchFolder
  private let program: String
  private let offer: ClusterOffer?

  /// - Parameter commands: Slurm's, where they are; without them nothing is checked.
  package init(
    _ estimate: ExperimentEstimate, _ site: SiteProfile, _ folder: BatchFolder, program: String,
    commands: (any SlurmCommands)? = InstalledCommands.areThere ? InstalledCommands() : nil
  ) {
    (self.site, self.folder, self.program) = (site, folder, site.program ?? program)
    let groups = Dictionary(grouping: estimate.variants) { site.bytes(estimate: $0.workerBytes) }
    arrays = groups.sorted { $0.key > $1.key }.map { memory, variants in
      (memory, variants.reduce(0) { $0 + $1.runs }, variants.map(\.variant.name))
    }
    offer = commands.map { ClusterOffer(SlurmQueue($0), partition: site.partition) }
  }

  package var text: String { (summary + findings + earlier + scripts).joined(separator: "\n") }

  /// Of jobs of this experiment that were here before.
  private var earlier: [String] { ClusterUse(folder)?.lines ?? [] }

  private var summary: [String] {
    let limit = site.time.map { ", \($0.text) at most, \(site.warning) s of it to save" } ?? ""
    return ["What the cluster would be asked for:"]
      + arrays.map { array in
        "  \(Quantity.of(array.runs, "run")) (\(array.variants.joined(separator: ", "))): \(Quantity.of(site.cpus, "processor")), "
          + "\(Quantity.bytes(array.memory)) each\(limit)"
      }
  }

  private var findings: [String] {
    guard let offer else { return ["Slurm's programs are not here: nothing of it was checked."] }
    let found = arrays.flatMap { offer.findings(site, memory: $0.memory, tasks: $0.runs) }
    var told: [String] = []
    for words in found where !told.contains(words) { told.append(words) }
    return told.isEmpty ? ["The cluster's limits, as far as it tells them, allow this."] : told
  }

  private var scripts: [String] {
    arrays.enumerated().map { index, array in
      let worker = [program, "worker", "--threads", "\(site.cpus)", "--batch", folder.batchFile(index + 1).path]
      return "\n# \(folder.scriptFile(index + 1).path)\n"
        + BatchScript(
          name: folder.jobName(index + 1), tasks: array.runs, comment: array.variants.joined(separator: ", "),
          folder: folder.workspace.path, log: folder.logPattern(index + 1), memory: array.memory, exclude: site.exclude,
          site: site, worker: worker
        ).text
    }
  }
}
