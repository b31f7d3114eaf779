import Experiments
import Foundation
import Metrics
import Store
import Text

/// The imported methods of an experiment: those of its name, its dataset's content, its structures and its folds.
struct ImportedMethods {
  private(set) var variants: [ReportInput.Variant] = []
  /// A sentence for each that does not stand in the tables.
  private(set) var leftOut: [String] = []

  init(
    of specification: Specification, beside runs: [PlannedRun], _ structures: [String], _ workspace: Workspace
  ) throws {
    let stored = try ImportedRuns(workspace)
    leftOut = stored.unreadable
    let folds = runs.map(\.plan.fold).reduce(into: [Int: Set<String>]()) { $0[$1.number] = Set($1.test) }
    let digest = runs.first?.plan.dataset.digest
    for method in stored.methods(of: specification.name).sorted(by: { $0.record.name < $1.record.name }) {
      let record = method.record
      let own = Dictionary(
        uniqueKeysWithValues: record.folds.map { ($0.number, Set($0.maps.map(\.name) + $0.missing)) })
      if let reason = Self.strangeness(record, digest: digest, structures, isOfFolds: own == folds) {
        leftOut.append("the imported method \(record.name) is left out: \(reason).")
      } else if specification.rowNames.contains(record.name) {
        leftOut.append(
          "the imported method \(record.name) is left out: a variant's row has its name. Import it under another one.")
      } else if variants.contains(where: { $0.name == record.name }) {
        leftOut.append(
          "\(method.directory.name) is left out: another content is imported as \(record.name). Remove one of the two"
            + " (`safnet runs remove`).")
      } else {
        variants.append(try ReportInput.Variant(method, structures))
      }
    }
  }

  private static func strangeness(
    _ record: ImportRecord, digest: String?, _ structures: [String], isOfFolds: Bool
  ) -> String? {
    if digest == nil {
      return "no case is prepared as the experiment says now, which `safnet run` does"
    }
    if record.dataset != digest { return "it was scored on another content of the dataset; import it again" }
    if record.structures != structures { return "it was scored for other structures; import it again" }
    return isOfFolds ? nil : "it was scored on other folds; import it again"
  }
}

extension ReportInput {
  /// What the tables say of a method that another program made.
  package struct Imported: Equatable, Sendable {
    /// "nnU-Net 2.6"
    package var origin: String
    /// Why test cases are missing, and which, by fold; nil when none is.
    package var partial: String?
    package var missing: [Int: [String]]
    /// Test cases of each fold, with the missing ones.
    package var planned: [Int: Int]
    /// Structures of the truth that it never predicts.
    package var never: [String]
    /// Cases whose map has every voxel right.
    package var perfect: [String]

    package init(
      origin: String, partial: String? = nil, missing: [Int: [String]] = [:], planned: [Int: Int] = [:],
      never: [String] = [], perfect: [String] = []
    ) {
      (self.origin, self.partial, self.missing) = (origin, partial, missing)
      (self.planned, self.never, self.perfect) = (planned, never, perfect)
    }

    /// "24/30 cases" where some are missing.
    var coverage: String? {
      let (absent, all) = (missing.values.reduce(0) { $0 + $1.count }, planned.values.reduce(0, +))
      return absent > 0 ? "\(all - absent)/\(all) cases" : nil
    }

    func coverage(fold: Int) -> String? {
      guard let absent = missing[fold], let all = planned[fold], !absent.isEmpty else { return nil }
      return "\(all - absent.count)/\(all) cases"
    }
  }

  /// What must be known of the imported rows below a table.
  func importNotes(for table: ReportPlan.Table) -> [String] {
    // Who made which map says nothing of the partition.
    guard table != .partition else { return [] }
    return rows.compactMap { variant in
      guard let imported = variant.imported else { return nil }
      var text = "\(variant.name) is imported: its label maps were made by \(imported.origin), and scored here"
      if table == .cost { text += "; what they cost is not known" }
      if let coverage = imported.coverage, let reason = imported.partial {
        let cases = imported.missing.sorted { $0.key < $1.key }.flatMap(\.value)
        let shown = cases.count <= 6 ? cases : cases.prefix(5) + ["\(cases.count - 5) more"]
        text += "; \(coverage) (without \(shown.joined(separator: ", ")): \(reason))"
      }
      if !imported.never.isEmpty { text += "; it never predicts \(imported.never.joined(separator: ", "))" }
      if !imported.perfect.isEmpty {
        let count = imported.perfect.count
        text +=
          "; \(Quantity.of(count, "label map")) \(count == 1 ? "equals" : "equal") the truth in every voxel, as no network's do:"
        text += " it may be the truth itself that was imported"
      }
      return text + "."
    }
  }
}

extension ReportInput.Variant {
  fileprivate init(_ method: ImportedRuns.Method, _ structures: [String]) throws {
    let record = method.record
    let stored = try EvaluationFile.read(method.directory.evaluationFile)
    guard stored.planIdentity == record.identity else {
      throw ReportSourceError.otherRun(
        file: method.directory.evaluationFile.path, expected: record.identity, found: stored.planIdentity)
    }
    let scores = stored.scores
    let never = structures.indices.filter { structure in
      scores.contains { $0.truthVoxels[structure] > 0 } && scores.allSatisfy { $0.predictedVoxels[structure] == 0 }
    }
    self.init(
      name: record.name,
      runs: record.folds.map { ReportInput.Run($0, method, stored) })
    imported = ReportInput.Imported(
      origin: record.origin.words, partial: record.partial,
      missing: record.folds.reduce(into: [:]) { $0[$1.number] = $1.missing },
      planned: record.folds.reduce(into: [:]) { $0[$1.number] = $1.maps.count + $1.missing.count },
      never: never.map { structures[$0] },
      perfect: scores.filter { one in
        let counted = one.dice.compactMap(\.self)
        return !counted.isEmpty && counted.allSatisfy { $0 == 1 }
      }.map(\.name))
  }
}

extension ReportInput.Run {
  /// The part of an imported method that one fold tests.
  fileprivate init(_ fold: ImportRecord.Fold, _ method: ImportedRuns.Method, _ stored: StoredEvaluation) {
    self.init(
      fold: fold.number, identity: fold.identity, directory: method.directory.name,
      state: fold.maps.isEmpty ? "not imported" : "finished", plan: method.record.compactJSON)
    guard !fold.maps.isEmpty else { return }
    let names = Set(fold.maps.map(\.name))
    lastTime = method.record.date
    let places = stored.cases.indices.filter { names.contains(stored.cases[$0].name) }
    evaluations = places.map { stored.scores[$0] }
    guard let grid = stored.imageGrid else { return }
    (networkGrid, ceiling) = (places.map { stored.cases[$0] }, places.map { grid.ceiling[$0] })
  }
}

extension ImportRecord {
  /// On one line, for the page, which indents it.
  fileprivate var compactJSON: String {
    let encoder = JSONEncoder()
    (encoder.outputFormatting, encoder.dateEncodingStrategy) = ([.sortedKeys, .withoutEscapingSlashes], .iso8601)
    return String(decoding: (try? encoder.encode(self)) ?? Data("{}".utf8), as: UTF8.self)
  }
}

extension Cell {
  /// With what its mean covers, where that is not all.
  func covering(_ coverage: String) -> Cell {
    guard case .number(var number) = content else { return self }
    var cell = self
    number.coverage = coverage
    cell.content = .number(number)
    return cell
  }
}
