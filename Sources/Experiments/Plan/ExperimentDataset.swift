import Foundation
import JSON
import Text
import Volumes

extension Specification {
  /// The dataset with what the experiment adds to it: groups of its cases, and which of them are taken out.
  ///
  /// - Parameter root: nil: where the experiment says that it lies.
  /// - Throws: `DatasetErrors` for files that are not right, `SpecificationErrors` for cases and columns that there are not.
  package func openDataset(at root: URL? = nil) throws -> Dataset {
    var dataset = try telling(self.dataset.path, field: "dataset.path") { () throws(DatasetErrors) in
      try Dataset.open(
        root ?? datasetRoot, layout: self.dataset.layout, channels: self.dataset.channelChoice,
        readsSplits: folds.readsSplits, learnsOwnLabels: !self.dataset.namesLabels)
    }
    if let groups = self.dataset.groups { try take(groups, of: &dataset) }
    let errors = exclusionConflicts(dataset) + columnConflicts(dataset)
    guard errors.isEmpty else { throw SpecificationErrors(errors) }
    noteColumns(&dataset)
    noteFolds(&dataset)
    noteSplits(&dataset)
    noteStrata(&dataset)
    return dataset.excluding(self.dataset.exclude)
  }

  private func take(_ plan: GroupsPlan, of dataset: inout Dataset) throws(DatasetErrors) {
    let file = plan.file?.url(workingDirectory: workingDirectory)
    let groups: CaseGroups = if let file { .table(file) } else { .pattern(plan.pattern ?? "") }
    do throws(DatasetErrors) { try dataset.take(groups) } catch {
      throw DatasetErrors(error.problems, field: origin(ofTable: file))
    }
  }

  /// What stands before the errors of groups: of a pattern, whose words name the field, the place alone; nothing where there
  /// is a table, which is named with its lines.
  private func origin(ofTable file: URL?) -> String? {
    guard let file else { return "\(place(of: "dataset.groups.pattern"))" }
    var status = stat()
    let isFile = stat(file.path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    return isFile ? nil : field("dataset.groups.file")
  }

  private func exclusionConflicts(_ dataset: Dataset) -> [SpecificationError] {
    let (names, excluded) = (dataset.names, self.dataset.exclude)
    let known = Set(names)
    return excluded.indices.compactMap { index in
      let name = excluded[index].name
      let path: JSONPath = "dataset" / "exclude" / index
      if excluded[..<index].contains(where: { $0.name == name }) { return error(.excludedTwice(name), at: path) }
      guard !known.contains(name) else { return nil }
      let nearest = dataset.caseName(ofFile: name) ?? name.nearest(in: names)
      return error(.noCase(name, nearest: nearest, dataset: dataset.root.path), at: path)
    }
  }

  /// Columns that the folds name: there must be such, and a value for every case.
  private func columnConflicts(_ dataset: Dataset) -> [SpecificationError] {
    var asked: [(path: JSONPath, column: String)] = folds.stratify.enumerated().map { index, column in
      ("folds" / "stratify" / index, column)
    }
    if let by = folds.by { asked.insert(("folds" / "by", by), at: 0) }
    let unknown = report.subgroups.enumerated().filter { !dataset.columns.contains($0.element.lowercased()) }.map {
      index, column in
      let nearest = column.lowercased().nearest(in: dataset.columns)
      return error(noColumn(column, nearest: nearest, of: dataset), at: "report.subgroups" / index)
    }
    let excluded = Set(self.dataset.exclude.map(\.name))
    return unknown
      + asked.compactMap { path, column -> SpecificationError? in
        let name = column.lowercased()
        guard dataset.columns.contains(name) else {
          return error(noColumn(column, nearest: name.nearest(in: dataset.columns), of: dataset), at: path)
        }
        let without = dataset.cases.filter { $0.value(of: name) == nil && !excluded.contains($0.name) }.map(\.name)
        return without.isEmpty ? nil : error(.noValue(column: column, cases: without), at: path)
      }
  }

  /// A column that no table of the cases has, and perhaps one that is not read.
  private func noColumn(_ name: String, nearest: String?, of dataset: Dataset) -> Conflict {
    for case .participants(let file, let columns, let example) in dataset.notices {
      guard let own = columns.first(where: { $0.lowercased() == name.lowercased() }) else { continue }
      return .unreadColumn(own, file: file, example: example)
    }
    return .noColumn(name, nearest: nearest, known: dataset.columns)
  }

  /// A number of folds that was written, beside a column or a file that has others.
  private func noteFolds(_ dataset: inout Dataset) {
    guard isWritten("folds" / "count") else { return }
    if let by = folds.by {
      let found = foldCount(by: by, of: dataset)
      if found != folds.count {
        dataset.notices.append(.foldsOfColumn(column: by, asked: folds.count, found: found))
      }
      return
    }
    guard folds.source != .balanced, let splits = dataset.givenSplits, splits.count != folds.count else { return }
    dataset.notices.append(.unusedFolds(file: dataset.splitsFile.path, asked: folds.count, found: splits.count))
  }

  /// Columns that folds are to be alike in, and cannot.
  private func noteStrata(_ dataset: inout Dataset) {
    guard folds.by == nil, folds.source == .balanced || dataset.givenSplits == nil else { return }
    for column in folds.stratify {
      let values = dataset.values(of: column)
      let counts = Dictionary(values.values.map { ($0, 1) }, uniquingKeysWith: +)
      guard counts.count > 1, counts.values.allSatisfy({ $0 < folds.count }) else { continue }
      dataset.notices.append(
        .rareValues(column: column, values: counts.count, cases: values.count, folds: folds.count))
    }
  }

  /// Columns of tables that nothing asks for are named; those that are asked for are no longer unread.
  private func noteColumns(_ dataset: inout Dataset) {
    let used =
      Set((folds.by.map { [$0] } ?? []) + folds.stratify + report.subgroups).map { $0.lowercased() } + ["patient"]
    dataset.notices = dataset.notices.compactMap { notice in
      if case .unreadParts(let file, let names) = notice, test?.cases == .splits {
        let left = names.filter { $0 != "test" }
        return left.isEmpty ? nil : .unreadParts(file: file, names: left)
      }
      guard case .unusedColumns(let file, let names) = notice else { return notice }
      let left = names.filter { !used.contains($0) }
      return left.isEmpty ? nil : .unusedColumns(file: file, names: left)
    }
    guard let plan = self.dataset.groups else { return }
    dataset.notices.removeAll { if case .participants = $0 { true } else { false } }
    let told = dataset.notices.flatMap { notice -> [String] in
      if case .unusedColumns(_, let names) = notice { names } else { [] }
    }
    let unused = dataset.columns.filter { !used.contains($0) && !told.contains($0) }
    if !unused.isEmpty {
      let place = plan.file.map { $0.url(workingDirectory: workingDirectory).path } ?? "dataset.groups"
      dataset.notices.append(.unusedColumns(file: place, names: unused))
    }
  }
}

extension Specification {
  /// Folds in which no case trains or tests a structure that others have; nothing where cases are missing, of which folds are
  /// not drawn.
  ///
  /// - Parameters:
  ///   - facts: of the cases that are taken.
  ///   - present: for each case, taken out or not, for each structure: is it in the case?
  package func rareNotices(
    of dataset: Dataset, _ labels: LabelMap, _ facts: [CaseFacts], present: [String: [Bool]]
  ) -> [String] {
    // What nearly all cases have is in every part; to draw folds of many structures takes its time.
    let most = (try? foldSizes(of: dataset))?.map { min($0.train, $0.test) }.min() ?? 0
    let isRare = labels.names.indices.contains { structure in
      facts.count { !$0.present[structure] || $0.structures[structure].found == 0 } >= most
    }
    guard isRare, facts.count == dataset.cases.count - dataset.excluded.count,
      let folds = try? folds(of: dataset, present: present)
    else { return [] }
    return RareStructures.notices(labels.names, facts, folds: folds) { untaughtRemedy(of: dataset, isInValidation: $0) }
  }

