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
    let records = workspace.experimentRecords()
    let owners = records.compactMap { record in
      record.variants.first { isName($0.name) }.map { variant in
        VariantOwner(
          experiment: record.name, runs: takesVariants ? trained(variant.runs) : begun(variant.runs),
          option: takesVariants ? option(record, variant.name) : nil)
      }
    }
    if !owners.isEmpty { return .variantForRun(name: name, owners: owners) }
    if let record = records.first(where: { isName($0.name) }) {
      return .experimentForRun(
        name: name, variants: record.variants.map(\.name), option: takesVariants ? option(record, nil) : nil)
    }
    if let part { return part }
    guard name.hasSuffix(".json"), FileManager.default.fileExists(atPath: name) else { return nil }
    return .fileForRun(
      name: name, option: takesVariants ? "--experiment \(ShellWord.quoted(name)) --variant NAME" : nil)
  }

  /// A checkpoint, a plan or another file in the folder of a run, wherever that lies.
  private var part: UsageError? {
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
    "--experiment \(ShellWord.quoted(file(of: record) ?? "FILE")) --variant \(ShellWord.quoted(variant ?? "NAME"))"
  }

  /// The experiment's file, as the record has it, else as it was given when one of its runs was begun, where it still lies there.
  private func file(of record: ExperimentRecord) -> String? {
    if let file = record.file.flatMap(workspace.file) {
      return file.path(from: URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true))
    }
    for run in begun(record.variants.flatMap(\.runs)).prefix(Self.looked) {
      let words = (try? workspace.runDirectory(named: run).readPlan())?.environment.commandLine ?? []
      let file = words.dropFirst().first { $0.hasSuffix(".json") && !$0.hasPrefix("-") }
      if let file, FileManager.default.fileExists(atPath: file) { return file }
    }
    return nil
  }

  private static let looked = 5
}
