import Volumes

/// How many cases a fold trains, validates and tests with.
package struct FoldSizes: Hashable, Sendable {
  /// Cases that change the parameters, in every epoch.
  package let train: Int
  /// Cases that choose the checkpoint and lower the learning rate, predicted after every epoch.
  package let validation: Int
  /// Cases that are predicted once, at the end.
  package let test: Int

  /// Sizes of a fold that is not drawn yet.
  package init(train: Int, validation: Int, test: Int) {
    (self.train, self.validation, self.test) = (train, validation, test)
  }

  /// The sizes of a drawn fold.
  package init(_ fold: Fold) {
    self.init(train: fold.train.count, validation: fold.validation.count, test: fold.test.count)
  }
}

extension Specification {
  /// The folds that so many cases make when they are divided by seed.
  ///
  /// - Throws: `SpecificationErrors` where the cases do not suffice for folds, validation or batch.
  package func foldSizes(cases: Int) throws(SpecificationErrors) -> [FoldSizes] {
    let errors = conflicts(cases: cases)
    guard errors.isEmpty else { throw SpecificationErrors(errors) }
    return (0..<folds.count).map { part in
      let held = cases / folds.count + (part < cases % folds.count ? 1 : 0)
      return drawn(training: cases - held, heldOut: held)
    }
  }

  /// The same experiment with folds that are drawn, as they are of cases that are assumed: which values of a column those have,
  /// or where a file has them, nobody knows. They are folds.count, and validation cases are taken from where they would be.
  package var drawingFolds: Specification {
    var drawn = self
    // Folds by a column take them from the other values, whatever is said.
    if folds.by != nil { (drawn.folds.by, drawn.folds.validationFrom) = (nil, .training) }
    drawn.folds.source = .balanced
    return drawn
  }

  /// How many folds a column makes: one for each value of a case that is taken.
  func foldCount(by column: String, of dataset: Dataset) -> Int {
    let excluded = Set(self.dataset.exclude.map(\.name))
    return Set(dataset.values(of: column).filter { !excluded.contains($0.key) }.values).count
  }

  /// Of a division into cases that train and that are held out, once validation cases are drawn from either.
  private func drawn(training: Int, heldOut: Int) -> FoldSizes {
    let count = folds.validation
    return folds.validationFrom == .training
      ? FoldSizes(train: training - count, validation: count, test: heldOut)
      : FoldSizes(train: training, validation: count, test: heldOut - count)
  }

  /// The folds of an opened dataset, without reading an image.
  ///
  /// - Throws: `SpecificationErrors` where the dataset lacks splits that are asked for, or they do not suffice.
  package func foldSizes(of dataset: Dataset) throws(SpecificationErrors) -> [FoldSizes] {
    if let by = folds.by { return try foldSizes(by: by, of: dataset) }
    guard folds.source != .balanced, let splits = dataset.givenSplits else {
      guard folds.source != .file else {
        throw SpecificationErrors([error(noSplits(of: dataset), at: "folds.source")])
      }
      try refusePatients(of: dataset)
      return try foldSizes(cases: dataset.cases.count)
    }
    if let strange = dataset.strangeSplits {
      throw SpecificationErrors([error(.splitsOfAnother(strange), at: "folds")])
    }
    if let short = splits.firstIndex(where: \.train.isEmpty) {
      throw SpecificationErrors([
        error(.noTrainingCaseInSplits(file: dataset.splitsFile.path, fold: short + 1), at: "folds")
      ])
    }
    // The fold that has least to draw from decides what folds.validation can be.
    if folds.validationFrom == .training, let least = splits.map(\.train.count).min(), least <= folds.validation {
      throw SpecificationErrors([
        error(
          .noTrainingCase(validation: validationCases, training: least, batch: largestBatch), at: "folds.validation")
      ])
    }
    if folds.validationFrom == .heldOut,
      let short = splits.indices.min(by: { splits[$0].val.count < splits[$1].val.count }),
      splits[short].val.count <= folds.validation
    {
      let left = (splits.map(\.train.count).min() ?? 0) - folds.validation
      let conflict = Conflict.noTestCaseInSplits(
        file: dataset.splitsFile.path, fold: short + 1, validation: validationCases,
        heldOut: splits[short].val.count, trainingSpares: left >= largestBatch)
      throw SpecificationErrors([error(conflict, at: splits[short].val.isEmpty ? "folds" : "folds.validation")])
    }
    let sizes = splits.map { drawn(training: $0.train.count, heldOut: $0.val.count) }
    let errors = sizes.enumerated().flatMap { conflicts(trainingCases: $1.train, fold: $0 + 1) }
    guard errors.isEmpty else { throw SpecificationErrors(errors) }
    return sizes
  }

  /// Cases of one patient stay in one part, so there cannot be more parts than patients.
  private func refusePatients(of dataset: Dataset) throws(SpecificationErrors) {
    let patients = Set(dataset.cases.map { $0.patient.map { "patient \($0)" } ?? $0.name })
    guard patients.count < min(folds.count, dataset.cases.count) else { return }
    let named = Set(dataset.cases.compactMap(\.patient)).sorted(by: naturallyPrecedes)
    let conflict = Conflict.foldsOutnumberPatients(
      folds: folds.count, patients: patients.count == 1 ? named : patients.sorted(by: naturallyPrecedes),
      cases: dataset.cases.count)
    throw SpecificationErrors([error(conflict, at: "folds.count")])
  }

  /// One fold for each value of a column; validation cases come from the others, and may be fewer where patients have
  /// several.
  private func foldSizes(by column: String, of dataset: Dataset) throws(SpecificationErrors) -> [FoldSizes] {
    let excluded = dataset.excludedNames
    let values = dataset.values(of: column).filter { !excluded.contains($0.key) }
    let counts = Dictionary(grouping: values.values) { $0 }.mapValues(\.count)
    guard counts.count > 1 else { throw SpecificationErrors([error(.oneGroup(column: column), at: "folds.by")]) }
    let sizes = counts.sorted { naturallyPrecedes($0.key, $1.key) }.map { _, test in
      FoldSizes(train: values.count - test - folds.validation, validation: folds.validation, test: test)
    }
    if let short = sizes.min(by: { $0.train < $1.train }), short.train < 1 {
      let conflict = Conflict.noTrainingCase(
        validation: validationCases, training: short.train + folds.validation, batch: largestBatch)
      throw SpecificationErrors([error(conflict, at: "folds.validation")])
    }
    let hasPatients = !dataset.patients.isEmpty
    let errors = sizes.enumerated().flatMap { fold, size in
      guard hasPatients else { return conflicts(trainingCases: size.train, fold: fold + 1) }
      // Whole patients may be fewer cases than asked for, and leave more to train: at most all of these.
      let most = size.train + size.validation
      return most < largestBatch ? conflicts(trainingCases: most, fold: fold + 1) : []
    }
    guard errors.isEmpty else { throw SpecificationErrors(errors) }
    return sizes
  }
}
