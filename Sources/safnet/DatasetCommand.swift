import ArgumentParser
import Experiments
import Foundation
import Volumes
import Workbench

struct DatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset", abstract: "Make a synthetic dataset, check a real one, or read one of another layout.",
    discussion: """
      Examples:
        safnet dataset phantom data/phantom --cases 20
        safnet dataset check /data/MRSpineSeg
        safnet dataset import study.csv --images 'scans/*/t2.nii.gz' \\
          --masks 'scans/*/seg.nii.gz'
      """,
    subcommands: [MakePhantom.self, Check.self, DatasetImportCommand.self])

  struct MakePhantom: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "phantom", abstract: "Write made-up lumbar MRI with masks, in MRSpineSeg's layout.",
      discussion:
        "The same numbers make the same files.\n\nExample:\n  safnet dataset phantom data/phantom --cases 20 --seed 7")

    @Argument(help: "The folder to make.") var folder: String
    @Option(help: "How many cases.") var cases = 20
    @Option(help: "Seed of everything random.") var seed: UInt64 = 2023

    func run() throws {
      var phantom = Phantom()
      (phantom.cases, phantom.seed) = (cases, seed)
      do {
        console.print(try NewDataset.write(phantom, to: folder, console: console))
      } catch let error as NewDataset.UnsoundPhantom {
        throw ValidationError("\(error)")
      }
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read every case; report what would stop a training, and what is left out.",
      discussion: """
        Files, headers, shapes, affines, labels, constant images, equal images under two names, a splits_final.json that \
        makes no folds: these are problems, and the exit code is 1. Files that no case is made of, and voxels of each \
        structure that crop, slices and resampling drop: these are warnings. Given an experiment, its own preprocessing \
        is looked through.

        Examples:
          safnet dataset check Experiments/lumbar-vb3.json
          safnet dataset check /data/MRSpineSeg
          safnet dataset check /data/lumbar --labels dataset.json --json
        """)

    @Argument(help: "An experiment (JSON), a dataset's folder, or a manifest (CSV).") var folder: String
    @Option(
      name: .customLong("set"), parsing: .singleValue,
      help: ArgumentHelp("Change one field of the experiment; may be repeated.", valueName: "key.path=value"))
    var overrides: [String] = []
    @Option(help: "auto, mrspineseg, nnunet, bids or manifest.") var layout = DatasetLayout.automatic
    @Option(
      help: "What the masks' numbers mean: mrspineseg, or dataset.json; if not given, dataset.json where there is one.")
    var labels: DatasetReport.LabelSource?
    @Flag(help: "As JSON, for scripts.") var json = false

    private var isExperiment: Bool { folder.lowercased().hasSuffix(".json") }

    func validate() throws {
      if isExperiment {
        guard layout == .automatic, labels == nil else {
          throw ValidationError("\(folder) says its own layout and labels; change them with --set dataset.layout=...")
        }
      } else if !overrides.isEmpty {
        throw ValidationError("--set changes an experiment; \(folder) is none")
      }
    }

    func run() throws {
      let report =
        isExperiment
        ? try DatasetReport(Specification.load(URL(fileURLWithPath: folder), overrides: overrides))
        : try DatasetReport(checking: folder, layout: layout, labels: labels)
      if json { try console.printJSON(report) } else { console.print(report.text) }
      if !report.problems.isEmpty { throw ExitCode(1) }
    }
  }
}

extension DatasetLayout: ExpressibleByArgument {}
extension DatasetReport.LabelSource: ExpressibleByArgument {}
