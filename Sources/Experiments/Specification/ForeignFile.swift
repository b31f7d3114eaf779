import Foundation
import JSON
import System
import Text
import Volumes

/// A file that is surely no experiment, and what reads it.
package enum ForeignFile: Equatable, Sendable {
  /// Nothing, or nothing but blanks.
  case empty(file: String)
  case image
  case dicom
  case hdf5
  case database
  case table
  case archive
  /// A spreadsheet or a text document.
  case office(FileKind)
  case journal
  case plan(run: String)
  case report
  case predictions(folder: String)
  case claims
  case splits
  case nnUNetPlans
  /// MONAI's list of images and masks.
  case dataList(file: String, cases: Int)
  case schema
  /// What a cluster is told of a job.
  case site(file: String)
  case yaml
  case toml
  case script
  case python
  case webPage

  /// What it is: "it is a NIfTI image".
  package var what: String {
    switch self {
    case .empty: "it is empty"
    case .image: "it is a NIfTI image"
    case .dicom: "it is a DICOM file"
    case .hdf5: "it is an HDF5 file, as checkpoints and scores of a run are"
    case .database: "it is a workspace's index"
    case .table: "it is a table (CSV)"
    case .archive: "it is compressed"
    case .office(let kind): "it \(kind.words)"
    case .journal: "it is the journal of a run"
    case .plan: "it is the plan of a run"
    case .report: "it is the record of a report"
    case .predictions: "it is the record of predicted label maps"
    case .claims: "it is a workspace's own record of an experiment's runs"
    case .splits: "it is a list of folds, as nnU-Net's splits_final.json"
    case .nnUNetPlans: "it is nnU-Net's plans"
    case .dataList(_, let cases): "it is a list of \(Quantity.of(cases, "case")) as MONAI reads it"
    case .schema: "it is the schema of experiments"
    case .site: "it is a site file (--site)"
    case .yaml: "it is YAML"
    case .toml: "it is TOML"
    case .script: "it is a shell script"
    case .python: "it is a Python program"
    case .webPage: "it is a web page"
    }
  }

  /// What it is, and which command reads it.
  package var words: String { "\(what) and no experiment; \(reader)" }

  private var reader: String {
    switch self {
    case .empty(let file):
      "remove it, and `safnet new FOLDER -o \(ShellWord.quoted(file))` writes one for a folder of images"
    case .image:
      "`safnet predict RUN IMAGE` segments it, `safnet new FOLDER -o study.json` writes an experiment for a folder of such"
    case .dicom: DICOMFiles.remedy("FOLDER")
    case .hdf5, .journal: "`safnet runs show RUN`, with the name of the folder that it is in, shows the run"
    case .database: "`safnet runs list` reads it"
    case .table: "as a list of cases it is named by dataset.path of an experiment; `safnet dataset check` reads it"
    case .archive: "unpack it first"
    case .office(.excel), .office(.openDocument):
      "an experiment is plain text (JSON); a list of cases is saved as CSV (case,image,label), which dataset.path of one names"
    case .office(let kind): kind.documentRemedy
    case .plan(let run): "`safnet runs show \(run)` shows the run"
    case .report: "`safnet report EXPERIMENT --check` compares it with the runs"
    case .predictions(let folder): "`safnet evaluate \(folder) TRUTHS` scores the label maps beside it"
    case .claims: "give the experiment's own file; `safnet runs list` shows what the record says"
    case .splits: "put it into the dataset's folder, where folds.source of an experiment finds it"
    case .dataList(let file, _):
      "cases are listed in a CSV file of case,image,label here; write it with `\(DataList.remedy(file))`, and give study.csv"
    case .nnUNetPlans: "`safnet new` plans an experiment from the dataset itself"
    case .yaml, .toml:
      "experiments are JSON: {\"name\": \"study\", \"dataset\": {\"path\": \"images\"}, ...}; `safnet new FOLDER -o study.json`"
        + " writes one"
    case .script:
      "give the experiment's file; the jobs of a cluster are written by `safnet run EXPERIMENT --executor slurm --site SITE.json`"
        + " itself"
    case .python:
      "`safnet run` trains by itself what an experiment asks for, which `safnet new FOLDER -o study.json` writes for a folder of"
        + " images"
    case .webPage:
      "a browser shows it, as that of a report; `safnet dashboard EXPERIMENT` serves one of what is trained now"
    case .site(let file):
      "give the experiment's file, and this one beside it: `safnet run EXPERIMENT --executor slurm --site"
        + " \(ShellWord.quoted(file))`"
    case .schema: "an editor checks an experiment with it; `safnet validate EXPERIMENT` does the same"
    }
  }
}

extension ForeignFile {
  /// From its first bytes; nil for what may be an experiment, or cannot be read.
  package init?(of file: URL) {
    guard let (descriptor, bytes) = try? RegularFile.open(file) else { return nil }
    defer { close(descriptor) }
    var head = [UInt8](repeating: 0, count: min(bytes, Self.looked))
    let count = pread(descriptor, &head, head.count, 0)
    guard count == head.count, let found = Self.kind(of: head, named: file.lastPathComponent.lowercased()) else {
      return nil
    }
    self = found
    guard found == .archive, let kind = FileKind(of: file), Self.documents.contains(kind) else { return }
    self = .office(kind)
  }

