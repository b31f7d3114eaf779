import ArgumentParser
import Volumes
import Workbench

struct DatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset", abstract: "Make a synthetic dataset, check a real one, or read one of another layout.",
    discussion: """
      Examples:
        safnet dataset phantom data/phantom --cases 20
        safnet dataset check /data/MRSpineSeg
        safnet dataset import study.csv --images 'scans/*/t2.nii.gz' --masks 'scans/*/seg.nii.gz'
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
      abstract: "Read every case and report everything that would stop a training.",
      discussion: """
        Files, headers, shapes, affines, labels, constant images, equal images under two names. Exit code 1 when
        there is a problem.

        Examples:
          safnet dataset check /data/MRSpineSeg
          safnet dataset check /data/lumbar --labels dataset.json --json
        """)

    @Argument(help: "The dataset's folder, or a manifest (CSV).") var folder: String
    @Option(help: "auto, mrspineseg, nnunet or manifest.") var layout = DatasetLayout.automatic
    @Option(
      help: "What the masks' numbers mean: mrspineseg, or dataset.json; if not given, dataset.json where there is one.")
    var labels: DatasetReport.LabelSource?
    @Flag(help: "As JSON, for scripts.") var json = false

    func run() throws {
      let report = try DatasetReport(checking: folder, layout: layout, labels: labels)
      if json { try console.printJSON(report) } else { console.print(report.text) }
      if !report.problems.isEmpty { throw ExitCode(1) }
    }
  }
}

extension DatasetLayout: ExpressibleByArgument {}
extension DatasetReport.LabelSource: ExpressibleByArgument {}
