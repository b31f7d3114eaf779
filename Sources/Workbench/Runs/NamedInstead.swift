import Experiments
import Foundation
import Store
import Text

/// What a name that is no run's is instead, as far as the workspace knows: the name of a variant, of an experiment, or an
/// experiment's file.
struct NamedInstead {
  private let name: String
  private let workspace: Workspace
  /// Whether the command can take a variant in the place of runs.
  private let takesVariants: Bool
  /// Whether capitals count: where runs begin with the name, it may mean those.
  private let isLiteral: Bool

  init(_ name: String, in workspace: Workspace, takesVariants: Bool, isLiteral: Bool) {
    (self.name, self.workspace) = (name, workspace)
    (self.takesVariants, self.isLiteral) = (takesVariants, isLiteral)
  }

  /// Nil where nothing is known of it.
  var refusal: UsageError? {
    let records = workspace.recordsOfFiles()
    let owners = records.compactMap { record in variant(of: record).map { owner(record, $0) } }
    if !owners.isEmpty { return .variantForRun(name: name, owners: owners) }
    if let owner = takesVariants ? unrecorded(besides: records) : nil {
      return .variantForRun(name: name, owners: [owner])
    }
    if let record = records.first(where: { isName($0.name) }) {
      return .experimentForRun(
        name: name, variants: record.variants.map(\.name), option: takesVariants ? option(record, nil) : nil)
    }
    if let part { return part }
    guard name.hasSuffix(".json"), FileManager.default.fileExists(atPath: name) else { return nil }
    if let other { return .otherForRun(name: name, what: other) }
    return .fileForRun(
      name: name, option: takesVariants ? "--experiment \(ShellWord.quoted(name)) --variant NAME" : nil)
  }

  /// What a file is that is surely no experiment; nil of every other one.
  private var other: String? {
    do throws(SpecificationErrors) { _ = try Specification.load(URL(fileURLWithPath: name)) } catch {
      switch error.errors.first?.fault {
      case .noExperiment(let kind)?: return kind.what
      case .describesDataset?: return "it describes a dataset"
      default: break
      }
    }
    return nil
  }

  /// Where the name is that of a variant: its runs that were begun, whatever plan they are of, and the experiments that have it.
  var variant: (name: String, experiments: [String], runs: [String])? {
    let owners = workspace.recordsOfFiles().compactMap { record in variant(of: record).map { (record.name, $0) } }
    guard let first = owners.first else { return nil }
    return (first.1.name, owners.map(\.0).distinct, begun(owners.flatMap(\.1.runs)).distinct)
  }

  /// How the command takes a variant, of each experiment that has it.
  func options(of variant: String) -> [String] {
    workspace.recordsOfFiles().filter { self.variant(of: $0) != nil }.map { option($0, variant) }.distinct
  }

  /// The variant of this name, with its runs of earlier plans too: what is recorded is the last `safnet run`, which may have been
  /// a look with `--set`.
  private func variant(of record: ExperimentRecord) -> ExperimentRecord.Variant? {
    let own = (record.variants + (record.earlier ?? [])).filter { isName($0.name) }
    return own.first.map { ExperimentRecord.Variant(name: $0.name, runs: own.flatMap(\.runs)) }
  }

  private func owner(_ record: ExperimentRecord, _ variant: ExperimentRecord.Variant) -> VariantOwner {
    guard takesVariants else { return VariantOwner(experiment: record.name, runs: begun(variant.runs), option: nil) }
    let runs = begun(variant.runs)
    guard runs.contains(where: { (try? workspace.runDirectory(named: $0).state()) == .finished }) else {
      let unfinished = UnfinishedRuns(
        runs.map { ($0, workspace.runDirectory(named: $0)) },
        command: runs.first.map(workspace.runCommand(for:))
          ?? workspace.runCommand(workspace.experimentFile(of: record) ?? "FILE"))
      return VariantOwner(
        experiment: record.name, runs: trained(variant.runs), option: nil, unfinished: unfinished)
    }
    return VariantOwner(
      experiment: record.name, runs: trained(variant.runs), option: option(record, variant.name))
  }

  /// The experiment of the runs that has such a variant, where its record is gone: their own plans say by which file they were
  /// begun.
  private func unrecorded(besides records: [ExperimentRecord]) -> VariantOwner? {
    let files = workspace.filesBeginning((try? workspace.runNames()) ?? [])
    return files.lazy.compactMap { file -> VariantOwner? in
      guard let known = try? Specification.load(URL(fileURLWithPath: file)),
        !records.contains(where: { $0.name == known.name }),
        let variant = known.variants.first(where: { isName($0.name) })
      else { return nil }
      return VariantOwner(
        experiment: known.name, runs: [],
        option: "--experiment \(ShellWord.quoted(file)) --variant \(ShellWord.quoted(variant.name))")
    }.first
  }

  /// A checkpoint, a plan or another file in the folder of a run, wherever that lies.
  var part: UsageError? {
    let file = URL(fileURLWithPath: name)
    let run = RunDirectory(file.deletingLastPathComponent())
    guard FileManager.default.fileExists(atPath: file.path), run.exists else { return nil }
    let isHere = workspace.entry(named: run.url.path) != nil
    let choice = [run.bestCheckpoint: "best", run.lastCheckpoint: "last"].first {
      $0.key.lastPathComponent == file.lastPathComponent
    }
    return .partForRun(
      name: name, run: isHere ? run.name : run.url.relativePath,
      option: takesVariants ? choice.map { "--checkpoint \($0.value)" } : nil)
  }

  private func isName(_ own: String) -> Bool {
    isLiteral ? own == name : own.lowercased() == name.lowercased()
  }

  /// Those that are there: a record may name anything.
  private func begun(_ runs: [String]) -> [String] {
    let known = Set((try? workspace.runNames()) ?? [])
    return runs.filter(known.contains)
  }

  /// Those that have a network to name: a failed run may have none.
  private func trained(_ runs: [String]) -> [String] {
    begun(runs).filter { FileManager.default.fileExists(atPath: workspace.runDirectory(named: $0).bestCheckpoint.path) }
  }

  private func option(_ record: ExperimentRecord, _ variant: String?) -> String {
    "--experiment \(ShellWord.quoted(workspace.experimentFile(of: record) ?? "FILE")) --variant \(ShellWord.quoted(variant ?? "NAME"))"
  }
}

extension Workspace {
  /// The experiments' files by which runs were begun, as they were typed, as far as the runs' own plans tell.
  func filesBeginning(_ runs: [String]) -> [String] {
    // Runs of one experiment say all the same.
    let looked = 50
    return runs.prefix(looked).compactMap { run -> String? in
      let words = (try? runDirectory(named: run).readPlan())?.environment.commandLine ?? []
      return words.dropFirst().first { $0.hasSuffix(".json") && !$0.hasPrefix("-") }
    }.distinct
  }
}