  private static let documents: Set<FileKind> = [.excel, .openDocument, .openText, .word]

  private static let looked = 512

  private static func kind(of head: [UInt8], named name: String) -> ForeignFile? {
    func begins(_ bytes: [UInt8]) -> Bool { head.starts(with: bytes) }
    let isImage = NIfTIFiles.isSingle(name)
    if DICOMFiles.begin(head) { return .dicom }
    // The header's length, in either order of bytes, and its sign.
    let header = begins([0x5C, 1, 0, 0]) || begins([0, 0, 1, 0x5C])
    if header && head.count > 347 && head[344] == UInt8(ascii: "n") { return .image }
    if begins([0x1F, 0x8B]) { return isImage ? .image : .archive }
    if begins(Array("PK\u{3}\u{4}".utf8)) { return .archive }
    // A run's own files begin with a block of text before what is HDF5.
    if begins([0x89] + Array("HDF".utf8)) || begins(Array("safnet checkpoint".utf8))
      || begins(Array("safnet evaluation".utf8))
    {
      return .hdf5
    }
    if begins(Array("SQLite format 3".utf8)) { return .database }
    guard let text = String(bytes: head.prefix { $0 != UInt8(ascii: "\n") }, encoding: .utf8) else { return nil }
    let line = text.trimmingCharacters(in: .whitespacesAndNewlines)
    if line.hasPrefix("{"), line.contains("\"event\":") { return .journal }
    if ["<!doctype html", "<html"].contains(where: line.lowercased().hasPrefix) { return .webPage }
    if let kind = settings(head, named: name) { return kind }
    let isList = line.lowercased().hasPrefix("case") && line.lowercased().contains("image")
    return isList || [".csv", ".tsv"].contains { name.hasSuffix($0) } ? .table : nil
  }

  /// Programs and settings, by the first line that says something.
  private static func settings(_ head: [UInt8], named name: String) -> ForeignFile? {
    func isCalled(_ endings: String...) -> Bool { endings.contains(where: name.hasSuffix) }
    let text = String(decoding: head, as: UTF8.self)
    let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let shebang = lines.first.flatMap { $0.hasPrefix("#!") ? $0 : nil }
    if isCalled(".py", ".ipynb") || shebang?.contains("python") == true { return .python }
    if isCalled(".sh", ".bash", ".slurm", ".sbatch") || shebang != nil { return .script }
    guard let line = lines.first(where: { !$0.isEmpty && !$0.hasPrefix("#") }) else { return nil }
    if line.prefixMatch(of: /(import|from)\s+[A-Za-z_]/) != nil { return .python }
    if line.prefixMatch(of: /(---|[A-Za-z_]\w*:(\s.*)?)$/) != nil { return .yaml }
    let isTable =
      line.wholeMatch(of: /\[+[A-Za-z_][\w.\-]*\]+/) != nil && !["[true]", "[false]", "[null]"].contains(line)
    return isCalled(".toml", ".ini", ".cfg") || isTable ? .toml : nil
  }

  /// From the fields of what was read as JSON.
  init?(_ node: JSONNode, _ file: URL) {
    if case .array(let elements) = node.content {
      guard let first = elements.first, first["train"] != nil, first["val"] != nil else { return nil }
      self = .splits
      return
    }
    func has(_ keys: String...) -> Bool { keys.allSatisfy { node[$0] != nil } }
    // One that says what it trains on is an experiment, whatever it says besides.
    if has("dataset", "name") || has("extends") { return nil }
    let folder = file.deletingLastPathComponent()
    if has("identity", "plan", "environment") {
      self = .plan(run: folder.lastPathComponent)
    } else if has("format", "cases", "methods") {
      self = .predictions(folder: folder.relativePath)
    } else if has("tables", "runs", "provenance") {
      self = .report
    } else if has("plans_name", "configurations") {
      self = .nnUNetPlans
    } else if !(has("labels") && (has("channel_names") || has("modality"))), let cases = DataList.cases(of: node) {
      self = .dataList(file: file.relativePath, cases: cases)
    } else if has("$schema", "properties") {
      self = .schema
    } else if has("name", "variants"), node["variants"]?.isOfRuns == true {
      self = .claims
    } else if Self.keysOfSites.contains(where: { node[$0] != nil }),
      !["name", "dataset", "variants", "training"].contains(where: { node[$0] != nil })
    {
      self = .site(file: file.relativePath)
    } else {
      return nil
    }
  }
}

extension ForeignFile {
  /// Of a site's file, those that nothing else has.
  private static let keysOfSites = [
    "partition", "account", "qos", "reservation", "cpus", "memoryMargin", "atOnce", "maxSubmit", "maxArray",
  ]
}

extension JSONNode {
  /// Whether each element names runs, as those of a workspace's record do.
  fileprivate var isOfRuns: Bool {
    guard case .array(let elements) = content, let first = elements.first else { return false }
    return first["runs"] != nil
  }
}