  /// What to do about a structure that no training case of a fold has: what changes the fold, and so depends on what made it.
  ///
  /// - Parameter isInValidation: whether a case that chooses the fold's checkpoint has it.
  package func untaughtRemedy(of dataset: Dataset, isInValidation: Bool) -> String {
    let last = ", or leave the structure out of the labels"
    if isInValidation, folds.by != nil || folds.validationFrom == .training {
      return "set another folds.seed\(folds.validation > 1 ? " or lower folds.validation" : "")\(last)"
    }
    if let by = folds.by {
      return "all that have it are of one \(by), which is held out: name another column in folds.by\(last)"
    }
    if folds.readsSplits, dataset.givenSplits != nil {
      return "move a case that has it from val to train in \(SplitsFile.name)\(last)"
    }
    return "set another folds.seed or fewer folds.count\(last)"
  }
}

extension Dataset {
  /// The case that a file of this name, with or without its ending, is the image or the mask of.
  fileprivate func caseName(ofFile name: String) -> String? {
    let file = URL(fileURLWithPath: "/" + name).lastPathComponent
    let stem = NIfTIFiles.stem(file) ?? file
    return cases.first { one in
      (one.images + [one.label]).contains { NIfTIFiles.stem($0.lastPathComponent) == stem }
    }?.name
  }

  /// The same with some cases taken out; their files stay part of what identifies the dataset.
  package func excluding(_ cases: [ExcludedCase]) -> Dataset {
    var dataset = self
    dataset.excluded = cases
    return dataset
  }

  /// Case to value of a column, in small letters.
  func values(of column: String) -> [String: String] {
    let name = column.lowercased()
    return Dictionary(uniqueKeysWithValues: cases.compactMap { one in one.value(of: name).map { (one.name, $0) } })
  }

  /// For each case, whether it has each of the values of some columns.
  func traits(of columns: [String]) -> [String: [Bool]] {
    let all = columns.flatMap { column -> [[String: Bool]] in
      let values = values(of: column)
      return Set(values.values).sorted(by: naturallyPrecedes).map { one in values.mapValues { $0 == one } }
    }
    guard !all.isEmpty else { return [:] }
    return Dictionary(uniqueKeysWithValues: names.map { name in (name, all.map { $0[name] ?? false }) })
  }
}
