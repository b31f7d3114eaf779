import ArgumentParser
import Experiments
import Foundation
import Slurm
import Store
import Workbench

struct CancelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "End an experiment's jobs on a cluster; of runs on a machine, say how.",
    discussion: """
      Ends exactly the jobs that `safnet run --executor slurm` has handed in for this experiment from this workspace. \
      What they have saved stays: a later `safnet run` goes on from there. Of runs that are no jobs it says which process trains \
      them, and on which machine: Ctrl-C in its terminal ends it, or `kill` and its number.

      Example:
        safnet cancel Experiments/ablation.json
      """)

  @OptionGroup var experiment: ExperimentArguments
  @OptionGroup var options: WorkspaceOptions

  func run() throws {
    let specification = try experiment.specification(for: .name)
    try options.requireMeant(for: specification)
    let name = specification.name
    let folder = BatchFolder(workspace: options.store.root, experiment: name)
    // A cluster's job may be at work on this machine too, and is ended as a job.
    let isCluster = InstalledCommands.areThere
    switch isCluster ? try Cancellation(folder, InstalledCommands()).run() : nil {
    case nil:
      if let holders = SweepHolders.words(of: specification, in: options.store) {
        console.error(holders)
      } else {
        console.error(SweepHolders.wordsElsewhere(of: specification, besides: options.store))
        if !isCluster { console.error("Jobs of a cluster: \(SlurmError.notInstalled).") }
      }
      throw ExitCode(1)
    case 0?: console.error("No job of \(name) is in the queue or at work any more.")
    case let count?:
      console.error(
        "\(count) \(count == 1 ? "job is" : "jobs are") being ended; `safnet run` goes on where they stopped.")
    }
  }
}
