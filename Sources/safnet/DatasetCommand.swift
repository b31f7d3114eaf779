import ArgumentParser
import Experiments
import Foundation
import Scheduling
import Volumes
import System

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
      let root = URL(fileURLWithPath: folder, isDirectory: true)
      if FileManager.default.fileExists(atPath: root.path) { throw UsageError.outputExists(file: folder) }
      var phantom = Phantom()
      (phantom.cases, phantom.seed) = (cases, seed)
      if let problem = phantom.problems.first { throw ValidationError("--\(problem.path): \(problem.message)") }
      try phantom.write(to: root, workers: Machine.current().cores) {
        PreparationLines.show(.phantom(done: $0, of: $1))
      }
      Console.print("\(cases) cases in \(folder); check them with `safnet dataset check \(folder)`")
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
    var labels: LabelSource?
    @Flag(help: "As JSON, for scripts.") var json = false

    enum LabelSource: String, ExpressibleByArgument, CaseIterable { case mrspineseg, datasetFile = "dataset.json" }

    func run() throws {
      let dataset = try Dataset.open(URL(fileURLWithPath: folder), layout: layout)
      let map = try labelMap(of: dataset)
      let check = CaseCheck(labels: map, preprocessing: Preprocessing())
      let results = parallelMap(dataset.cases, workers: Machine.current().cores) { check.prepare($0) }
      let report = DatasetReport(dataset: dataset, labels: map, results: results)
      if json { try Console.printJSON(report) } else { Console.print(report.text) }
      if !report.problems.isEmpty { throw ExitCode(1) }
    }

    private func labelMap(of dataset: Dataset) throws -> LabelMap {
      switch labels {
      case .mrspineseg: return .mrSpineSeg
      case nil: return dataset.labels ?? .mrSpineSeg
      case .datasetFile:
        guard let labels = dataset.labels else { throw UsageError.noLabels(dataset: folder) }
        return labels
      }
    }
  }
}

extension DatasetLayout: ExpressibleByArgument {}

/// What `dataset check` found.
struct DatasetReport: Codable {
  struct Structure: Codable {
    var name: String
    var cases: Int
  }

  var layout: String
  var cases: Int
  var structures: [Structure]
  var problems: [String]

  init(dataset: Dataset, labels: LabelMap, results: [Result<PreparedCase, DatasetErrors>]) {
    let sound = results.compactMap { try? $0.get() }
    layout = dataset.layout.rawValue
    cases = dataset.cases.count
    structures = labels.names.enumerated().map { index, name in
      Structure(name: name, cases: sound.count { $0.present[index] })
    }
    let found = results.flatMap { result -> [DatasetProblem] in
      if case .failure(let errors) = result { errors.problems } else { [] }
    }
    let images = zip(dataset.cases, results).compactMap { one, result in
      (try? result.get()).map { (file: one.image, digest: $0.imageDigest) }
    }
    problems = (found + CaseCheck.duplicates(images)).map(\.description)
  }

  var text: String {
    let counts = structures.map { "  \($0.name): in \($0.cases) of \(cases) cases" }
    let verdict =
      problems.isEmpty
      ? ["no problems"]
      : ["\(problems.count) \(problems.count == 1 ? "problem" : "problems"):"] + problems.map { "  \($0)" }
    return (["\(cases) cases, layout \(layout)"] + counts + verdict).joined(separator: "\n")
  }
}
